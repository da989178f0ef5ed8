import { inputOf } from "../schema/fields";
import { relations } from "../schema/relations";
import { entriesOf, entryOf } from "./additive";
import type { Change, Difference, Stuck } from "./diff";
import { pathOf, type IsSecret, type Refusal } from "./failure";
import { asConfig } from "./inference-config/config";
import { configInWords } from "./inference-config/same";
import type { Managed } from "./memory";
import { secrecyOf } from "./secrecy";
import { isOpen, settle } from "./settle";
import { hasUnknown, isObject } from "./unknown";
import { isSet, settingsOf, type Settings } from "./values";

/** One line on the resource's own row. */
export interface Line {
  readonly severity: "info" | "warning";
  readonly text: string;
}

const info = (text: string): Line => ({ severity: "info", text });
const warning = (text: string): Line => ({ severity: "warning", text });

/** What a person should know before an update, beyond the settings that the engine lists itself. */
export const linesOf = (difference: Difference, outputs: Settings, news: Settings): readonly Line[] => {
  const isSecret = secrecyOf(news, outputs);
  const live = settingsOf(outputs);
  return [
    ...verdictLines(difference, outputs, news, isSecret),
    ...impliedLines(difference, news),
    ...remaining(difference).map((stuck) => stuckLine(stuck, isSecret)),
    ...openLines({ ...live, ...settle(settingsOf(news), live) }, live),
  ];
};

/** The same for a service that is about to be made. */
export const linesOfCreate = (news: Settings): readonly Line[] => openLines(settle(settingsOf(news)), {});

const verdictLines = (
  { verdict }: Difference,
  outputs: Settings,
  news: Settings,
  isSecret: IsSecret,
): readonly Line[] => {
  if (verdict.kind === "none") return [];
  if (verdict.kind === "migrate") return [warning(migrationText(verdict.to))];
  if (verdict.kind !== "replace")
    return verdict.ended.map((one) => endedLine(one, outputs, isSecret, settle(settingsOf(news), outputs)));
  const reasons = verdict.changes.flatMap((change) => reasonsOf(change, isSecret));
  return [warning(replaceText(reasons, verdict.keepsName, generatedKeys(outputs, news)))];
};

const migrationText = (to: string): string =>
  `Moves the live service to the Kubernetes compute ${shown(to)}, which CANNOT BE UNDONE: it keeps its name and scoring URI, ` +
  "becomes a Kubernetes online endpoint, and can then no longer be changed here. Azure may have ended this service; then the " +
  "update fails and nothing is changed. See docs/migration.md.";

const endedLine = (
  { path, input, key }: Managed,
  outputs: Settings,
  isSecret: IsSecret,
  wanted: Settings,
): Line => {
  const decider = deciderOf(input, wanted);
  if (decider) return info(`${path} is no longer managed; ${decider} decides from now on.`);
  const live = key === undefined ? outputs[input] : entryOf(outputs[input], key);
  return info(`${path} is no longer managed; ${shown(live, isSecret(input))} stays.`);
};

/** The engine lists only what the program says; what that implies would change without a word. */
const impliedLines = ({ verdict }: Difference, news: Settings): readonly Line[] =>
  verdict.kind !== "update"
    ? []
    : verdict.changes
        .filter(({ row }) => !isSet(news[row.input]))
        .map(({ row, live, wanted }) =>
          info(`${row.input} ${shown(live)} → ${shown(wanted)} follows from the program's other settings.`),
        );

/** The setting that, once on, decides in the place of one that is not managed any more. */
const deciderOf = (input: string, wanted: Settings): string | undefined =>
  relations.flatMap((relation) =>
    relation.kind === "switched" && relation.whenOff === input && wanted[relation.flag] === true
      ? [relation.flag]
      : [],
  )[0];

/** Of an additive map only the entries that differ: the others, and those of other tools, are no reason. */
const reasonsOf = ({ row, live, wanted }: Change, isSecret: IsSecret): readonly string[] => {
  const secret = isSecret(row.input);
  const reason = (path: string, before: unknown, after: unknown): string =>
    `${path} ${shown(before, secret)} → ${shown(after, secret)}`;
  if (row.mutability !== "additive" || hasUnknown(wanted)) return [reason(row.input, live, wanted)];
  return entriesOf(wanted)
    .filter(([key, value]) => entryOf(live, key) !== value)
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

const stuckLine = ({ row, key, live, said }: Stuck, isSecret: IsSecret): Line => {
  const secret = isSecret(row.input);
  return warning(
    `${pathOf(row.input, key)} is ${shown(live, secret)} on the service, ${shown(said, secret)} in the program; ` +
      "the service cannot change it, so it stays.",
  );
};

/** What is stuck and stays so: not refused, and not made anew. */
const remaining = ({ verdict, stuck, refusals }: Difference): readonly Stuck[] =>
  verdict.kind === "replace" ? [] : stuck.filter((one) => !isRefused(one, refusals));

const isRefused = ({ row, key }: Stuck, refusals: readonly Refusal[]): boolean =>
  refusals.some(({ path }) => path === pathOf(row.input, key));

const openLines = (settings: Settings, before: Settings): readonly Line[] =>
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
