import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { OutOfScope } from "../out-of-scope";
import type { ResourceState } from "../state/resource";
import { isProviderType, packageOf, type Urn } from "../state/urn";
import { checkIgnored } from "../values/ignored";
import { fromStruct } from "../values/wire";

/** What the program wants a resource to be: managed or, with `external`, only read. */
export interface Goal extends Pick<ResourceState, "type" | "custom" | "parent" | "inputs"> {
  readonly name: string;
  /** What else it says for the state to keep. */
  readonly options: Partial<ResourceState>;
  readonly deleteBeforeReplace?: boolean;
  /** Other URNs that the resource may have had. */
  readonly aliases: readonly Urn[];
}

/**
 * Reads a registration, whose provider is still to be found. Options that a resource does not set come from its parent.
 * Throws `OutOfScope` for what the rehearsal leaves to the Pulumi CLI.
 */
export function goalOf(request: RegisterResourceRequest, parent: Goal | undefined, folder: string): Goal {
  refuse(request);
  const dependencies = request.getPropertydependenciesMap().entries() as Iterable<
    [string, { getUrnsList(): string[] }]
  >;
  const { protect, retainOnDelete } = parent?.options ?? {};
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    inputs: fromStruct(request.getObject(), { unknowns: "keep", assetFolder: folder }),
    options: {
      dependencies: request.getDependenciesList(),
      propertyDependencies: Object.fromEntries(
        [...dependencies].map(([key, urns]) => [key, urns.getUrnsList()]),
      ),
      protect: (request.hasProtect() ? request.getProtect() : protect) ?? false,
      retainOnDelete: (request.hasRetainondelete() ? request.getRetainondelete() : retainOnDelete) ?? false,
      ignoreChanges: request.getIgnorechangesList(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    },
    ...(request.getDeletebeforereplacedefined()
      ? { deleteBeforeReplace: request.getDeletebeforereplace() }
      : {}),
    aliases: request.getAliasurnsList(),
  };
}

function refuse(request: RegisterResourceRequest): void {
  const refusals: ReadonlyArray<readonly [boolean, string]> = [
    [request.getImportid() !== "", "import resources"],
    [request.getRemote(), "make components of other packages"],
    [request.getProvider() !== "" || request.getProvidersMap().getLength() > 0, "take the option provider"],
    [isProviderType(request.getType()), "make providers that a program asks for"],
    [hasTimeouts(request), "take the option customTimeouts"],
    [request.getDeletedwith() !== "", "take the option deletedWith"],
    [request.getReplaceWithList().length > 0, "take the option replaceWith"],
    [request.getReplaceonchangesList().length > 0, "take the option replaceOnChanges"],
    [request.hasReplacementTrigger(), "know replacement triggers"],
  ];
  const found = refusals.find(([applies]) => applies);
  if (found) throw new OutOfScope(found[1]);
  if (request.getCustom()) refusePackage(request.getType());
  checkIgnored(request.getIgnorechangesList());
}

/** The SDK always sends them, and those that it does not set are empty. */
const hasTimeouts = (request: RegisterResourceRequest): boolean =>
  Object.values(request.getCustomtimeouts()?.toObject() ?? {}).some((duration) => duration !== "");

/** The engine's own package, whose only resource that programs use much is the stack reference. */
function refusePackage(type: string): void {
  if (type === "pulumi:pulumi:StackReference") throw new OutOfScope("read other stacks (stack references)");
  if (packageOf(type) === "pulumi") throw new OutOfScope(`manage resources of type ${type}`);
}

/** Reads what the program says of a resource that it does not manage. */
export function readGoalOf(request: ReadResourceRequest): Goal {
  if (request.getProvider() !== "") throw new OutOfScope("take the option provider");
  refusePackage(request.getType());
  return {
    type: request.getType(),
    name: request.getName(),
    custom: true,
    parent: request.getParent(),
    inputs: fromStruct(request.getProperties(), { unknowns: "keep" }),
    options: {
      id: request.getId(),
      external: true,
      dependencies: request.getDependenciesList(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    },
    aliases: [],
  };
}
