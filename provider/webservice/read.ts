import { fieldOf, inputOf } from "../schema/fields";
import { deadlineAfter } from "../azure/clock";
import type { ServiceDocument } from "../azure/webservices";
import { resolveAddress } from "../core/address";
import { keysIn } from "../core/keys";
import { refreshedInputs, previousInputs } from "../core/previous-inputs";
import { isMigrated } from "../core/service-state";
import { refuseOtherKind } from "./kind";
import { liveKeys, secretOutputs, storedOutputs } from "./observe";
import { targetOfId, targetOfName, type Target } from "./target";
import { stillUnfinished } from "./unfinished";
import { connectBy } from "./way";
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
    const deadline = deadlineAfter(world.clock, READ_WITHIN_MS, world.interrupt);
    const limited = await connectBy(deadline, world, target.workspace);
    const document = await limited.get(target.name);
    const program = previousInputs(outputs);
    if (!document) return gone(target, program);
    refuseOtherKind(target.name, document);
    const told = isMigrated(document) ? undefined : await liveKeys(limited, target, document);
    const keys = told ?? keysIn(outputs);
    return observed(target, { document, keys }, program, outputs);
  };

const observed = (
  target: Target,
  found: { document: ServiceDocument; keys: ReturnType<typeof keysIn> },
  program: Values | undefined,
  before: Values,
): HostRead => {
  const props = storedOutputs(target, found, program, before);
  return {
    id: target.id,
    props: stillUnfinished(before, found.document, props),
    ...(program ? { inputs: inputsOf(program, props) } : {}),
  };
};

/** Secrets stand wrapped in the outputs already, and go into the inputs as they are. */
const inputsOf = (program: Values, props: Values): Record<string, unknown> =>
  secretOutputs(refreshedInputs(program, props));

/** For a resource that is only read, the engine would take "gone" for a success without outputs. */
const gone = (target: Target, program: Values | undefined): HostRead => {
  if (program) return {};
  throw new Error(
    `NotFound: there is no service "${target.name}" in the workspace ${target.workspace.workspaceName}. ` +
      "Check the name; Azure Machine Learning studio lists the services under Endpoints.",
  );
};

const named = async (world: World, id: string): Promise<Target> => {
  if (!fieldOf(inputOf("serviceName"))?.rule?.pattern?.test(id)) throw badId(id);
  const { workspaceId } = resolveAddress({}, {}, await world.settings());
  if (workspaceId) return targetOfName(id, workspaceId);
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
