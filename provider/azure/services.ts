import { listElements, readIfPresent } from "./documents";
import { outcomeUnknown, ServiceError, type ErrorCode } from "./errors";
import type { OperationRef } from "./operations";
import { expectSuccess, isOwnNotFound, membersOf, type JsonObject } from "./response";
import { isBusyChange, isBusyCreate, sendWithReadBack } from "./retry";
import { actionOn, call, request, serviceUrl, type Context } from "./workspace";

/** A service as the workspace describes it. */
export type ServiceDocument = JsonObject;

/** One step of a JSON Patch (RFC 6902). */
export interface PatchOperation {
  readonly op: "add" | "replace" | "remove";
  readonly path: string;
  readonly value?: unknown;
}

/** Which services to list; unset means any. */
export interface ListFilters {
  readonly computeType?: string;
  readonly imageName?: string;
  readonly imageId?: string;
  readonly imageDigest?: string;
  readonly modelName?: string;
  readonly modelId?: string;
  readonly tags?: Readonly<Record<string, string | undefined>>;
  readonly properties?: Readonly<Record<string, string | undefined>>;
}

/** Reads a service. @returns undefined only when the service itself says 404, twice, in an existing workspace */
export const readService = (context: Context, name: string): Promise<ServiceDocument | undefined> =>
  readIfPresent(context, "readService", actionOn("read", name), serviceUrl(context, name, "?expand=true"));

/** All services of the workspace that match, page by page. */
export const listServices = (context: Context, filters: ListFilters = {}): AsyncGenerator<ServiceDocument> =>
  listElements(context, "listServices", "list services", listUrl(context, filters));

const plainFilters = ["computeType", "imageName", "imageId", "imageDigest", "modelName", "modelId"] as const;

/** The first page of a list: `expand=true` and the filters that are set. */
export function listUrl(context: Context, filters: ListFilters): string {
  const query = new URLSearchParams({ expand: "true" });
  for (const name of plainFilters) if (filters[name]) query.set(name, filters[name]);
  if (filters.tags && pairs(filters.tags)) query.set("tags", pairs(filters.tags));
  if (filters.properties && pairs(filters.properties)) query.set("properties", pairs(filters.properties));
  return `${context.workspace.root}/services?${query.toString()}`;
}

