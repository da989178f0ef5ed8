import type { Provider } from "../../host/provider";
import type { ResourceState } from "../../state/resource";
import { isProviderType } from "../../state/urn";
import type { Deployment } from "../deployment";

/** Who manages a resource: the registry for providers themselves. */
export function providerFor(
  deployment: Deployment,
  resource: ResourceState,
): Omit<Provider, "configure" | "read"> & Partial<Pick<Provider, "read">> {
  if (isProviderType(resource.type)) return deployment.providers;
  const provider = deployment.providers.get(resource.provider);
  if (!provider) throw new Error(`unknown provider '${resource.provider}' for resource '${resource.urn}'`);
  return provider;
}
