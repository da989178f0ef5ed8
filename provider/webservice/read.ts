import { fieldOf, inputOf } from "../schema/fields";
import { resolveAddress } from "../core/address";
import { keysIn } from "../core/keys";
import { refreshedInputs, previousInputs } from "../core/previous-inputs";
import { isMigrated } from "../core/service-state";
import { connectWithin, type ProviderContext, type Values } from "./context";
import { liveKeys, secretOutputs, stillUnfinished, storedOutputs } from "./outputs";
import { refuseOtherKind } from "./ownership";
import { resourceFromId, resourceFromName, type ResourceId } from "./resource-id";

export interface HostRead {
  readonly id?: string;
  readonly props?: Record<string, unknown>;
  readonly inputs?: Record<string, unknown>;
}

const READ_WITHIN_MS = 5 * 60_000;

/** The live service; `{}` when it is gone, which is an error for a resource that is only read. */
export const read =
  (provider: ProviderContext) =>
  async (id: string, outputs: Values): Promise<HostRead> => {
    const resource = resourceFromId(id, outputs) ?? (await named(provider, id));
    const { services } = await connectWithin(READ_WITHIN_MS, provider, resource.workspace);
    const document = await services.get(resource.name);
    const program = previousInputs(outputs);
    if (!document) return gone(resource, program);
    refuseOtherKind(resource.name, document);
    const live = isMigrated(document) ? undefined : await liveKeys(services, resource, document);
    const props = storedOutputs(resource, { document, keys: live ?? keysIn(outputs) }, program, outputs);
    return {
      id: resource.id,
      props: stillUnfinished(outputs, document, props),
      // Secrets stand wrapped in the outputs already, and go into the inputs as they are.
      ...(program ? { inputs: secretOutputs(refreshedInputs(program, props)) } : {}),
    };
  };

/** For a resource that is only read, the engine would take "gone" for a success without outputs. */
const gone = (resource: ResourceId, program: Values | undefined): HostRead => {
  if (program) return {};
  throw new Error(
    `NotFound: there is no service "${resource.name}" in the workspace ${resource.workspace.workspaceName}. ` +
      "Check the name; Azure Machine Learning studio lists the services under Endpoints.",
  );
};

const named = async (provider: ProviderContext, id: string): Promise<ResourceId> => {
  if (!fieldOf(inputOf("serviceName"))?.rule?.pattern?.test(id)) throw badId(id);
  const { workspaceId } = resolveAddress({}, {}, await provider.settings());
  if (workspaceId) return resourceFromName(id, workspaceId);
  throw new Error(
    `NoWorkspace: the id "${id}" is a service's name alone, and no workspace is configured. ` +
      `Run \`pulumi config set azureml:workspaceId <ARM id>\`, or give "<workspace ARM id>/services/${id}".`,
  );
};

const badId = (id: string): Error =>
  new Error(
    `BadId: expected a service's name or "<workspace ARM id>/services/<name>", found ${JSON.stringify(id)}. ` +
      "Take the id from the resource that manages the service, or give the name that studio shows under Endpoints.",
  );
