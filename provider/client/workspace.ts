import type { Session } from "./session";

/** A workspace as its requests need it. */
export interface Workspace {
  readonly session: Session;
  /** The URL below which the workspace's services and operations are, without a slash at its end. */
  readonly root: string;
  /** The workspace's ARM id. */
  readonly scope: string;
  /** Throws WorkspaceNotFound, or why it cannot tell; asks at most once per process. */
  readonly assertExists: (deadline: number | undefined) => Promise<void>;
}

/** What a verb is given: the workspace and when to give up. */
export interface Context {
  readonly workspace: Workspace;
  readonly deadline: number | undefined;
}

export const serviceUrl = (context: Context, name: string, below = ""): string =>
  `${context.workspace.root}/services/${encodeURIComponent(name)}${below}`;

export const operationUrl = (context: Context, operationId: string): string =>
  `${context.workspace.root}/operations/${encodeURIComponent(operationId)}`;

/** `create service "fraud"`: verb and resource for errors. */
export const actionOn = (verb: string, name: string): string => `${verb} service "${name}"`;
