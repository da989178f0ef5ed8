import { configKeys, type ClientSettings } from "../client/settings";

/** What the host offers: one value by its full key, and no list of the keys there are. */
export interface HostConfig {
  get(key: string): string | undefined;
}

export interface Configuration {
  readonly settings: () => Promise<ClientSettings>;
  readonly configure: (config: HostConfig) => void;
}

/**
 * The stack's configuration, once the host has handed it over. The host begins to call other
 * methods before its `configure` call has ended, so these wait for the first answer.
 */
export const openConfiguration = (env: NodeJS.ProcessEnv): Configuration => {
  let resolve!: (settings: ClientSettings) => void;
  const configured = new Promise<ClientSettings>((done) => (resolve = done));
  return {
    settings: () => configured,
    configure: (config) => resolve({ config: valuesOf(config), env }),
  };
};

const valuesOf = (config: HostConfig): Record<string, string> =>
  Object.fromEntries(
    configKeys.flatMap((key) => {
      const value = config.get(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
