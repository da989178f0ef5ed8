import type { Field } from "../schema/field";
import { aksWebservice } from "../schema/tables";
import type { IsSecret } from "./check-failure";
import { sameValue } from "./equality";
import { entriesLost } from "./ignored-entries";
import { isOwnership } from "./ownership";
import { withImpliedSettings } from "./relations";
import { isObject, isSet, isUnknown, settingsOf, type Settings } from "./values";
import { sourceOf } from "./wire";

/** What the new service of a replacement lacks: live, not the service's default, and not in the program. */
export const lossesOf = (outputs: Settings, news: Settings, isSecret: IsSecret): Settings => {
  const live = settingsOf(outputs);
  const carried = withImpliedSettings(settingsOf(news));
  const overruled = overruledBy(carried, live);
  const source = sourceOf(settingsOf(news)) ?? sourceOf(outputs);
  const lost = aksWebservice.fields
    .filter((row) => row.wire !== undefined && row.type !== "inferenceConfig" && !isSecret(row.input))
    .filter((row) => !overruled.includes(row.input) && (!row.source || row.source === source))
    .map((row) => [row.input, lossOf(row, live[row.input], carried[row.input])] as const);
  return Object.fromEntries(lost.filter(([, value]) => isSet(value)));
};

const lossOf = (row: Field, live: unknown, carried: unknown): unknown => {
  if (row.type === "textMap") return mapLoss(live, carried);
  return isSet(carried) || sameValue(row, live, row.default) ? undefined : live;
};

/** Which entries a map will have that is not known yet cannot be told, so that each live one may be lost. */
const mapLoss = (live: unknown, carried: unknown): Settings | undefined => {
  const lost = entriesLost(live, isUnknown(carried) ? {} : carried).filter(([key]) => !isOwnership(key));
  return lost.length > 0 ? Object.fromEntries(lost) : undefined;
};

/**
 * What the program's settings decide for live ones that it leaves out: while a flag is on, what stands for its being off;
 * while it is off, its numbers; and one way in for the other. A new service scales by itself where nothing else is said.
 */
const overruledBy = (carried: Settings, live: Settings): readonly string[] =>
  aksWebservice.relations.flatMap((relation) => {
    if (relation.kind === "alternatives") {
      const { safe, other } = relation;
      if (carried[safe] === true) return [other];
      return carried[other] === false && live[other] === true ? [safe] : [];
    }
    if (relation.kind !== "switched") return [];
    const { flag, whenOff, numbers } = relation;
    const isFixed = isSet(carried[whenOff]);
    const isOn = carried[flag] ?? (isFixed ? false : live[flag]);
    if (isOn === false) return isFixed ? [flag, ...numbers] : numbers;
    return [flag, whenOff];
  });

const isName = (key: string): boolean => /^[A-Za-z_$][\w$]*$/.test(key);

/** A value as TypeScript says it. */
const literal = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${isName(key) ? key : JSON.stringify(key)}: ${literal(member)}`,
  );
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
};

/** Lines to paste among the arguments of the resource. */
export const asArguments = (losses: Settings, news: Settings): readonly string[] =>
  Object.entries(losses).map(([input, value]) =>
    isSet(news[input])
      ? `${input}: ${literal(value)}, // beside its own entries`
      : `${input}: ${literal(value)},`,
  );
