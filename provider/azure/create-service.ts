import { operationOf } from "./begun";
import { isBusyChange, isBusyCreate } from "./busy";
import { ServiceError, type ErrorCode } from "./errors";
import type { OperationRef } from "./operation";
import { readService } from "./read-service";
import { success } from "./success";
import type { ServiceDocument } from "./webservices";
import { actionOn, type Context } from "./workspace";

interface Definition {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly secrets: readonly string[];
  readonly overwrite: boolean;
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

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

/** Ours when every property that was sent is there: one of them is the stamp that tells who made it. */
function isOurs(definition: Definition, found: ServiceDocument): boolean {
  const there = membersOf(found["properties"]);
  const sent = Object.entries(definition.properties);
  return sent.length > 0 && sent.every(([key, value]) => there[key] === value);
}

async function post(context: Context, body: unknown, definition: Definition): Promise<OperationRef> {
  const { name, secrets } = definition;
  const action = actionOn("create", name);
  const answer = await context.workspace.session.send({
    action,
    secrets,
    method: "POST",
    url: `${context.workspace.root}/services`,
    body,
    repeatable: false,
    // Overwriting takes any name, so that a conflict is not about the name.
    isBusy: definition.overwrite ? isBusyChange : isBusyCreate,
    deadline: context.deadline,
  });
  const { operation } = success("createService", { action }, answer);
  return operation!;
}

function outcomeUnknown(error: ServiceError, name: string): ServiceError {
  return new ServiceError({
    action: actionOn("create", name),
    code: "OutcomeUnknown",
    status: error.status,
    requestId: error.requestId,
    detail: `The service may have begun all the same. ${error.detail ?? ""}`.trim(),
    ambiguous: true,
  });
}

function conflict(error: ServiceError, name: string): ServiceError {
  return new ServiceError({
    action: actionOn("create", name),
    code: "Conflict",
    status: error.status,
    requestId: error.requestId,
    detail: `Expected the name "${name}" to be free, found another service under it.`,
  });
}

const BETWEEN: readonly ErrorCode[] = ["GatewayPage", "NotJson"];

/** After a failure that leaves the outcome open: what is there now. undefined: nothing, so that it can be sent again. */
async function readBack(
  context: Context,
  definition: Definition,
  error: ServiceError,
): Promise<OperationRef | undefined> {
  const { name } = definition;
  const found = await readService(context, name).catch((later: unknown) => {
    if (!(later instanceof ServiceError)) throw later;
    // Whoever answers everything in the service's place has surely not passed the request on.
    throw later.code === error.code && BETWEEN.includes(error.code) ? error : outcomeUnknown(error, name);
  });
  if (!found) return undefined;
  // What is overwritten was there before and looks the same: only that it moves tells that the request came in.
  if (definition.overwrite) return found["state"] === "Transitioning" ? operationOf(name, found) : undefined;
  if (!isOurs(definition, found)) throw conflict(error, name);
  return operationOf(name, found);
}

const mostRounds = 4;

/**
 * Creates a service. A failure that leaves the outcome open is followed by reading the service: it is ours when all
 * properties of the definition are there, else it is sent again.
 *
 * @throws ServiceError Conflict when another service has the name
 */
export async function createService(context: Context, body: unknown): Promise<OperationRef> {
  const definition = readDefinition(body);
  const { clock } = context.workspace.session;
  let open: ServiceError | undefined;
  for (let round = 1; ; round += 1) {
    try {
      return await post(context, body, definition);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const mayBeOurs = error.ambiguous || (error.code === "Conflict" && open !== undefined);
      if (!mayBeOurs) throw error;
      const begun = await readBack(context, definition, error);
      if (begun) return begun;
      if (round >= mostRounds) throw outcomeUnknown(error, definition.name);
      open = error;
      await clock.sleep(500 * 2 ** round);
    }
  }
}
