import { diffModel, type ModelDifference } from "../core/registered-model/diff";
import type { HostDiff } from "../webservice/diff";
import { say } from "../webservice/context";
import type { Values, ProviderContext } from "../webservice/context";
import { urnIn } from "./target";

/** Compares the registered version, as the outputs hold it, with the program. No request is made. */
export const diff =
  (world: ProviderContext) =>
  async (_id: string, outputs: Values, news: Values): Promise<HostDiff> => {
    const found = diffModel(outputs, news);
    if (found.kind === "replace") say(world, urnIn(news), [line(found, outputs)]);
    return hostDiff(found);
  };

const line = ({ inputs }: ModelDifference, outputs: Values) => ({
  severity: "info" as const,
  text:
    `Another version is registered because of ${inputs.join(", ")}; ` +
    `${String(outputs["modelId"])} is deleted once nothing in this stack uses it.`,
});

const hostDiff = ({ kind, inputs, visible }: ModelDifference): HostDiff => {
  if (kind === "none") return { changes: false };
  const changes = visible ? {} : { changes: true };
  return kind === "replace" ? { ...changes, replaces: [...inputs], deleteBeforeReplace: false } : changes;
};
