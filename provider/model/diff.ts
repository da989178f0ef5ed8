import { diff as compare } from "../core/diff";
import { registeredModel } from "../schema/tables";
import type { HostDiff } from "../webservice/diff";
import { say, type ProviderContext, type Values } from "../webservice/context";
import { urnIn } from "./resource-id";

/** Compares the registered version, as the outputs hold it, with the program. No request is made. */
export const diff =
  (provider: ProviderContext) =>
  async (_id: string, outputs: Values, news: Values): Promise<HostDiff> => {
    const { action } = compare(outputs, news, registeredModel);
    if (action.kind === "none") return { changes: false };
    const changes = action.visible ? {} : { changes: true };
    if (action.kind !== "replace") return changes;
    const replaces = action.changes.map(({ row }) => row.input);
    const text =
      `Another version is registered because of ${replaces.join(", ")}; ` +
      `${String(outputs["modelId"])} is deleted once nothing in this stack uses it.`;
    say(provider, urnIn(news), [{ severity: "info", text }]);
    return { ...changes, replaces, deleteBeforeReplace: false };
  };
