import { deadlineAfter } from "../azure/deadline";
import { remembered } from "../core/memory";
import { modelOutputs, refreshedModelInputs } from "../core/registered-model/wire";
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
    const program = remembered(outputs);
    if (!document) return gone(target, program);
    const props = modelOutputs(document, target.workspaceId, program, outputs);
    return {
      id: idOf(target.workspaceId, target.modelId),
      props: secretOutputs(props),
      ...(program ? { inputs: secretOutputs(refreshedModelInputs(program, props)) } : {}),
    };
  };

const gone = (target: ModelTarget, program: Values | undefined): HostRead => {
  if (program) return {};
  throw new Error(
    `NotFound: there is no model "${target.modelId}" in the workspace ${target.workspace.workspaceName}. ` +
      "Check name and version; Azure Machine Learning studio lists them under Models.",
  );
};
