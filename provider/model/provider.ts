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
export const modelProvider = (parts: ProcessContext, env: NodeJS.ProcessEnv) => {
  const configuration = openConfiguration(env);
  const world = providerContext(parts, configuration);
  const known: KnownResources = new Set();
  return Object.freeze({
    configure: async ({ config }: { config: HostConfig }) => configuration.configure(config),
    check: withRedaction(world, check(known)),
    diff: withRedaction(world, diff),
    create: withRedaction(world, create(known)),
    read: withRedaction(world, read),
    update: withRedaction(world, update),
    delete: withRedaction(world, remove),
  });
};
