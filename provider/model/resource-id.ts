import { parseWorkspaceId, resolveAddress, type Workspace } from "../core/address";
import type { ProviderContext } from "../webservice/context";

/** Which registered version, of which workspace. */
export interface ModelResource {
  readonly workspaceId: string;
  readonly workspace: Workspace;
  /** `name:version` */
  readonly modelId: string;
}

const ID = /^(.+)\/models\/([^/]+:\d+)$/i;
const PLAIN = /^[^/\s:]+:\d+$/;

/** The resource's id of a registered version. */
export const idOf = (workspaceId: string, modelId: string): string => `${workspaceId}/models/${modelId}`;

const badId = (id: string): Error =>
  new Error(
    `BadId: expected "<workspace ARM id>/models/<name>:<version>" or "<name>:<version>", found ${JSON.stringify(id)}. ` +
      "Take the id from the resource, or the name and version that studio shows under Models.",
  );

/** The workspace that an ARM id names. @throws BadId when it names none */
export const workspaceOf = (workspaceId: string): Workspace => {
  const workspace = parseWorkspaceId(workspaceId);
  if (!workspace) throw badId(workspaceId);
  return workspace;
};

const ofConfigured = async (provider: ProviderContext, modelId: string): Promise<ModelResource> => {
  const { workspaceId } = resolveAddress({}, {}, await provider.settings());
  if (workspaceId) return { workspaceId, workspace: workspaceOf(workspaceId), modelId };
  throw new Error(
    `NoWorkspace: the id "${modelId}" names no workspace, and none is configured. ` +
      `Run \`pulumi config set azureml:workspaceId <ARM id>\`, or give "<workspace ARM id>/models/${modelId}".`,
  );
};

/** The version that a resource's id names, in full or in the configured workspace. @throws BadId, NoWorkspace */
export const resourceOf = async (provider: ProviderContext, id: string): Promise<ModelResource> => {
  const [, workspaceId, modelId] = ID.exec(id) ?? [];
  if (workspaceId && modelId) return { workspaceId, workspace: workspaceOf(workspaceId), modelId };
  if (PLAIN.test(id)) return ofConfigured(provider, id);
  throw badId(id);
};
