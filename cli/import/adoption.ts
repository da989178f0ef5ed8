import { check } from "../../provider/core/check";
import { entriesOf } from "../../provider/core/additive-maps";
import { changesBetween } from "../../provider/core/diff";
import { sameValue } from "../../provider/core/equality";
import { isOwnership } from "../../provider/core/ownership";
import { isOpen, withImpliedSettings } from "../../provider/core/relations";
import {
  isAksService,
  isBroken,
  isHealthy,
  isMigrated,
  isMigrating,
} from "../../provider/core/service-state";
import { hasUnknown, isObject, isSet, type Settings } from "../../provider/core/values";
import { sourceOf } from "../../provider/core/wire";
import { fieldOf, fields, inputOf } from "../../provider/schema/fields";
import { relations } from "../../provider/schema/relations";
import { SIGNATURE, type FoundService } from "../found-services";

/** What becomes of one service in the program. */
export interface Adoption {
  readonly service: FoundService;
  /** The arguments that adopt it, in the table's order, without `adopt` itself. */
  readonly args: Settings;
  /** What its owner should know; none where all is well. */
  readonly notes: readonly string[];
  /** Why the program leaves it out; undefined where it does not. */
  readonly leftOut?: string;
}

/** How `pulumi up` takes over a service. @param minimal leave out what the service would do by default anyway */
export const adoptionOf = (service: FoundService, workspaceId: string, minimal: boolean): Adoption => {
  const leftOut = unfit(service);
  if (leftOut !== undefined) return { service, args: {}, notes: [], leftOut };
  const [writable, unwritten] = writableSettings(stillNeeded(service));
  const [accepted, refused] = acceptedSettings(writable, workspaceId);
  const missing = NEEDED.find((input) => accepted[input] === undefined);
  if (missing !== undefined) {
    const why =
      refused.find(([input]) => input === missing)?.[1] ?? `the service does not show its ${missing}`;
    return { service, args: {}, notes: [], leftOut: why };
  }
  const args = minimal ? withoutDefaults(accepted) : accepted;
  return {
    service,
    args,
    notes: [
      ...ownerNotes(service),
      ...stateNotes(service),
      ...(isOpen({ ...service.settings, ...args })
        ? ["Anyone can call it: it needs no key and no token."]
        : []),
      ...[...unwritten, ...refused].map(([input, why]) => `${input} is left out, and stays as it is: ${why}`),
      ...differences(service.settings, args),
    ],
  };
};

/** Without these nothing can be adopted. */
const NEEDED: readonly string[] = [inputOf("serviceName"), inputOf("compute")];

const unfit = (service: FoundService): string | undefined => {
  const document = { computeType: service.computeType, state: service.state };
  if (!isAksService(document))
    return `it is of type ${service.computeType || "unknown"}, and only services of type AKS can be managed`;
  if (isMigrated(document) || isMigrating(document))
    return `its state is ${service.state}: it has left this API for a Kubernetes online endpoint`;
  if (isBroken(document))
    return `its state is ${service.state}: pulumi up takes over working services only. Repair it with its maker, then import again`;
  return undefined;
};

const stateNotes = ({ state }: FoundService): readonly string[] =>
  isHealthy({ state }) ? [] : [`Its state is ${state || "unknown"}: pulumi up waits until it is Healthy.`];

const PROPERTIES = fields.find((row) => row.mutability === "additive")!.input;

const isMarked = ({ settings }: FoundService): boolean =>
  entriesOf(settings[PROPERTIES]).some(([key]) => isOwnership(key));

const ownerNotes = (service: FoundService): readonly string[] => {
  if (service.managedBy === undefined && !isMarked(service)) return [];
  const owner = service.managedBy === undefined ? "Another program" : `The stack ${service.managedBy}`;
  return [
    `${owner} manages it. Take it out there first (pulumi state delete, or retainOnDelete and remove it), or both will change it.`,
  ];
};

