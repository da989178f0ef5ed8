import type { PropertyMap } from "../values/property";
import { parseProviderReference } from "./urn";
import type { Urn } from "./urn";

export interface CustomTimeouts {
  readonly create?: number;
  readonly update?: number;
  readonly delete?: number;
  readonly read?: number;
}

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
  customTimeouts: CustomTimeouts;
  retainOnDelete: boolean;
  deletedWith: Urn;
  replaceWith: readonly Urn[];
  created: string | undefined;
  modified: string | undefined;
  ignoreChanges: readonly string[];
  replaceOnChanges: readonly string[];
  /** What the state file says besides, such as source positions: kept as it is. */
  extra: Readonly<Record<string, unknown>>;
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
  customTimeouts: {},
  retainOnDelete: false,
  deletedWith: "",
  replaceWith: [],
  created: undefined,
  modified: undefined,
  ignoreChanges: [],
  replaceOnChanges: [],
  extra: {},
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

/** Everything that must exist before the resource does, its parent aside. */
export function dependenciesOf(resource: ResourceState): readonly Urn[] {
  const named = [
    ...resource.dependencies,
    ...Object.values(resource.propertyDependencies).flat(),
    resource.deletedWith,
    ...resource.replaceWith,
  ];
  return named.filter((urn) => urn !== "");
}

/** The same with the parent. */
export const dependenciesAndParent = (resource: ResourceState): readonly Urn[] =>
  resource.parent === "" ? dependenciesOf(resource) : [resource.parent, ...dependenciesOf(resource)];

export const providerUrn = (resource: ResourceState): Urn =>
  resource.provider === "" ? "" : parseProviderReference(resource.provider).urn;
