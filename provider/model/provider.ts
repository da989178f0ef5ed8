import {
  openConfiguration,
  providerContext,
  type HostConfig,
  type ProcessContext,
} from "../webservice/context";
import { withRedaction } from "../webservice/redaction";
import { check, type KnownResources } from "./check";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { read } from "./read";
import { update } from "./update";

/** The provider of `Model` as the dynamic host calls it. */
export const modelProvider = (process: ProcessContext, env: NodeJS.ProcessEnv) => {
  const configuration = openConfiguration(env);
  const provider = providerContext(process, configuration);
  const known: KnownResources = new Set();
  return Object.freeze({
    configure: async ({ config }: { config: HostConfig }) => configuration.configure(config),
    check: withRedaction(provider, check(known)),
    diff: withRedaction(provider, diff),
    create: withRedaction(provider, create(known)),
    read: withRedaction(provider, read),
    update: withRedaction(provider, update),
    delete: withRedaction(provider, remove),
  });
};
