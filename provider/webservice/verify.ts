import type { ServiceDocument } from "../azure/webservices";
import { entriesOf } from "../core/additive";
import { changesBetween, type Change } from "../core/diff";
import { inWords, sameConfig } from "../core/inference-config/same";
import type { IsSecret } from "../core/failure";
import { secrecyOf } from "../core/secrecy";
import { settle } from "../core/settle";
import { isObject } from "../core/unknown";
import { settingsOf, valueAt } from "../core/values";
import { readSettings } from "../core/wire";
import { BrokenDeployment } from "./broken";
import type { Values } from "./world";

/** A service that says Healthy and is not what was asked has kept or refused something silently. */
export const verify = (document: ServiceDocument, news: Values): void => {
  const live = readSettings(document, news);
  const kept = changesBetween(live, settle(settingsOf(news), live))
    .filter((change) => isTold(change, document))
    .filter((change) => !isEnvironmentAlone(change));
  if (kept.length > 0) throw new BrokenDeployment(notAsAsked(kept, secrecyOf(news)));
};

/** A service may write an environment in words of its own. */
const isEnvironmentAlone = ({ row, live, wanted }: Change): boolean =>
  row.type === "inferenceConfig" &&
  isObject(live) &&
  isObject(wanted) &&
  sameConfig({ ...live, environment: wanted["environment"] }, wanted);

const notAsAsked = (kept: readonly Change[], isSecret: IsSecret): readonly string[] => [
  `NotAsAsked: the service is Healthy and took the request, but ${kept.map((change) => text(change, isSecret)).join("; ")}.`,
  "Run `pulumi up` again; when it stays so, the service does not accept the value: write the live one into the program.",
];

const text = ({ row, live, wanted }: Change, isSecret: IsSecret): string =>
  isSecret(row.input)
    ? `${row.input} is not the secret value`
    : `${row.input} is ${inWords(live)} and not ${inWords(wanted)}`;

/** Only what the service really tells can contradict: a member that it leaves out is no news. */
const isTold = (change: Change, document: ServiceDocument): boolean => {
  const { row } = change;
  if (row.mutability === "additive") return lacksEntry(change);
  if (row.mutability !== "inPlace") return false;
  const path = row.wire!.split(".");
  const parent = path.length === 1 ? document : valueAt(document, path.slice(0, -1).join("."));
  return isObject(parent) && path.at(-1)! in parent;
};

/** An entry with another value cannot be changed, and the diff has warned of it. */
const lacksEntry = ({ live, wanted }: Change): boolean => {
  const there = entriesOf(live).map(([key]) => key);
  return entriesOf(wanted).some(([key]) => !there.includes(key));
};
