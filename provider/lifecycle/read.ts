import { inputOf } from "../model/fields";
import { resolveAddress } from "../semantics/address";
import { keysIn } from "../semantics/key-changes";
import { refreshedInputs, remembered } from "../semantics/memory";
import { isAksService } from "../semantics/service-state";
import { otherKind } from "./take-over";
import { liveKeys, secretOutputs, storedOutputs } from "./observe";
import { targetOfId, targetOfName, type Target } from "./target";
import type { Values, World } from "./world";

export interface HostRead {
  readonly id?: string;
  readonly props?: Record<string, unknown>;
  readonly inputs?: Record<string, unknown>;
}

const READ_WITHIN_MS = 5 * 60_000;

/** The live service; `{}` when it is gone, which is an error for a resource that is only read. */
export const read =
  (world: World) =>
  async (id: string, outputs: Values): Promise<HostRead> => {
    const target = targetOfId(id, outputs) ?? (await named(world, id));
    const services = await world.connect(target.workspace, await world.settings());
    const limited = services.within(world.clock.now() + READ_WITHIN_MS);
    const document = await limited.get(target.name);
    const program = remembered(outputs);
    if (!document) return gone(target, program);
    if (!isAksService(document)) throw otherKind(target.name, document);
    const keys = (await liveKeys(limited, target, document)) ?? keysIn(outputs);
    const props = storedOutputs(target, { document, keys }, program, outputs);
    return { id: target.id, props, ...(program ? { inputs: inputsOf(program, props) } : {}) };
  };

/** Secrets stand wrapped in the outputs already, and go into the inputs as they are. */
const inputsOf = (program: Values, props: Values): Record<string, unknown> =>
  secretOutputs(refreshedInputs(program, props));

const gone = (target: Target, program: Values | undefined): HostRead => {
  if (program) return {};
  throw new Error(
    `NotFound: there is no service "${target.name}" in the workspace ${target.workspace.workspaceName}. ` +
      "Check the name; the services are listed in Azure Machine Learning studio under Endpoints.",
  );
};

const named = async (world: World, name: string): Promise<Target> => {
  const { workspaceId, refusals } = resolveAddress({}, {}, await world.settings());
  if (workspaceId) return targetOfName(name, workspaceId);
  const next = refusals[0]?.next ?? "";
  throw new Error(
    `BadId: ${JSON.stringify(name)} names no workspace, and none is configured. ${next} Or give the id "<workspace ARM id>/services/<name>" instead of ${inputOf("serviceName")}.`,
  );
};
