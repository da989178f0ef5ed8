import { inputOf } from "../schema/fields";
import { URN } from "../core/check";
import { diff as difference, type Action } from "../core/diff";
import { checkFailure, type Refusal } from "../core/check-failure";
import { diffMessages, info, warning, type Message } from "../core/messages";
import { adoptsAgain, claimInWords, isRetained, mayDelete, ownerOf, ownerTokenIn } from "../core/ownership";
import { previewedBy } from "../core/previewed";
import { previousInputs, programChanged } from "../core/previous-inputs";
import { isSet } from "../core/values";
import { say, type ProviderContext, type Values } from "./context";
import { previewUpdate } from "./live-preview";
import { isUnfinished, sendingIn } from "./outputs";
import { cannotReplace, oldServiceStays, ownedByAnother } from "./ownership";

/** The dynamic host's form of an action; an undefined `changes` leaves the comparison to the engine. */
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
    const kept = keptByReplacement(found.action, outputs, desired);
    if (kept !== undefined) return withoutReplacement(provider, kept, found.action, outputs, desired);
    refuseAnothers(found.action, outputs, desired);
    const claim = claimInWords(outputs, desired, found.action.kind === "update");
    say(provider, String(desired[URN] ?? ""), [
      ...unfinishedMessages(found.action, outputs),
      ...diffMessages(found, outputs, desired),
      ...(claim === undefined ? [] : [info(claim)]),
    ]);
    await previewUpdate(provider, id, outputs, desired, found);
    const changed = replacedBy(found.action);
    // What the outputs do not tell yet, the delete finds: the service may have another owner by then.
    if (changed.some((input) => programChanged(input, outputs, desired)) && keepsName(found.action))
      provider.replacing.set(id, changed);
    const answer = hostDiff(found.action);
    // The engine forgets a failure at the next refresh, and would leave the service as it is.
    return isUnfinished(outputs) && answer.changes === false ? { changes: true } : answer;
  };

/** What a refresh has found is known to the preview too. A refresh itself must go through. */
const refuseAnothers = (action: Action, outputs: Values, desired: Values): void => {
  if (action.kind !== "update" || adoptsAgain(outputs, desired)) return;
  const owner = ownerOf(outputs);
  if (!owner || owner.token === ownerTokenIn(outputs)) return;
  if (action.changes.some(({ row }) => programChanged(row.input, outputs, desired)))
    throw ownedByAnother(String(outputs["name"] ?? outputs[inputOf("serviceName")]), outputs, desired);
};

/** What an update sends beside the differences that the engine lists. */
const unfinishedMessages = (action: Action, outputs: Values): readonly Message[] => {
  if (!isUnfinished(outputs) || action.kind === "replace" || action.kind === "migrate") return [];
  const sending = sendingIn(outputs);
  if (!sending)
    return [
      info("The last run did not finish: this one sends every setting of the program that is not live yet."),
    ];
  const added = previewedBy(action).filter((input) => !sending.includes(input));
  const names = (inputs: readonly string[]): string => inputs.join(", ") || "nothing";
  return [
    info(
      `The last run did not finish: what it was sending is sent where it is not live yet (${names(sending)}); ` +
        `new in this one: ${names(added)}.`,
    ),
  ];
};

/**
 * Why the old service of a replacement that keeps its name would stay, so that the create would meet it; undefined where it
 * goes, or where the outputs do not tell whose it is.
 */
const keptByReplacement = (action: Action, outputs: Values, desired: Values): string | undefined => {
  if (!keepsName(action)) return undefined;
  if (isRetained(desired) || isRetained(previousInputs(outputs) ?? {}))
    return "the resource option `retainOnDelete` keeps the old service. Remove the option and run `pulumi up` first";
  if (!isSet(outputs["properties"]) || mayDelete(outputs, outputs)) return undefined;
  return oldServiceStays(outputs);
};

/** Only what the program itself changed is refused: a refresh that finds drift must go through. */
const withoutReplacement = (
  provider: ProviderContext,
  why: string,
  action: Action,
  outputs: Values,
  desired: Values,
): HostDiff => {
  const changed = replacedBy(action);
  const error = cannotReplace(String(outputs["name"] ?? outputs[inputOf("serviceName")]), changed, why);
  if (changed.some((input) => programChanged(input, outputs, desired))) throw error;
  say(provider, String(desired[URN] ?? ""), [warning(error.message)]);
  return { changes: false };
};

const replacedBy = (action: Action): readonly string[] =>
  action.kind === "replace" ? action.changes.map(({ row }) => row.input) : [];

const keepsName = (action: Action): boolean => action.kind === "replace" && action.keepsName;

/** An action as the host takes it. */
export const hostDiff = (action: Action): HostDiff => {
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
