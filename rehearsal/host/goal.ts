import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { OutOfScope } from "../out-of-scope";
import type { CustomTimeouts } from "../state/resource";
import { isProviderType, packageOf } from "../state/urn";
import type { Urn } from "../state/urn";
import { checkIgnored } from "../values/ignored";
import type { PropertyMap } from "../values/property";
import { fromStruct } from "../values/wire";

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
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean | undefined;
  readonly ignoreChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  /** Other URNs that the resource may have had. */
  readonly aliases: readonly Urn[];
  readonly customTimeouts: CustomTimeouts;
}

/** What a resource says that says nothing of itself. */
export const bareGoal = (type: string, name: string, properties: PropertyMap): Goal => ({
  type,
  name,
  custom: true,
  properties,
  parent: "",
  provider: "",
  dependencies: [],
  propertyDependencies: {},
  protect: false,
  retainOnDelete: false,
  deleteBeforeReplace: undefined,
  ignoreChanges: [],
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
  const named = request.getPropertydependenciesMap().entries() as Iterable<
    [string, { getUrnsList(): string[] }]
  >;
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    properties: fromStruct(request.getObject(), { unknowns: "keep", assetFolder: folder }),
    parent: request.getParent(),
    provider: "",
    dependencies: [...new Set(request.getDependenciesList())],
    propertyDependencies: Object.fromEntries([...named].map(([key, urns]) => [key, urns.getUrnsList()])),
    protect: (request.hasProtect() ? request.getProtect() : parent?.protect) ?? false,
    retainOnDelete:
      (request.hasRetainondelete() ? request.getRetainondelete() : parent?.retainOnDelete) ?? false,
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: request.getAliasurnsList(),
    customTimeouts: timeoutsOf(request),
  };
}

function refuse(request: RegisterResourceRequest): void {
  const refusals: ReadonlyArray<readonly [boolean, string]> = [
    [request.getImportid() !== "", "import resources"],
    [request.getRemote(), "make components of other packages"],
    [request.getProvider() !== "" || request.getProvidersMap().getLength() > 0, "take the option provider"],
    [isProviderType(request.getType()), "make providers that a program asks for"],
    [request.getDeletedwith() !== "", "take the option deletedWith"],
    [request.getReplaceWithList().length > 0, "take the option replaceWith"],
    [request.getReplaceonchangesList().length > 0, "take the option replaceOnChanges"],
    [request.hasReplacementTrigger(), "know replacement triggers"],
    [request.getTransformsList().length > 0, "run transforms"],
    [hasHooks(request), "run resource hooks"],
  ];
  const found = refusals.find(([applies]) => applies);
  if (found) throw new OutOfScope(found[1]);
  if (request.getCustom()) refusePackage(request.getType());
  checkIgnored(request.getIgnorechangesList());
}

function hasHooks(request: RegisterResourceRequest): boolean {
  const hooks = request.getHooks()?.toObject() ?? {};
  return Object.values(hooks).some((names) => Array.isArray(names) && names.length > 0);
}

/** The engine's own package, whose only resource that programs use much is the stack reference. */
function refusePackage(type: string): void {
  if (type === "pulumi:pulumi:StackReference") throw new OutOfScope("read other stacks (stack references)");
  if (packageOf(type) === "pulumi") throw new OutOfScope(`manage resources of type ${type}`);
}

function timeoutsOf(request: RegisterResourceRequest): CustomTimeouts {
  const texts = Object.entries(request.getCustomtimeouts()?.toObject() ?? {});
  return Object.fromEntries(
    texts.filter(([, text]) => text !== "").map(([key, text]) => [key, seconds(text)]),
  );
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3 };

/** A duration such as `1h30m`, in seconds. Throws for anything else. */
function seconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  if (parts.map((part) => part[0]).join("") !== duration || parts.length === 0) {
    throw new Error(`unable to parse customTimeout Value ${duration}; expected a duration such as "5m"`);
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_SECONDS[unit ?? ""] ?? 0), 0);
}

/** What the program wants to read: a resource that it does not manage. */
export interface ReadGoal extends Pick<
  Goal,
  "type" | "name" | "parent" | "provider" | "properties" | "dependencies" | "additionalSecretOutputs"
> {
  readonly id: string;
}

export function readGoalOf(request: ReadResourceRequest): ReadGoal {
  if (request.getProvider() !== "") throw new OutOfScope("take the option provider");
  refusePackage(request.getType());
  return {
    type: request.getType(),
    name: request.getName(),
    id: request.getId(),
    parent: request.getParent(),
    provider: "",
    properties: fromStruct(request.getProperties(), { unknowns: "keep" }),
    dependencies: request.getDependenciesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
}
