import { registeredModel } from "../schema/tables";
import { outputsOf } from "../core/outputs";
import { previousInputs, refreshedInputs } from "../core/previous-inputs";
import { secretOutputs } from "../webservice/outputs";
import type { HostRead } from "../webservice/read";
import { connectWithin, type ProviderContext, type Values } from "../webservice/context";
import { idOf, resourceOf, type ModelResource } from "./resource-id";

const READ_WITHIN_MS = 5 * 60_000;

/** The registered version; `{}` when it is gone, which is an error for a resource that is only read. */
export const read =
  (provider: ProviderContext) =>
  async (id: string, outputs: Values): Promise<HostRead> => {
    const resource = await resourceOf(provider, id);
    const { services } = await connectWithin(READ_WITHIN_MS, provider, resource.workspace);
    const document = await services.models.get(resource.modelId);
    const program = previousInputs(outputs);
    if (!document) return gone(resource, program);
    const props = outputsOf(
      { document, workspaceId: resource.workspaceId, program, before: outputs },
      registeredModel,
    );
    return {
      id: idOf(resource.workspaceId, resource.modelId),
      props: secretOutputs(props),
      ...(program ? { inputs: secretOutputs(refreshedInputs(program, props, registeredModel)) } : {}),
    };
  };

const gone = (resource: ModelResource, program: Values | undefined): HostRead => {
  if (program) return {};
  throw new Error(
    `NotFound: there is no model "${resource.modelId}" in the workspace ${resource.workspace.workspaceName}. ` +
      "Check name and version; Azure Machine Learning studio lists them under Models.",
  );
};
