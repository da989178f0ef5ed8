import { inputOf } from "../model/fields";
import type { Change, Difference, Stuck } from "./diff";
import { pathOf, type Refusal } from "./failure";
import { isOpen } from "./settle";
import { hasUnknown, isObject } from "./unknown";
import { settingsOf, valueAt, type Settings } from "./values";

/** One line on the resource's own row. */
export interface Line {
  readonly severity: "info" | "warning";
  readonly text: string;
}

const info = (text: string): Line => ({ severity: "info", text });
const warning = (text: string): Line => ({ severity: "warning", text });

/** What a person should know before an update, beyond the settings that the engine lists itself. */
export const linesOf = (difference: Difference, outputs: Settings, news: Settings): readonly Line[] => [
  ...verdictLines(difference, outputs),
  ...difference.stuck.filter((stuck) => !isRefused(stuck, difference.refusals)).map(stuckLine),
  ...openLines({ ...settingsOf(outputs), ...settingsOf(news) }, settingsOf(outputs)),
];

/** The same for a service that is about to be made. */
export const linesOfCreate = (news: Settings): readonly Line[] => openLines(settingsOf(news), {});

const verdictLines = ({ verdict }: Difference, outputs: Settings): readonly Line[] => {
  if (verdict.kind === "replace") return [warning(replaceText(verdict.changes, verdict.keepsName, outputs))];
  if (verdict.kind === "none") return [];
  return verdict.ended.map((path) =>
    info(`${path} is no longer managed; ${shown(valueOf(outputs, path))} stays.`),
  );
};

const replaceText = (changes: readonly Change[], keepsName: boolean, outputs: Settings): string => {
  const reasons = changes.map(
    ({ row, live, wanted }) => `${row.input} ${shown(live)} → ${shown(wanted, row.secret)}`,
  );
  const keys = outputs[inputOf("primaryKey")] === undefined ? "" : "; generated keys change";
  const downtime = keepsName
    ? "the old service is deleted first, so scoring is down until the new one is Healthy"
    : "the new service comes up before the old one is deleted, at another scoring URI";
  return `Replaced because of ${reasons.join(", ")}: ${downtime}${keys}.`;
};

const stuckLine = ({ row, key, live, said }: Stuck): Line =>
  warning(
    `${pathOf(row.input, key)} is ${shown(live)} on the service, ${shown(said)} in the program; ` +
      "the service cannot change it, so it stays.",
  );

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
  if (secret) return "a secret";
  if (value === undefined || value === null) return "unset";
  if (Array.isArray(value)) return value.map((entry) => shown(entry)).join(" ");
  if (isObject(value))
    return `{ ${Object.entries(value)
      .map(([k, v]) => `${k}: ${shown(v)}`)
      .join(", ")} }`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
};

const valueOf = (outputs: Settings, path: string): unknown => outputs[path] ?? valueAt(outputs, path);
