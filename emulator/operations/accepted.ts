import type { Operation } from "./operation";
import type { Reply } from "../server/reply";
import type { Workspace } from "../state/workspace";

/** The 202 of a request that began an operation. */
export const accepted = (workspace: Workspace, operation: Operation): Reply => ({
  status: 202,
  headers: {
    "Operation-Location": `${workspace.url}/modelmanagement/v1.0${workspace.id.id}/operations/${operation.id}`,
  },
});
