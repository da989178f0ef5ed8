import { URN } from "../core/check";
import { diff as difference, type Verdict } from "../core/diff";
import { failure, type Refusal } from "../core/failure";
import { linesOf } from "../core/lines";
import { say, type ProviderContext, type Values } from "./context";
import { isUnfinished } from "./outputs";

/** The dynamic host's form of a verdict; an undefined `changes` leaves the comparison to the engine. */
export interface HostDiff {
  readonly changes?: boolean;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

/** Compares live values, as the outputs hold them, with the program. No request is made. */
export const diff =
  (provider: ProviderContext) =>
  async (_id: string, outputs: Values, desired: Values): Promise<HostDiff> => {
    const found = difference(outputs, desired);
    if (found.refusals.length > 0) throw refusedUpdate(found.refusals);
    say(provider, String(desired[URN] ?? ""), linesOf(found, outputs, desired));
    const answer = hostDiff(found.verdict);
    // The engine forgets a failure at the next refresh, and would leave the service as it is.
    return isUnfinished(outputs) && answer.changes === false ? { changes: true } : answer;
  };

const hostDiff = (verdict: Verdict): HostDiff => {
  if (verdict.kind === "none") return { changes: false };
  const changes = verdict.visible ? {} : { changes: true };
  if (verdict.kind !== "replace") return changes;
  return {
    ...changes,
    replaces: verdict.changes.map(({ row }) => row.input),
    deleteBeforeReplace: verdict.keepsName,
  };
};

/** What the program asks for that the live service would refuse, all together. */
export const refusedUpdate = (refusals: readonly Refusal[]): Error =>
  new Error(refusals.map((refusal) => failure(refusal).reason).join("\n"));
