import { modelIdsOf } from "./image-rules";
import type { Deployment, Service } from "./service";

/** What the service's settings put behind its scoring URI. */
export function deploymentOf({ settings, code }: Service): Deployment {
  const { imageId, environmentImageRequest } = settings;
  return { modelIds: modelIdsOf(environmentImageRequest), imageId, code };
}
