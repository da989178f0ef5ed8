import type { ServiceDocument } from "../azure/webservices";
import { changesBetween, type Change } from "../core/diff";
import { inWords, sameConfig } from "../core/inference-config/config";
import type { IsSecret } from "../core/check-failure";
import { secrecyOf } from "../core/secrecy";
import { withImpliedSettings } from "../core/relations";
import { isObject, settingsOf, valueAt } from "../core/values";
import { readSettings } from "../core/wire";
import { BrokenDeployment } from "./broken";
import type { Values } from "./world";

/** A service that says Healthy and is not what was asked has kept or refused something silently. */
export const verify = (document: ServiceDocument, news: Values): void => {
  const live = readSettings(document, news);
  const kept = changesBetween(live, withImpliedSettings(settingsOf(news), live))
    .filter((change) => isTold(change, document))
    .filter((change) => !isEnvironmentAlone(change));
  if (kept.length > 0) throw new BrokenDeployment(notAsAsked(kept, secrecyOf(news)));
};

/** A service may write an environment in words of its own. */
const isEnvironmentAlone = ({ row, live, desired }: Change): boolean =>
  row.type === "inferenceConfig" &&
  isObject(live) &&
  isObject(desired) &&
  sameConfig({ ...live, environment: desired["environment"] }, desired);

const notAsAsked = (kept: readonly Change[], isSecret: IsSecret): readonly string[] => [
  `NotAsAsked: the service is Healthy and took the request, but ${kept.map((change) => text(change, isSecret)).join("; ")}.`,
  "Run `pulumi up` again; when it stays so, the service does not accept the value: write the live one into the program.",
];

const text = ({ row, live, desired }: Change, isSecret: IsSecret): string =>
  isSecret(row.input)
    ? `${row.input} is not the secret value`
    : `${row.input} is ${inWords(live)} and not ${inWords(desired)}`;

/** Only what the service really tells can contradict: a member that it leaves out is no news. */
const isTold = (change: Change, document: ServiceDocument): boolean => {
  const { row } = change;
  // An entry with another value cannot be changed, and the diff has warned of it.
  if (change.entries) return change.entries.add.length > 0;
  if (row.mutability !== "inPlace") return false;
  const path = row.wire!.split(".");
  const parent = path.length === 1 ? document : valueAt(document, path.slice(0, -1).join("."));
  return isObject(parent) && path.at(-1)! in parent;
};
