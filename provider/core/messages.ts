import { fieldOf, inputOf } from "../schema/fields";
import { relations } from "../schema/relations";
import { entriesOf, entryOf } from "./additive-maps";
import type { Change, DiffResult, ImmutableDrift } from "./diff";
import { pathOf, type IsSecret, type Refusal } from "./check-failure";
import { sameValue } from "./equality";
import { asConfig, configInWords } from "./inference-config/config";
import { previousInputs, type Managed } from "./previous-inputs";
import { secrecyOf } from "./secrecy";
import { entriesLost, whollyIgnored } from "./ignored-entries";
import { asArguments, lossesOf } from "./losses";
import { isOpen, withImpliedSettings } from "./relations";
import { hasUnknown, isObject, isSet, isUnknown, settingsOf, type Settings } from "./values";

/** One line on the resource's own row. */
export interface Message {
  readonly severity: "info" | "warning";
  readonly text: string;
}

export const info = (text: string): Message => ({ severity: "info", text });
export const warning = (text: string): Message => ({ severity: "warning", text });

/** What a person should know before an update, beyond the settings that the engine lists itself. */
export const diffMessages = (result: DiffResult, outputs: Settings, news: Settings): readonly Message[] => {
  const isSecret = secrecyOf(news, outputs);
  const live = settingsOf(outputs);
  return [
    ...actionMessages(result, outputs, news, isSecret),
    ...impliedMessages(result, news),
    ...mapMessages(result, outputs, news, isSecret),
    ...missingEntryMessages(result, outputs, isSecret),
    ...remaining(result).map((immutableDrift) => driftMessage(immutableDrift, isSecret)),
    ...openMessages({ ...live, ...withImpliedSettings(settingsOf(news), live) }, live),
  ];
};

/** The same for a service that is about to be made. */
export const createMessages = (news: Settings): readonly Message[] =>
  openMessages(withImpliedSettings(settingsOf(news)), {});

const actionMessages = (
  { action }: DiffResult,
  outputs: Settings,
  news: Settings,
  isSecret: IsSecret,
): readonly Message[] => {
  if (action.kind === "none") return [];
  if (action.kind === "migrate") return [warning(migrationText(action.to))];
  if (action.kind !== "replace")
    return action.ended.map((one) =>
      endedMessage(one, outputs, isSecret, withImpliedSettings(settingsOf(news), outputs)),
    );
  const reasons = action.changes.flatMap((change) => reasonsOf(change, isSecret));
  const text = replaceText(reasons, action.keepsName, generatedKeys(outputs, news));
  return [warning([text, ...lossLines(outputs, news, isSecret)].join("\n"))];
};

const lossLines = (outputs: Settings, news: Settings, isSecret: IsSecret): readonly string[] => {
  const secrets = Object.keys(lossesOf(outputs, news, () => false)).filter(
    (input) => isSecret(input) && fieldOf(input)?.mutability !== "regenerate",
  );
  const lost = [
    ...asArguments(lossesOf(outputs, news, isSecret), news),
    ...secrets.map((input) => `// ${input}: secret, and not shown`),
  ];
  if (lost.length === 0) return [];
  return [
    "The new service will lack what is live and not in the program; write into it what shall stay:",
    ...lost.map((line) => `  ${line}`),
  ];
};

const migrationText = (to: string): string =>
  `Moves the live service to the Kubernetes compute ${shown(to)}, which CANNOT BE UNDONE: it keeps its name and scoring URI, ` +
  "becomes a Kubernetes online endpoint, and can then no longer be changed here. Azure may have ended this service; then the " +
  "update fails and nothing is changed. See docs/migration.md.";

const endedMessage = (
  { path, input, key }: Managed,
  outputs: Settings,
  isSecret: IsSecret,
  desired: Settings,
): Message => {
  const decider = deciderOf(input, desired);
  if (decider) return info(`${path} is no longer managed; ${decider} decides from now on.`);
  const live = key === undefined ? outputs[input] : entryOf(outputs[input], key);
  return info(`${path} is no longer managed; ${shown(live, isSecret(input))} stays.`);
};

/** The engine lists only what the program says; what that implies would change without a word. */
const impliedMessages = ({ action }: DiffResult, news: Settings): readonly Message[] =>
  action.kind !== "update"
    ? []
    : action.changes
        .filter(({ row }) => !isSet(news[row.input]))
        .map(({ row, live, desired }) =>
          info(`${row.input} ${shown(live)} → ${shown(desired)} follows from the program's other settings.`),
        );

/** A map that is sent whole takes the place of the live one, which may hold entries that others wrote. */
const mapMessages = (
  { action }: DiffResult,
  outputs: Settings,
  news: Settings,
  isSecret: IsSecret,
): readonly Message[] => {
  if (action.kind !== "update" && action.kind !== "record") return [];
  const changes = action.kind === "update" ? action.changes : [];
  return [
    ...whollyIgnored({ news, previous: previousInputs(outputs) }).map((input) =>
      info(`${input} stays as it is: ignoreChanges names every entry of it that the program gives.`),
    ),
    ...changes.flatMap((change) => replacedEntries(change, isSecret)),
  ];
};

/** The engine compares with what the program said before, and does not list an entry that only the live map lacks. */
const missingEntryMessages = (
  { action }: DiffResult,
  outputs: Settings,
  isSecret: IsSecret,
): readonly Message[] =>
  action.kind !== "update"
    ? []
    : action.changes.flatMap(({ row, entries }) =>
        (entries?.add ?? [])
          .filter(([key, value]) => entryOf(previousInputs(outputs)?.[row.input], key) === value)
          .map(([key, value]) =>
            info(
              `${pathOf(row.input, key)} is missing on the live service; ${shown(value, isSecret(row.input))} is added.`,
            ),
          ),
      );

