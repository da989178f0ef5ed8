import type { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb";
import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { OutOfScope } from "../out-of-scope";
import type { CustomTimeouts } from "../state/resource";
import type { Urn } from "../state/urn";
import { put } from "../values/property";
import type { PropertyMap } from "../values/property";
import { fromStruct, receive } from "../values/wire";

/** Another name that a resource may have had: a URN, or what differs from the present one. */
export type Alias =
  | { readonly urn: Urn }
  | {
      readonly name: string;
      readonly type: string;
      readonly stack: string;
      readonly project: string;
      readonly parent: Urn;
      readonly noParent: boolean;
    };

/** What the program wants a resource to be. */
export interface Goal {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly properties: PropertyMap;
  readonly parent: Urn;
  readonly provider: string;
  readonly dependencies: readonly Urn[];
  readonly propertyDependencies: Readonly<Record<string, readonly Urn[]>>;
  readonly protect: boolean | undefined;
  readonly retainOnDelete: boolean | undefined;
  readonly deletedWith: Urn;
  readonly replaceWith: readonly Urn[];
  readonly deleteBeforeReplace: boolean | undefined;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly aliases: readonly Alias[];
  readonly customTimeouts: CustomTimeouts;
}

/** A goal that says nothing but what it is. */
export const bareGoal = (type: string, name: string, properties: PropertyMap): Goal => ({
  type,
  name,
  custom: true,
  properties,
  parent: "",
  provider: "",
  dependencies: [],
  propertyDependencies: {},
  protect: undefined,
  retainOnDelete: undefined,
  deletedWith: "",
  replaceWith: [],
  deleteBeforeReplace: undefined,
  ignoreChanges: [],
  replaceOnChanges: [],
  additionalSecretOutputs: [],
  aliases: [],
  customTimeouts: {},
});

/**
 * Reads a registration, whose provider is still to be found. Options that a resource does not set come from its parent.
 * Throws `OutOfScope` for what the rehearsal leaves to the Pulumi CLI.
 */
export function goalOf(request: RegisterResourceRequest, parent: Goal | undefined, folder: string): Goal {
  refuse(request);
  const { properties, found } = propertiesOf(request, folder);
  const dependencies = [...new Set(request.getDependenciesList())];
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    properties,
    parent: request.getParent(),
    provider: request.getProvider(),
    dependencies,
    propertyDependencies: propertyDependenciesOf(request, properties, dependencies, found),
    protect: request.hasProtect() ? request.getProtect() : parent?.protect,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : parent?.retainOnDelete,
    deletedWith: request.getDeletedwith() || (parent?.deletedWith ?? ""),
    replaceWith: request.getReplaceWithList(),
    deleteBeforeReplace: deleteBeforeReplaceOf(request),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: aliasesOf(request),
    customTimeouts: timeoutsOf(request),
  };
}

function refuse(request: RegisterResourceRequest): void {
  const refusals: ReadonlyArray<readonly [boolean, string]> = [
    [request.getImportid() !== "", "import resources"],
    [request.getRemote(), "make components of other packages"],
    [request.hasReplacementTrigger(), "know replacement triggers"],
    [request.getTransformsList().length > 0, "run transforms"],
    [hasHooks(request), "run resource hooks"],
  ];
  const found = refusals.find(([applies]) => applies);
  if (found) throw new OutOfScope(found[1]);
}

function hasHooks(request: RegisterResourceRequest): boolean {
  const hooks = request.getHooks()?.toObject() ?? {};
  return Object.values(hooks).some((names) => Array.isArray(names) && names.length > 0);
}

type FoundDependencies = ReadonlyMap<string, ReadonlySet<Urn>>;

/** The inputs, and which resources the output values in each of them name. */
function propertiesOf(
  request: RegisterResourceRequest,
  assetFolder: string,
): { properties: PropertyMap; found: FoundDependencies } {
  const found = new Map<string, Set<Urn>>();
  const properties: PropertyMap = {};
  for (const [key, value] of Object.entries(request.getObject()?.toJavaScript() ?? {}).sort(byKey)) {
    const urns = new Set<Urn>();
    const onDependencies = (named: readonly Urn[]): void => named.forEach((urn) => urns.add(urn));
    found.set(key, urns);
    put(properties, key, receive(value, key, { unknowns: "keep", assetFolder, onDependencies }));
  }
  return { properties, found };
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

function propertyDependenciesOf(
  request: RegisterResourceRequest,
  properties: PropertyMap,
  dependencies: readonly Urn[],
  found: FoundDependencies,
): Record<string, readonly Urn[]> {
  const named = request.getPropertydependenciesMap();
  const out: Record<string, readonly Urn[]> = {};
  for (const [key, message] of named.entries() as Iterable<[string, { getUrnsList(): string[] }]>) {
    out[key] = [...new Set(message.getUrnsList())];
  }
  for (const key of Object.keys(properties)) {
    const base = named.getLength() === 0 ? dependencies : (out[key] ?? []);
    out[key] = [...new Set([...base, ...(found.get(key) ?? [])])];
  }
  return out;
}

const deleteBeforeReplaceOf = (request: RegisterResourceRequest): boolean | undefined =>
  request.getDeletebeforereplacedefined() || request.getDeletebeforereplace()
    ? request.getDeletebeforereplace()
    : undefined;

function aliasesOf(request: RegisterResourceRequest): readonly Alias[] {
  const specs = request.getAliasesList().map((alias) => aliasOf(alias, request.getAliasspecs()));
  return [...request.getAliasurnsList().map((urn) => ({ urn })), ...specs];
}

/** Older Node.js SDKs said "no parent" by leaving the parent out, and the other way round. */
function aliasOf(message: AliasMessage, modern: boolean): Alias {
  const spec = message.getSpec();
  if (!spec) return { urn: message.getUrn() };
  const parent = spec.getParenturn();
  const noParent = modern ? spec.getNoparent() : !spec.getNoparent() && parent === "";
  const { name, type, stack, project } = spec.toObject();
  return { name, type, stack, project, parent, noParent };
}

function timeoutsOf(request: RegisterResourceRequest): CustomTimeouts {
  const given = request.getCustomtimeouts();
  if (!given) return {};
  const texts = {
    create: given.getCreate(),
    update: given.getUpdate(),
    delete: given.getDelete(),
    read: given.getRead(),
  };
  const entries = Object.entries(texts).filter(([, text]) => text !== "");
  return Object.fromEntries(entries.map(([key, text]) => [key, seconds(text)]));
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};

/** A duration such as `1h30m`, in seconds. Throws for anything else. */
function seconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/g)];
  if (parts.map((part) => part[0]).join("") !== duration || parts.length === 0) {
    throw new Error(`unable to parse customTimeout Value ${duration}; expected a duration such as "5m"`);
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_SECONDS[unit ?? ""] ?? 0), 0);
}

/** What the program wants to read: a resource that it does not manage. */
export interface ReadGoal {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly parent: Urn;
  readonly provider: string;
  readonly properties: PropertyMap;
  readonly dependencies: readonly Urn[];
  readonly additionalSecretOutputs: readonly string[];
}

export const readGoalOf = (request: ReadResourceRequest): ReadGoal => ({
  type: request.getType(),
  name: request.getName(),
  id: request.getId(),
  parent: request.getParent(),
  provider: request.getProvider(),
  properties: fromStruct(request.getProperties(), { unknowns: "keep" }),
  dependencies: request.getDependenciesList(),
  additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
});
