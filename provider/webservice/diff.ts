import { URN } from "../core/check";
import { diff as difference, type Action } from "../core/diff";
import { checkFailure, type Refusal } from "../core/check-failure";
import { diffMessages, type Message } from "../core/messages";
import { previewedBy } from "../core/previewed";
import { say, type ProviderContext, type Values } from "./context";
import { isUnfinished, sendingIn } from "./outputs";

/** The dynamic host's form of an action; an undefined `changes` leaves the comparison to the engine. */
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
    say(provider, String(desired[URN] ?? ""), [
      ...unfinishedMessages(found.action, outputs),
      ...diffMessages(found, outputs, desired),
    ]);
    const answer = hostDiff(found.action);
    // The engine forgets a failure at the next refresh, and would leave the service as it is.
    return isUnfinished(outputs) && answer.changes === false ? { changes: true } : answer;
  };

/** What an update sends beside the differences that the engine lists. */
const unfinishedMessages = (action: Action, outputs: Values): readonly Message[] => {
  if (!isUnfinished(outputs) || action.kind === "replace" || action.kind === "migrate") return [];
  const sending = sendingIn(outputs);
  if (!sending)
    return [
      {
        severity: "info",
        text: "The last run did not finish: this one sends every setting of the program that is not live yet.",
      },
    ];
  const added = previewedBy(action).filter((input) => !sending.includes(input));
  const names = (inputs: readonly string[]): string => inputs.join(", ") || "nothing";
  return [
    {
      severity: "info",
      text:
        `The last run did not finish: what it was sending is sent where it is not live yet (${names(sending)}); ` +
        `new in this one: ${names(added)}.`,
    },
  ];
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