/** Which live entries go because their whole map is replaced. */
export const replacedEntries = (
  { row, live, desired, entries }: Change,
  isSecret: IsSecret,
): readonly Message[] => {
  if (row.type !== "textMap" || entries) return [];
  const lost = entriesLost(live, isObject(desired) ? desired : {});
  const names = lost.map(([key, value]) => `${key}: ${shown(value, isSecret(row.input))}`).join(", ");
  if (lost.length === 0) return [];
  return isUnknown(desired)
    ? [warning(`${row.input} is not known yet and replaces the whole map; live entries may go: ${names}.`)]
    : [info(`${row.input} replaces the whole map; live entries that go: ${names}.`)];
};

/**
 * What somebody else changed since the last run and this update changes too.
 *
 * @param known the last known value
 */
export const overwrittenMessages = (
  { row, live, desired, entries }: Change,
  known: unknown,
  isSecret: IsSecret,
): readonly Message[] => {
  if (entries || row.type === "inferenceConfig") return [];
  const text = (path: string, was: unknown, becomes: unknown): Message =>
    warning(
      `${path} was changed to ${shown(was, isSecret(row.input))} on the live service since the last run; ` +
        `${shown(becomes, isSecret(row.input))} takes its place.`,
    );
  if (row.type !== "textMap")
    return sameValue(row, live, known ?? row.default) ? [] : [text(row.input, live, desired)];
  return entriesOf(desired).flatMap(([key, value]) => {
    const was = entryOf(live, key);
    return was === undefined || was === value || was === entryOf(known, key)
      ? []
      : [text(pathOf(row.input, key), was, value)];
  });
};

/** What somebody else changed since the last run, and what to do about it. */
export const leftAloneMessage = ({ row, live, desired }: Change, isSecret: IsSecret): Message => {
  const secret = isSecret(row.input);
  return warning(
    `${row.input} is ${shown(live, secret)} on the live service, the program says ${shown(desired, secret)}; ` +
      "`pulumi refresh` shows it, `pulumi up` then heals it.",
  );
};

/** The setting that, once on, decides in the place of one that is not managed any more. */
const deciderOf = (input: string, desired: Settings): string | undefined =>
  relations.flatMap((relation) =>
    relation.kind === "switched" && relation.whenOff === input && desired[relation.flag] === true
      ? [relation.flag]
      : [],
  )[0];

/** Of an additive map only the entries that differ: the others, and those of other tools, are no reason. */
const reasonsOf = ({ row, live, desired, entries }: Change, isSecret: IsSecret): readonly string[] => {
  const secret = isSecret(row.input);
  const reason = (path: string, before: unknown, after: unknown): string =>
    `${path} ${shown(before, secret)} → ${shown(after, secret)}`;
  if (!entries || hasUnknown(desired)) return [reason(row.input, live, desired)];
  return entriesOf(desired)
    .filter(([key]) => !entries.unchanged.includes(key))
    .map(([key, value]) => reason(pathOf(row.input, key), entryOf(live, key), value));
};

/** Keys that the program does not give are made anew with the service. */
const generatedKeys = (outputs: Settings, news: Settings): boolean =>
  (["primaryKey", "secondaryKey"] as const)
    .map(inputOf)
    .some((input) => isSet(outputs[input]) && !isSet(news[input]));

const replaceText = (reasons: readonly string[], keepsName: boolean, newKeys: boolean): string => {
  const keys = newKeys ? "; generated keys change" : "";
  const downtime = keepsName
    ? "the old service is deleted first, so scoring is down until the new one is Healthy"
    : "the new service comes up before the old one is deleted, at another scoring URI";
  return `Replaced because of ${reasons.join(", ")}: ${downtime}${keys}.`;
};

const driftMessage = ({ row, key, live, desired }: ImmutableDrift, isSecret: IsSecret): Message => {
  const secret = isSecret(row.input);
  return warning(
    `${pathOf(row.input, key)} is ${shown(live, secret)} on the service, ${shown(desired, secret)} in the program; ` +
      "the service cannot change it, so it stays.",
  );
};

/** Immutable drift that stays: not refused, and not made anew. */
const remaining = ({ action, immutableDrift, refusals }: DiffResult): readonly ImmutableDrift[] =>
  action.kind === "replace" ? [] : immutableDrift.filter((one) => !isRefused(one, refusals));

const isRefused = ({ row, key }: ImmutableDrift, refusals: readonly Refusal[]): boolean =>
  refusals.some(({ path }) => path === pathOf(row.input, key));

const openMessages = (settings: Settings, before: Settings): readonly Message[] =>
  isOpen(settings) && !isOpen(before)
    ? [
        warning(
          "Anyone who can reach the scoring URI may call it: both key and token authentication are off.",
        ),
      ]
    : [];

const shown = (value: unknown, secret = false): string => {
  if (hasUnknown(value)) return "a value not known yet";
  if (value === undefined || value === null) return "unset";
  if (secret) return "a secret";
  if (asConfig(value)) return configInWords(value);
  if (Array.isArray(value)) return value.map((entry) => shown(entry)).join(" ");
  if (isObject(value))
    return `{ ${Object.entries(value)
      .map(([k, v]) => `${k}: ${shown(v)}`)
      .join(", ")} }`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
};
