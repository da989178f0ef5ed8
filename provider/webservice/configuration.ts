import { configKeys, type ClientSettings } from "../azure/settings";

/** What the host offers: one value by its full key, and no list of the keys there are. */
export interface HostConfig {
  get(key: string): string | undefined;
}

export interface Configuration {
  readonly settings: () => Promise<ClientSettings>;
  readonly configure: (config: HostConfig) => void;
}

/**
 * The stack's configuration, once the host has handed it over. The host begins to call other methods before its `configure`
 * call has ended, but not before it has begun, and all is done when it begins: a method without it waits for nothing.
 */
export const openConfiguration = (env: NodeJS.ProcessEnv): Configuration => {
  let configured: ClientSettings | undefined;
  return {
    settings: async () => {
      if (configured) return configured;
      throw new Error(
        "NotConfigured: expected Pulumi to configure the provider before its first call, found that it has not. " +
          "Use the @pulumi/pulumi that the package.json of pulumi-azureml names under peerDependencies.",
      );
    },
    configure: (config) => void (configured ??= { config: valuesOf(config), env }),
  };
};

const valuesOf = (config: HostConfig): Record<string, string> =>
  Object.fromEntries(
    configKeys.flatMap((key) => {
      const value = config.get(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