const pairs = (map: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(map)
    .map(([key, value]) => (value === undefined ? key : `${key}=${value}`))
    .join(",");

/**
 * Creates a service. After an ambiguous failure the service is read: it is ours when all properties of the definition are
 * there, else the definition is sent again.
 *
 * @throws ServiceError Conflict when another service has the name
 */
export async function createService(context: Context, body: unknown): Promise<OperationRef> {
  const definition = readDefinition(body);
  return sendWithReadBack(context.workspace.session.clock, {
    action: actionOn("create", definition.name),
    possibility: mayHaveStarted,
    mayConflictWithItself: true,
    send: () => postDefinition(context, body, definition),
    readBack: (error) => startedCreate(context, definition, error),
  });
}

const mayHaveStarted = "The service may have been created all the same.";

interface Definition {
  readonly name: string;
  readonly properties: JsonObject;
  readonly secrets: readonly string[];
  readonly overwrite: boolean;
}

function readDefinition(body: unknown): Definition {
  const { name, properties, keys, overwrite } = membersOf(body);
  if (typeof name !== "string" || name === "") {
    throw new ServiceError({
      action: "create a service",
      code: "BadSettings",
      detail: "Expected a name in the definition, found none.",
    });
  }
  const secrets = Object.values(membersOf(keys)).filter((key) => typeof key === "string");
  return { name, properties: membersOf(properties), secrets, overwrite: overwrite === true };
}

async function postDefinition(
  context: Context,
  body: unknown,
  { name, secrets, overwrite }: Definition,
): Promise<OperationRef> {
  const { operation } = await call(context, "createService", {
    action: actionOn("create", name),
    secrets,
    method: "POST",
    url: `${context.workspace.root}/services`,
    body,
    repeatable: false,
    // Overwriting takes any name, so that a conflict is not about the name.
    isBusy: overwrite ? isBusyChange : isBusyCreate,
  });
  return operation!;
}

const fromGateways: readonly ErrorCode[] = ["GatewayPage", "NotJson"];

/** The operation of a create whose outcome is unknown, by what is live; undefined when no service is. */
async function startedCreate(
  context: Context,
  definition: Definition,
  error: ServiceError,
): Promise<OperationRef | undefined> {
  const { name } = definition;
  const action = actionOn("create", name);
  const live = await readService(context, name).catch((later: unknown) => {
    if (!(later instanceof ServiceError)) throw later;
    // A gateway that answers every request in the service's place has surely not passed this one on.
    const isGateway = later.code === error.code && fromGateways.includes(error.code);
    throw isGateway ? error : outcomeUnknown(error, action, mayHaveStarted);
  });
  if (!live) return undefined;
  // An overwritten service was there before and looks the same: only a transition shows that the request arrived.
  if (definition.overwrite) return live["state"] === "Transitioning" ? lastOperation(name, live) : undefined;
  if (isOurs(definition, live)) return lastOperation(name, live);
  throw new ServiceError({
    action,
    code: "Conflict",
    status: error.status,
    requestId: error.requestId,
    detail: `Expected the name "${name}" to be free, found another service under it.`,
  });
}

/** Ours when every property that was sent is there: one of them is the stamp of its creator. */
function isOurs(definition: Definition, live: ServiceDocument): boolean {
  const properties = membersOf(live["properties"]);
  const sent = Object.entries(definition.properties);
  return sent.length > 0 && sent.every(([key, value]) => properties[key] === value);
}

/** The operation that last changed a service, by the service's own document; else the service itself to watch. */
function lastOperation(name: string, live: ServiceDocument): OperationRef {
  const operationId = live["operationId"];
  return Object.freeze(
    typeof operationId === "string" && operationId ? { operationId } : { operationId: "", serviceName: name },
  );
}

/** Sends a JSON Patch. An empty one is not sent at all. */
export async function patchService(
  context: Context,
  name: string,
  operations: readonly PatchOperation[],
): Promise<OperationRef | undefined> {
  if (operations.length === 0) return undefined;
  const { operation } = await call(context, "patchService", {
    action: actionOn("update", name),
    method: "PATCH",
    url: serviceUrl(context, name),
    body: operations,
    contentType: "application/json-patch+json",
    // A second `remove` of the same member is refused; all else may be sent twice.
    repeatable: operations.every(({ op }) => op !== "remove"),
    isBusy: isBusyChange,
  });
  return operation;
}

/** Deletes a service; an absent one is "gone". */
export async function removeService(
  context: Context,
  name: string,
): Promise<OperationRef | "gone" | undefined> {
  const action = actionOn("delete", name);
  const response = await request(context, {
    action,
    method: "DELETE",
    url: serviceUrl(context, name),
    repeatable: true,
    isBusy: isBusyChange,
  });
  if (isOwnNotFound(response)) {
    await context.workspace.assertExists(context.deadline);
    return "gone";
  }
  const { status, operation } = expectSuccess("removeService", action, response);
  return status === 204 ? "gone" : operation;
}

/** Starts to move a service to another compute of the workspace. */
export async function migrateService(
  context: Context,
  name: string,
  computeTarget: string,
): Promise<OperationRef> {
  const action = actionOn("migrate", name);
  const { root, scope } = context.workspace;
  try {
    const { operation } = await call(context, "migrateService", {
      action,
      method: "POST",
      url: `${root}/services/migrate`,
      body: { serviceName: name, computeTarget: `${scope}/computes/${computeTarget}` },
      repeatable: false,
      isBusy: isBusyChange,
    });
    return operation ?? Object.freeze({ operationId: "", serviceName: name, settled: true as const });
  } catch (error) {
    throw error instanceof ServiceError && error.ambiguous ? outcomeUnknown(error, action) : error;
  }
}
