import type { ListFilters, ServiceDocument } from "../azure/webservices";
import { describe } from "../core/check-failure";
import { outputsOf } from "../core/outputs";
import { assertNames } from "./arguments";
import { CallError } from "./call-error";
import { existingDocument, findService, findWorkspace } from "./find-service";
import type { Outside, Where } from "./outside";

/** A service as the resource's outputs show it, with its id and without its keys. */
export type ServiceValues = Readonly<Record<string, unknown>>;

const valuesOf = (workspaceId: string, document: ServiceDocument): ServiceValues => ({
  id: `${workspaceId}/services/${String(document["name"])}`,
  ...outputsOf({ document, before: {}, workspaceId }),
});

export const getService =
  (outside: Outside) =>
  async (service: string, where?: Where): Promise<ServiceValues> => {
    const found = await findService(outside, service, where);
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
  (outside: Outside) =>
  async (filters: ListFilters = {}, where: Where = {}): Promise<ServiceValues[]> => {
    assertNames("filters", filters, FILTERS);
    assertKind(filters.computeType);
    const { services, workspaceId } = await findWorkspace(outside, where);
    const all: ServiceValues[] = [];
    for await (const document of services.list(filters)) all.push(valuesOf(workspaceId, document));
    return all;
  };
