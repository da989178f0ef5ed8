import type { Clock } from "./clock";
import type { DataFolder } from "./data-folder";
import type { Catalogue } from "./catalogue";
import type { OperationGate } from "../server/gates";
import type { State } from "./store";

/** The parts of a workspace's ARM id. */
export interface WorkspaceId {
  readonly id: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly name: string;
}

/** What every handler works on. */
export interface Workspace {
  readonly id: WorkspaceId;
  /** The GUID that the workspace's ARM document shows. */
  readonly guid: string;
  /** The server's own base URL, without a trailing slash. */
  readonly url: string;
  readonly clock: Clock;
  readonly state: State;
  readonly data: DataFolder;
  readonly catalogue: Catalogue;
  /** How long an operation runs, in milliseconds. */
  readonly operationTime: number;
  /** Stops the operation that the call begins which is handled. */
  readonly operationGate?: OperationGate;
  /** Services on one page of a list. */
  readonly pageSize: number;
  /** How long a scoring token is good for, in seconds. */
  readonly tokenLifetime: number;
  /** How long an upload URL is good for, in seconds. */
  readonly uploadLifetime: number;
}

const pattern =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.MachineLearningServices\/workspaces\/([^/]+)$/i;

/** Reads a workspace's ARM id. Throws with the expected form where it is not one. */
export function parseWorkspaceId(id: string): WorkspaceId {
  const [, subscription, resourceGroup, name] = pattern.exec(id) ?? [];
  if (subscription === undefined || resourceGroup === undefined || name === undefined)
    throw new Error(
      `workspace id: expected /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.MachineLearningServices/workspaces/<name>, found "${id}"`,
    );
  const canonical = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${name}`;
  return { id: canonical, subscription, resourceGroup, name };
}

export const defaultWorkspaceId =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-emulated/providers/Microsoft.MachineLearningServices/workspaces/ws-emulated";
