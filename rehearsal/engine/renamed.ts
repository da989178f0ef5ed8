import type { PendingOperation, ResourceState, Snapshot } from "../state/resource";
import { isStack, parseProviderReference, providerReference, qualifiedType, typeOf } from "../state/urn";
import type { Urn } from "../state/urn";

/** The snapshot with every reference to an old name replaced by the new one, after which aliases are not needed. */
export function withNewNames(snapshot: Snapshot): Snapshot {
  const names = newNames(snapshot.resources);
  const rename = (urn: Urn): Urn => names.get(urn) ?? urn;
  const pending = snapshot.pending.map((operation): PendingOperation => {
    return { ...operation, resource: renamed(operation.resource, rename) };
  });
  return { resources: snapshot.resources.map((resource) => renamed(resource, rename)), pending };
}

function newNames(resources: readonly ResourceState[]): ReadonlyMap<Urn, Urn> {
  const names = new Map<Urn, Urn>();
  for (const { urn, aliases, parent } of resources) {
    for (const alias of aliases) names.set(alias, urn);
    const newParent = names.get(parent);
    if (newParent !== undefined && !isStack(newParent)) names.set(urn, below(urn, newParent));
  }
  return names;
}

/** A child's URN has its parents' types in it. */
function below(urn: Urn, parent: Urn): Urn {
  const [prefix, project, , ...name] = urn.split("::");
  return [prefix, project, `${qualifiedType(parent)}$${typeOf(urn)}`, ...name].join("::");
}

function renamed(resource: ResourceState, rename: (urn: Urn) => Urn): ResourceState {
  const properties = Object.entries(resource.propertyDependencies).map(
    ([key, urns]) => [key, urns.map(rename)] as const,
  );
  return {
    ...resource,
    urn: rename(resource.urn),
    aliases: [],
    parent: rename(resource.parent),
    provider: resource.provider === "" ? "" : renamedProvider(resource.provider, rename),
    dependencies: resource.dependencies.map(rename),
    propertyDependencies: Object.fromEntries(properties),
    deletedWith: rename(resource.deletedWith),
    replaceWith: resource.replaceWith.map(rename),
  };
}

function renamedProvider(reference: string, rename: (urn: Urn) => Urn): string {
  const { urn, id } = parseProviderReference(reference);
  return providerReference(rename(urn), id);
}
