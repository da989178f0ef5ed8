import { ServiceError } from "../azure/errors";
import type { OperationRef, ServiceDocument, Webservices } from "../azure/webservices";
import { fieldOf, inputOf } from "../schema/fields";
import { parseWorkspaceId, resolveAddress, workspaceIdOf, type CheckContext } from "../core/address";
import { describe } from "../core/check-failure";
import { timeoutMs } from "../core/timeouts";
import type { ProcessContext } from "../webservice/context";
import { CallError, refusedCall } from "./arguments";

/** Everything that the functions meet outside their arguments. */
export interface FunctionContext extends Pick<ProcessContext, "clock" | "connect"> {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Which workspace, and who asks. What is left out comes from the environment. */
export interface Where {
  /** ARM id of the workspace. */
  readonly workspaceId?: string | undefined;
  /** Configuration by full key, such as `azureml:workspaceId`. */
  readonly config?: Readonly<Record<string, string>> | undefined;
}

/** A workspace that answers. */
interface FoundWorkspace {
  readonly workspaceId: string;
  readonly services: Webservices;
}

/** A service's address; whether there is one is not known yet. */
export interface FoundService extends FoundWorkspace {
  readonly name: string;
}

const WORKSPACE_VARIABLE = "AZUREML_WORKSPACE_ID";
const SERVICE_ID = /^(\/.+)\/services\/([^/]+)$/i;

/** The workspace that the caller, the configuration or the environment names, in this order. */
export const findWorkspace = async (context: FunctionContext, where: Where): Promise<FoundWorkspace> => {
  const settings: CheckContext = { config: where.config ?? {}, env: context.env };
  const workspaceId = where.workspaceId ?? fromEnvironment(settings);
  const found = workspaceId === undefined ? configured(settings) : given(workspaceId);
  const address = parseWorkspaceId(found)!;
  return { workspaceId: found, services: await context.connect(address, settings) };
};

const fromEnvironment = ({ config, env }: CheckContext): string | undefined =>
  Object.keys(config).some((key) => /^azureml:workspace(Id|Name)$/.test(key))
    ? undefined
    : env[WORKSPACE_VARIABLE] || undefined;

const given = (workspaceId: string): string => {
  const workspace = parseWorkspaceId(workspaceId);
  if (workspace) return workspaceIdOf(workspace);
  const rule = fieldOf(inputOf("workspaceId"))?.rule;
  throw new CallError(
    "BadAddress",
    `workspaceId must be ${rule?.says}; found ${describe(workspaceId)}. ${rule?.next}`,
  );
};

const configured = (settings: CheckContext): string => {
  const { workspaceId, refusals } = resolveAddress({}, {}, settings);
  if (workspaceId !== undefined && refusals.length === 0) return workspaceId;
  throw new CallError(
    "BadAddress",
    `${refusedCall("BadAddress", refusals).message.replace(/^BadAddress: /, "")} ` +
      `In a script, pass { workspaceId } or set ${WORKSPACE_VARIABLE}.`,
  );
};

/** @param service its name, or its id `<workspace ARM id>/services/<name>` */
export const findService = async (
  context: FunctionContext,
  service: string,
  where: Where = {},
): Promise<FoundService> => {
  const [, workspaceId, name] = SERVICE_ID.exec(service) ?? [];
  if (workspaceId && name) return { ...(await findWorkspace(context, { ...where, workspaceId })), name };
  if (typeof service !== "string" || service === "" || service.includes("/"))
    throw new CallError(
      "BadAddress",
      `the service must be a name, or an id "<workspace ARM id>/services/<name>"; found ${describe(service)}. ` +
        "Pass the resource's id or its serviceName.",
    );
  return { ...(await findWorkspace(context, where)), name: service };
};

/** @throws NotFound where the workspace has no such service */
export const existingDocument = async ({
  services,
  name,
  workspaceId,
}: FoundService): Promise<ServiceDocument> => {
  const document = await services.get(name);
  if (document) return document;
  throw new ServiceError({
    action: `read service "${name}"`,
    code: "NotFound",
    status: 404,
    detail: `Expected a service of that name in the workspace ${parseWorkspaceId(workspaceId)!.workspaceName}, found none.`,
    advice: "Check the name; listServices names those that are there.",
  });
};

/** Waits for an operation that a call began. @throws OperationFailed where it ends in another way than Succeeded */
export const untilSucceeded = async (
  context: FunctionContext,
  { services, name }: FoundService,
  verb: string,
  operation: OperationRef | undefined,
): Promise<void> => {
  if (!operation) return;
  const ended = await services.wait(operation, {
    deadline: context.clock.now() + timeoutMs("update", {}),
  });
  if (ended.state === "Succeeded") return;
  throw new ServiceError({
    action: `${verb} service "${name}"`,
    code: "OperationFailed",
    operationId: ended.operationId,
    detail: `Expected the operation to end Succeeded, found ${ended.state}. ${ended.error ?? ""}`.trim(),
  });
};
