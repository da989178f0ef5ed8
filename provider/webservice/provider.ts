import { check } from "./check";
import {
  openConfiguration,
  providerContext,
  type HostConfig,
  type ProcessContext,
  type Values,
} from "./context";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { read } from "./read";
import { withRedaction } from "./redaction";
import { resourceFromId, resourceFromInputs } from "./resource-id";
import { inTurn, type Change } from "./turns";
import { sendsNothing, update } from "./update";

/** The provider of `AksWebservice` as the dynamic host calls it. */
export const aksWebserviceProvider = (process: ProcessContext, env: NodeJS.ProcessEnv) => {
  const configuration = openConfiguration(env);
  const provider = providerContext(process, configuration);
  return Object.freeze({
    configure: async ({ config }: { config: HostConfig }) => configuration.configure(config),
    check: withRedaction(provider, check),
    diff: withRedaction(provider, diff),
    create: withRedaction(provider, inTurn(create, creation)),
    read: withRedaction(provider, read),
    update: withRedaction(provider, inTurn(update, changeOf)),
    delete: withRedaction(provider, inTurn(remove, deletion)),
  });
};

const creation = (inputs: Values): Change => ({ resource: resourceFromInputs(inputs), values: inputs });

const changeOf = (_id: string, outputs: Values, desired: Values): Change | undefined =>
  sendsNothing(outputs, desired) ? undefined : creation(desired);

/** An id that is none is refused by the deletion itself. */
const deletion = (id: string, outputs: Values): Change | undefined => {
  const resource = resourceFromId(id, outputs);
  return resource && { resource, values: outputs };
};
