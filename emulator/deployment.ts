import { modelIdsOf } from "./image-rules";
import type { Deployment, Service } from "./service";
import type { Workspace } from "./workspace";

/** What the service's settings put behind its scoring URI. */
export function deployService(_workspace: Workspace, service: Service): Deployment {
  const { imageId, environmentImageRequest } = service.settings;
  return { modelIds: modelIdsOf(environmentImageRequest), imageId, code: null };
}
