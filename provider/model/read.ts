import { deadlineAfter } from "../azure/clock";
import { registeredModel } from "../schema/tables";
import { outputsOf } from "../core/outputs";
import { previousInputs, refreshedInputs } from "../core/previous-inputs";
import { secretOutputs } from "../webservice/outputs";
import type { HostRead } from "../webservice/read";
import { connectBy } from "../webservice/context";
import type { Values, ProviderContext } from "../webservice/context";
import { idOf, targetOf, type ModelTarget } from "./target";

const READ_WITHIN_MS = 5 * 60_000;

/** The registered version; `{}` when it is gone, which is an error for a resource that is only read. */
export const read =
  (world: ProviderContext) =>
  async (id: string, outputs: Values): Promise<HostRead> => {
    const target = await targetOf(world, id, outputs);
    const deadline = deadlineAfter(world.clock, READ_WITHIN_MS, world.interrupt);
    const services = await connectBy(deadline, world, target.workspace);
    const document = await services.models.get(target.modelId);
    const program = previousInputs(outputs);
    if (!document) return gone(target, program);
    const props = outputsOf(
      { document, workspaceId: target.workspaceId, program, before: outputs },
      registeredModel,
    );
    return {
      id: idOf(target.workspaceId, target.modelId),
      props: secretOutputs(props),
      ...(program ? { inputs: secretOutputs(refreshedInputs(program, props, registeredModel)) } : {}),
    };
  };

const gone = (target: ModelTarget, program: Values | undefined): HostRead => {
  if (program) return {};
  throw new Error(
    `NotFound: there is no model "${target.modelId}" in the workspace ${target.workspace.workspaceName}. ` +
      "Check name and version; Azure Machine Learning studio lists them under Models.",
  );
};
