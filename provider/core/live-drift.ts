import type { Field } from "../schema/field";
import { inputOf } from "../schema/fields";
import { entriesOf, entryOf } from "./additive-maps";
import { pathOf, type IsSecret } from "./check-failure";
import { changesBetween, type Change } from "./diff";
import { sameValue } from "./equality";
import { inWords } from "./inference-config/config";
import { withKnownEnvironment } from "./inference-config/wire";
import { warning, type Message } from "./messages";
import { ownerOf } from "./ownership";
import { patch } from "./patch";
import { previousInputs } from "./previous-inputs";
import { withImpliedSettings } from "./relations";
import { secrecyOf } from "./secrecy";
import { hasUnknown, isSet, settingsOf, type Settings } from "./values";
import { readSettings, type ServiceJson } from "./wire";

/**
 * What a live service has become since the outputs were recorded, in the settings that the program manages: what nobody
 * previews otherwise, since a diff compares outputs.
 *
 * @param sending the changes that an update is about to send, by the outputs
 */
export const driftMessages = (
  document: ServiceJson,
  outputs: Settings,
  desired: Settings,
  sending: readonly Change[],
): readonly Message[] => {
  const isSecret = secrecyOf(desired, outputs);
  return driftOf(document, outputs, desired).map((change) => {
    const planned = sending.find(({ row }) => row.input === change.row.input);
    return warning(driftText(change, outputs, planned, isSecret(change.row.input)));
  });
};

/** Of the settings whose live value is neither the desired one nor the one that was last known. */
const driftOf = (document: ServiceJson, outputs: Settings, desired: Settings): readonly Change[] => {
  const program = withRecordedEnvironment(desired, outputs);
  const live = readSettings(document, program);
  return changesBetween(live, withImpliedSettings(settingsOf(program), live), previousInputs(outputs))
    .filter((change) => isTold(change) && !hasUnknown(change.desired))
    .flatMap((change) => (change.entries ? driftedEntries(change, outputs) : drifted(change, outputs)));
};

/** A document tells neither keys nor what is only sent. */
const isTold = ({ row }: Change): boolean => row.wire !== undefined && !row.writeOnly && !row.secret;

const lastKnown = ({ row }: Change, outputs: Settings): unknown => outputs[row.input] ?? row.default;

const drifted = (change: Change, outputs: Settings): readonly Change[] =>
  sameValue(change.row, change.live, lastKnown(change, outputs)) ? [] : [change];

/** Only entries of the program that are live with another value than before. */
const driftedEntries = (change: Change, outputs: Settings): readonly Change[] => {
  const before = lastKnown(change, outputs);
  return change.entries!.immutable.some(({ key, live }) => entryOf(before, key) !== live) ? [change] : [];
};

const driftText = (
  { row, live, desired, entries }: Change,
  outputs: Settings,
  planned: Change | undefined,
  secret: boolean,
): string => {
  const words = (value: unknown): string => (secret ? "a secret" : inWords(value));
  if (entries) {
    const paths = entries.immutable.map(
      ({ key, live: there, desired: wanted }) =>
        `${pathOf(row.input, key)} is ${words(there)} on the live service, the program says ${words(wanted)}`,
    );
    return `${paths.join("; ")}: the service never changes it, so it stays.`;
  }
  const found = `${row.input} is ${words(live)} on the live service, the program says ${words(desired)}`;
  if (!planned) return `${found}; \`pulumi refresh\` shows it, \`pulumi up\` then ${healing(row)}.`;
  const lost = row.type === "textMap" ? lostEntries(live, outputs[row.input], desired) : [];
  const losing =
    lost.length > 0 ? `, and removes ${lost.map((key) => pathOf(row.input, key)).join(", ")}` : "";
  return `${found}, and ${words(outputs[row.input])} was last known: this update sets the program's${losing}.`;
};

const healing = ({ mutability }: Field): string =>
  mutability === "replace" ? "makes a new service in its place" : "heals it";

/** Entries that somebody else has added meanwhile, and that a map which is sent whole does not have. */
const lostEntries = (live: unknown, before: unknown, desired: unknown): readonly string[] =>
  entriesOf(live)
    .map(([key]) => key)
    .filter((key) => entryOf(before, key) === undefined && entryOf(desired, key) === undefined);

const withRecordedEnvironment = (desired: Settings, outputs: Settings): Settings => {
  const input = inputOf("inferenceConfig");
  if (!isSet(desired[input])) return desired;
  return { ...desired, [input]: withKnownEnvironment(desired[input], previousInputs(outputs)?.[input]) };
};

/**
 * The steps of the one PATCH that changes would be sent as, beside a live service.
 *
 * @returns without those of code, whose names are known once it is uploaded, and of what is not known yet
 */
export const plannedPatch = (changes: readonly Change[], document: ServiceJson) => {
  const known = changes.filter(({ row, desired }) => !hasUnknown(desired) && row.mutability !== "replace");
  const hasCode = known.some(({ row }) => row.type === "inferenceConfig");
  const plain = hasCode ? known.filter(({ row }) => row.source !== "environment") : known;
  return { operations: patch(plain, document), isWhole: plain.length === changes.length, hasCode };
};

/** What an adoption will send, step by step. */
export const adoptionText = (
  name: string,
  changes: readonly Change[],
  document: ServiceJson,
  isSecret: IsSecret,
): string => {
  const { operations, hasCode } = plannedPatch(changes, document);
  const hidden = plannedPatch(
    changes.filter(({ row }) => isSecret(row.input)),
    document,
  ).operations.map(({ path }) => path);
  const keys = changes.filter(({ row }) => row.mutability === "regenerate").map(({ row }) => row.input);
  const steps = [
    ...operations.map(
      ({ op, path, value }) => `${op} ${path} ${hidden.includes(path) ? "a secret" : inWords(value)}`,
    ),
    ...(hasCode ? ["the code, which is uploaded first"] : []),
  ];
  const lost = changes
    .filter(({ row }) => row.type === "textMap" && row.mutability === "inPlace")
    .flatMap(({ row, live, desired }) =>
      lostEntries(live, undefined, desired).map((key) => pathOf(row.input, key)),
    );
  // A service that another owns is claimed, whatever differs; one that nobody owns beside the first change.
  const claims = steps.length > 0 || ownerOf(document) !== undefined;
  return [
    steps.length > 0
      ? `Adopts the live service "${name}" and sends one PATCH: ${steps.join("; ")}.`
      : `Adopts the live service "${name}" as it is; no PATCH is sent.`,
    ...(lost.length > 0 ? [`This removes ${lost.join(", ")} from the live service.`] : []),
    ...(claims ? ["A property is added that makes the service this stack's."] : []),
    ...(keys.length > 0 ? [`Then ${keys.join(" and ")} must be the program's, or is set.`] : []),
  ].join(" ");
};
