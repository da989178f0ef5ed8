import type { Deadline } from "./clock";
import { ServiceError } from "./errors";
import type { HttpResponse } from "./http";
import { expectSuccess, type ApiCall, type Success } from "./response";
import type { RequestOptions, Session } from "./session";

/** A workspace as its requests need it. */
export interface Workspace {
  readonly session: Session;
  /** The URL below which the workspace's services and operations are, without a slash at its end. */
  readonly root: string;
  /** The URL below which its uploaded files are; undefined where discovery names none. */
  readonly artifactRoot?: string | undefined;
  /** The workspace's ARM id. */
  readonly scope: string;
  /** Throws WorkspaceNotFound, or why that is not known; sends at most one request per process. */
  readonly assertExists: (deadline: Deadline | undefined) => Promise<void>;
}

/** What each call of the API is given: the workspace and when to give up. */
export interface Context {
  readonly workspace: Workspace;
  readonly deadline: Deadline | undefined;
}

/** Sends a request within the context's deadline. */
export const request = (
  { workspace, deadline }: Context,
  options: Omit<RequestOptions, "deadline">,
): Promise<HttpResponse> => workspace.session.send({ ...options, deadline });

/** Sends a request and takes what its success says. @throws ServiceError why it is none */
export const call = async (
  context: Context,
  which: ApiCall,
  options: Omit<RequestOptions, "deadline">,
): Promise<Success> => expectSuccess(which, options.action, await request(context, options));

/** A name as one segment of a path; what would name another path is refused. */
function segment(name: string): string {
  if (!/^\.{0,2}$/.test(name)) return encodeURIComponent(name);
  throw new ServiceError({
    action: "address the workspace",
    code: "BadSettings",
    detail: `Expected a name, found "${name}".`,
  });
}

/** The URL of a service, or of what is `below` it (with its leading slash or question mark). */
export const serviceUrl = (context: Context, name: string, below = ""): string =>
  `${context.workspace.root}/services/${segment(name)}${below}`;

export const modelUrl = (context: Context, id: string): string =>
  `${context.workspace.root}/models/${segment(id)}`;

export const operationUrl = (context: Context, operationId: string): string =>
  `${context.workspace.root}/operations/${segment(operationId)}`;

/** `create service "fraud"`: verb and resource for errors. */
export const actionOn = (verb: string, name: string): string => `${verb} service "${name}"`;
