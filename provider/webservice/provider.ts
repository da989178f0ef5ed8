import { check } from "./check";
import { withinLimit } from "./concurrency";
import {
  openConfiguration,
  providerContext,
  type HostConfig,
  type ProcessContext,
  type ProviderContext,
  type Values,
} from "./context";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { read } from "./read";
import { withRedaction } from "./redaction";
import { resourceFromId, resourceFromInputs } from "./resource-id";
import { update } from "./update";

/** The provider of `AksWebservice` as the dynamic host calls it. */
export const aksWebserviceProvider = (process: ProcessContext, env: NodeJS.ProcessEnv) => {
  const configuration = openConfiguration(env);
  const provider = providerContext(process, configuration);
  return Object.freeze({
    configure: async ({ config }: { config: HostConfig }) => configuration.configure(config),
    check: withRedaction(provider, check),
    diff: withRedaction(provider, diff),
    create: withRedaction(provider, createInTurn),
    read: withRedaction(provider, read),
    update: withRedaction(provider, update),
    delete: withRedaction(provider, removeInTurn),
  });
};

const createInTurn = (provider: ProviderContext) => async (inputs: Values) =>
  withinLimit(provider, { resource: resourceFromInputs(inputs), values: inputs }, () =>
    create(provider)(inputs),
  );

/** An id that is none is refused by the deletion itself. */
const removeInTurn = (provider: ProviderContext) => async (id: string, outputs: Values) => {
  const resource = resourceFromId(id, outputs);
  const run = () => remove(provider)(id, outputs);
  return resource ? withinLimit(provider, { resource, values: outputs }, run) : run();
};
