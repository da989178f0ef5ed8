import { URN } from "../core/check";
import { diff as difference, type Action } from "../core/diff";
import { checkFailure, type Refusal } from "../core/check-failure";
import { diffMessages } from "../core/messages";
import { say, type ProviderContext, type Values } from "./context";
import { previewUpdate } from "./live-preview";
import { isUnfinished } from "./outputs";

/** The dynamic host's form of a action; an undefined `changes` leaves the comparison to the engine. */
export interface HostDiff {
  readonly changes?: boolean;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

/** Compares live values, as the outputs hold them, with the program. No request is made, unless the user asks for live previews. */
export const diff =
  (provider: ProviderContext) =>
  async (id: string, outputs: Values, desired: Values): Promise<HostDiff> => {
    const found = difference(outputs, desired);
    if (found.refusals.length > 0) throw refusedUpdate(found.refusals);
    say(provider, String(desired[URN] ?? ""), diffMessages(found, outputs, desired));
    await previewUpdate(provider, id, outputs, desired, found);
    const answer = hostDiff(found.action);
    // The engine forgets a checkFailure at the next refresh, and would leave the service as it is.
    return isUnfinished(outputs) && answer.changes === false ? { changes: true } : answer;
  };

const hostDiff = (action: Action): HostDiff => {
  if (action.kind === "none") return { changes: false };
  const changes = action.visible ? {} : { changes: true };
  if (action.kind !== "replace") return changes;
  return {
    ...changes,
    replaces: action.changes.map(({ row }) => row.input),
    deleteBeforeReplace: action.keepsName,
  };
};

/** What the program asks for that the live service would refuse, all together. */
export const refusedUpdate = (refusals: readonly Refusal[]): Error =>
  new Error(refusals.map((refusal) => checkFailure(refusal).reason).join("\n"));
