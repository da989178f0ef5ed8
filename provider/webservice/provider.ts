import { check } from "./check";
import { openConfiguration, providerContext, type HostConfig, type ProcessContext } from "./context";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { read } from "./read";
import { withRedaction } from "./redaction";
import { update } from "./update";

/** The provider of `AksWebservice` as the dynamic host calls it. */
export const aksWebserviceProvider = (process: ProcessContext, env: NodeJS.ProcessEnv) => {
  const configuration = openConfiguration(env);
  const provider = providerContext(process, configuration);
  return Object.freeze({
    configure: async ({ config }: { config: HostConfig }) => configuration.configure(config),
    check: withRedaction(provider, check),
    diff: withRedaction(provider, diff),
    create: withRedaction(provider, create),
    read: withRedaction(provider, read),
    update: withRedaction(provider, update),
    delete: withRedaction(provider, remove),
  });
};
