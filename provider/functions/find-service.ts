import type { ServiceDocument, Webservices } from "../azure/webservices";
import { ServiceError } from "../azure/errors";
import { fieldOf, inputOf } from "../schema/fields";
import { parseWorkspaceId, resolveAddress, workspaceIdOf, type CheckContext } from "../core/address";
import { describe } from "../core/check-failure";
import { CallError, refusedCall } from "./call-error";
import type { Outside, Where } from "./outside";

/** A workspace that answers. */
export interface FoundWorkspace {
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
export const findWorkspace = async (outside: Outside, where: Where): Promise<FoundWorkspace> => {
  const context: CheckContext = { config: where.config ?? {}, env: outside.env };
  const workspaceId = where.workspaceId ?? fromEnvironment(context);
  const found = workspaceId === undefined ? configured(context) : given(workspaceId);
  const address = parseWorkspaceId(found)!;
  return { workspaceId: found, services: await outside.connect(address, context) };
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

const configured = (context: CheckContext): string => {
  const { workspaceId, refusals } = resolveAddress({}, {}, context);
  if (workspaceId !== undefined && refusals.length === 0) return workspaceId;
  throw new CallError(
    "BadAddress",
    `${refusedCall("BadAddress", refusals).message.replace(/^BadAddress: /, "")} ` +
      `Outside \`pulumi up\` pass { workspaceId }, or set ${WORKSPACE_VARIABLE}.`,
  );
};

/** @param service its name, or its id `<workspace ARM id>/services/<name>` */
export const findService = async (
  outside: Outside,
  service: string,
  where: Where = {},
): Promise<FoundService> => {
  const [, workspaceId, name] = SERVICE_ID.exec(service) ?? [];
  if (workspaceId && name) return { ...(await findWorkspace(outside, { ...where, workspaceId })), name };
  if (typeof service !== "string" || service === "" || service.includes("/"))
    throw new CallError(
      "BadAddress",
      `the service must be a name, or an id "<workspace ARM id>/services/<name>"; found ${describe(service)}. ` +
        "Pass the resource's id or its serviceName.",
    );
  return { ...(await findWorkspace(outside, where)), name: service };
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
