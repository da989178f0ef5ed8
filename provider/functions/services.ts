import type { ListFilters, ServiceDocument } from "../azure/webservices";
import { describe } from "../core/check-failure";
import { outputsOf } from "../core/outputs";
import { isHealthy, progressOf } from "../core/service-state";
import { assertNames, CallError } from "./arguments";
import {
  existingDocument,
  findService,
  findWorkspace,
  type FunctionContext,
  type Where,
} from "./find-service";

/** A service as the resource's outputs show it, with its id and without its keys. */
type ServiceValues = Readonly<Record<string, unknown>>;

const valuesOf = (workspaceId: string, document: ServiceDocument): ServiceValues => ({
  id: `${workspaceId}/services/${String(document["name"])}`,
  ...outputsOf({ document, before: {}, workspaceId }),
});

export const getService =
  (context: FunctionContext) =>
  async (service: string, where?: Where): Promise<ServiceValues> => {
    const found = await findService(context, service, where);
    return valuesOf(found.workspaceId, await existingDocument(found));
  };

const FILTERS: readonly (keyof ListFilters)[] = [
  "computeType",
  "imageName",
  "imageId",
  "imageDigest",
  "modelName",
  "modelId",
  "tags",
  "properties",
];

const KINDS = ["ACI", "AKS", "AKSENDPOINT", "IOT", "MIR"];

const assertKind = (kind: unknown): void => {
  if (kind === undefined || KINDS.includes(String(kind).toUpperCase())) return;
  throw new CallError(
    "BadArgument",
    `computeType must be one of ${KINDS.join(", ")}; found ${describe(kind)}. Leave it out to list all kinds.`,
  );
};

export const listServices =
  (context: FunctionContext) =>
  async (filters: ListFilters = {}, where: Where = {}): Promise<ServiceValues[]> => {
    assertNames("filters", filters, FILTERS);
    assertKind(filters.computeType);
    const { services, workspaceId } = await findWorkspace(context, where);
    const all: ServiceValues[] = [];
    for await (const document of services.list(filters)) all.push(valuesOf(workspaceId, document));
    return all;
  };

/** Which lines of which container. */
export interface LogOptions {
  readonly numLines?: number | undefined;
  readonly init?: boolean | undefined;
}

const assertLines = (numLines: number | undefined): void => {
  if (numLines === undefined || (Number.isSafeInteger(numLines) && numLines > 0)) return;
  throw new CallError(
    "BadArgument",
    `numLines must be an integer of at least 1; found ${describe(numLines)}. Leave it out for 5000.`,
  );
};

/** The end of the container's log. @throws NoContainers where nothing runs that could log */
export const getLogs =
  (context: FunctionContext) =>
  async (service: string, { numLines, init }: LogOptions = {}, where?: Where): Promise<string> => {
    assertLines(numLines);
    const found = await findService(context, service, where);
    const text = await found.services.logs(found.name, {
      ...(numLines === undefined ? {} : { tail: numLines }),
      ...(init === undefined ? {} : { init }),
    });
    if (text !== "") return text;
    const document = await existingDocument(found);
    if (isHealthy(document)) return text;
    throw new CallError(
      "NoContainers",
      `expected a container of "${found.name}" that logs, found none: the service is ${progressOf(document)}. ` +
        "Wait until it has replicas, or ask for the init container with { init: true }.",
    );
  };
