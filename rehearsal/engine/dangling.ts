import { dependenciesAndParent } from "../state/resource";
import type { ResourceState } from "../state/resource";
import type { Urn } from "../state/urn";

/**
 * The resources without references to what a refresh found gone. A child of what is gone goes to the next parent up.
 * Resources come before those that depend on them, so that one pass does.
 */
export function withoutDangling(resources: readonly ResourceState[]): readonly ResourceState[] {
  const there = new Set<Urn>();
  const parents = new Map<Urn, Urn>();
  return resources.map((resource) => {
    const whole = dependenciesAndParent(resource).every((urn) => there.has(urn));
    const parent = there.has(resource.parent) ? resource.parent : (parents.get(resource.parent) ?? "");
    const repaired = whole ? resource : repair(resource, parent, there);
    there.add(resource.urn);
    parents.set(resource.urn, parent);
    return repaired;
  });
}

function repair(resource: ResourceState, parent: Urn, there: ReadonlySet<Urn>): ResourceState {
  const kept = (urns: readonly Urn[]): readonly Urn[] => urns.filter((urn) => there.has(urn));
  const properties = Object.entries(resource.propertyDependencies)
    .map(([key, urns]) => ({ key, urns: kept(urns), lost: kept(urns).length < urns.length }))
    .filter(({ urns, lost }) => urns.length > 0 || !lost);
  return {
    ...resource,
    parent,
    dependencies: kept(resource.dependencies),
    propertyDependencies: Object.fromEntries(properties.map(({ key, urns }) => [key, urns])),
    deletedWith: there.has(resource.deletedWith) ? resource.deletedWith : "",
    replaceWith: kept(resource.replaceWith),
  };
}

/** A refresh forgets which properties depend on nothing, and the state shows it. */
export const withoutEmptyDependencies = (resource: ResourceState): ResourceState => ({
  ...resource,
  propertyDependencies: Object.fromEntries(
    Object.entries(resource.propertyDependencies).filter(([, urns]) => urns.length > 0),
  ),
});
