import type { PropertyMap } from "../values/property";
import { parseProviderReference, type Urn } from "./urn";

/**
 * One resource as the state has it. Steps fill it in as they go, and the identity of the object matters: two objects may
 * have the same URN while a replacement is under way.
 */
export interface ResourceState {
  readonly urn: Urn;
  readonly type: string;
  readonly custom: boolean;
  id: string;
  inputs: PropertyMap;
  /** Undefined until something was created. */
  outputs: PropertyMap | undefined;
  parent: Urn;
  protect: boolean;
  /** Waits for its deletion, after its replacement was created. */
  delete: boolean;
  /** Only read, never made or deleted by this stack. */
  external: boolean;
  dependencies: readonly Urn[];
  propertyDependencies: Readonly<Record<string, readonly Urn[]>>;
  initErrors: readonly string[];
  provider: string;
  /** Was deleted, and waits for its replacement to be created. */
  pendingReplacement: boolean;
  additionalSecretOutputs: readonly string[];
  aliases: readonly Urn[];
  retainOnDelete: boolean;
  ignoreChanges: readonly string[];
}

export const newResource = (
  given: Pick<ResourceState, "urn" | "type" | "custom"> & Partial<ResourceState>,
): ResourceState => ({
  id: "",
  inputs: {},
  outputs: undefined,
  parent: "",
  protect: false,
  delete: false,
  external: false,
  dependencies: [],
  propertyDependencies: {},
  initErrors: [],
  provider: "",
  pendingReplacement: false,
  additionalSecretOutputs: [],
  aliases: [],
  retainOnDelete: false,
  ignoreChanges: [],
  ...given,
});

/** An operation that was begun and whose end was not seen. */
export interface PendingOperation {
  readonly resource: ResourceState;
  readonly type: "creating" | "updating" | "deleting" | "reading";
}

export interface Snapshot {
  readonly resources: readonly ResourceState[];
  readonly pending: readonly PendingOperation[];
}

/** Everything that must exist before the resource does: what it depends on, its parent and its provider. */
export function neededBy(resource: ResourceState): ReadonlySet<Urn> {
  const { dependencies, propertyDependencies, parent, provider } = resource;
  const named = [...dependencies, ...Object.values(propertyDependencies).flat(), parent];
  if (provider !== "") named.push(parseProviderReference(provider).urn);
  return new Set(named.filter((urn) => urn !== ""));
}

/** The resource with other names for what it refers to; what gets none is not referred to any more. */
export function withReferences(
  resource: ResourceState,
  rename: (urn: Urn) => Urn | undefined,
): Pick<ResourceState, "dependencies" | "propertyDependencies"> {
  const renamed = (urns: readonly Urn[]): readonly Urn[] => urns.flatMap((urn) => rename(urn) ?? []);
  const properties = Object.entries(resource.propertyDependencies);
  return {
    dependencies: renamed(resource.dependencies),
    propertyDependencies: Object.fromEntries(properties.map(([key, urns]) => [key, renamed(urns)])),
  };
}