/** Live settings that a program says: without those that another one overrules, and without what is empty. */
const stillNeeded = ({ settings }: FoundService): Settings => {
  const source = sourceOf(settings);
  const overruled = relations.flatMap((relation) => {
    if (relation.kind !== "switched") return [];
    return settings[relation.flag] === true ? [relation.whenOff] : relation.numbers;
  });
  return Object.fromEntries(
    fields
      .filter((row) => !row.writeOnly && row.mutability !== "providerOnly" && !overruled.includes(row.input))
      .filter((row) => row.source === undefined || row.source === source)
      .map((row) => [row.input, withoutMarks(row.input, settings[row.input])] as const)
      .filter(([input, value]) => isSet(value) && !sameValue(fieldOf(input)!, value, undefined)),
  );
};

/** Properties without the marks of programs. */
const withoutMarks = (input: string, value: unknown): unknown =>
  input === PROPERTIES && isObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([key]) => !isOwnership(key)))
    : value;

/** Why a setting is left out. */
type Left = readonly [input: string, why: string];

/** Keys that JavaScript and the engine keep for themselves. */
const isLostKey = (key: string): boolean => key === "__proto__" || key === SIGNATURE;

/** What a program can hand to the engine unchanged, and what it cannot. */
const writableSettings = (settings: Settings): readonly [Settings, readonly Left[]] => {
  const left = Object.entries(settings).flatMap(([input, value]): Left[] => {
    const why = unwritable(value);
    return why === undefined ? [] : [[input, why]];
  });
  return [without(settings, left), left];
};

const unwritable = (value: unknown): string | undefined => {
  if (isObject(value) && Object.hasOwn(value, SIGNATURE))
    return "it is a secret of the stack, or looks like one, and is not written down in clear.";
  if (hasUnknown(value)) return "a text in it means “not known yet” to Pulumi.";
  const texts = isObject(value) ? Object.entries(value).flat() : [value].flat();
  if (texts.some((text) => typeof text === "string" && /\p{Surrogate}/u.test(text)))
    return "it holds half a character, which cannot be sent.";
  const lost = isObject(value) ? Object.keys(value).find(isLostKey) : undefined;
  return lost === undefined ? undefined : `a program cannot pass on its key ${JSON.stringify(lost)}.`;
};

const without = (settings: Settings, left: readonly Left[]): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([input]) => !left.some(([other]) => other === input)));

/** The settings that the provider's own check takes; what it refuses stays as it is on the service. */
const acceptedSettings = (settings: Settings, workspaceId: string): readonly [Settings, readonly Left[]] => {
  let [accepted, left]: [Settings, readonly Left[]] = [settings, []];
  for (;;) {
    const given = { ...accepted, [inputOf("workspaceId")]: workspaceId, [inputOf("adopt")]: true };
    const { failures } = check({}, given, { config: {}, env: {} });
    const refused = failures
      .map(({ property, reason }): Left => [property.split(/[.[]/)[0]!, reason])
      .filter(([input]) => accepted[input] !== undefined);
    if (refused.length === 0) return [accepted, left];
    accepted = without(accepted, refused);
    left = [...left, ...refused];
  }
};

/** Whether callers need a key or a token is always said, whatever the default. */
const alwaysSaid = relations.flatMap((relation) =>
  relation.kind === "alternatives" ? [relation.safe, relation.other] : [],
);

const withoutDefaults = (settings: Settings): Settings =>
  Object.fromEntries(
    Object.entries(settings).filter(([input, value]) => {
      const row = fieldOf(input)!;
      return row.default === undefined || alwaysSaid.includes(input) || !sameValue(row, value, row.default);
    }),
  );

/** What `up` would send, by the provider's own comparison: nothing, or there is a fault to be seen. */
const differences = (live: Settings, args: Settings): readonly string[] =>
  changesBetween(live, withImpliedSettings(args, live)).map(
    ({ row }) => `pulumi up would change ${row.input}; look at it before you run it.`,
  );
