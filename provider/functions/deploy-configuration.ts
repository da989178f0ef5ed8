import { inputOf } from "../schema/fields";
import { check } from "../core/check";
import { UNKNOWN, type Settings } from "../core/values";
import { CallError } from "./call-error";

/** What a deploy configuration leaves to the resource: as good as not known yet. */
const open: Settings = {
  [inputOf("compute")]: UNKNOWN,
  [inputOf("serviceName")]: UNKNOWN,
  [inputOf("workspaceId")]: UNKNOWN,
  [inputOf("models")]: UNKNOWN,
};

/** Refuses settings that no new service could have, by the rules that the resource is checked with, all at once. */
export const checkConfiguration = (settings: Settings): void => {
  const { failures } = check({}, { ...open, ...settings }, { config: {}, env: {} });
  if (failures.length > 0)
    throw new CallError("BadConfiguration", failures.map(({ reason }) => reason).join("\n"));
};
