import { deadlineAfter, randomToken, systemClock, type Clock, type Deadline } from "../azure/clock";
import { connect, type ClientSettings, type WorkspaceAddress } from "../azure/connect";
import { safeText, type SafeText } from "../azure/safe-text";
import { configKeys } from "../azure/settings";
import type { Webservices } from "../azure/webservices";
import type { Message } from "../core/messages";
import { openProgramNames } from "../core/program-names";
import { engineAddress, openEngineLog, type EngineLog } from "../host/engine-log";
import { openInterrupt } from "../host/interrupt";
import { openLiveViews, type LiveViews } from "./live-views";
import { openSemaphores, type Semaphores } from "./concurrency";

/** Values as the host passes them: plain JSON. */
export type Values = Readonly<Record<string, unknown>>;

/** What the provider's process offers to every resource; a test puts its own in place of it. */
export interface ProcessContext {
  readonly clock: Clock;
  readonly log: EngineLog;
  /** A text that nothing else has, by which a resource knows its service. */
  readonly newToken: () => string;
  /** Aborts when the user interrupts the run: what is under way stops waiting and keeps what it has started. */
  readonly interrupt?: AbortSignal | undefined;
  /** Runs a call, during which an interruption is watched for. */
  readonly during?: (<T>(call: () => Promise<T>) => Promise<T>) | undefined;
  readonly connect: (address: WorkspaceAddress, settings: ClientSettings) => Promise<Webservices>;
}

/** Everything that a lifecycle method meets outside its arguments. */
export interface ProviderContext extends ProcessContext {
  /** What this process has seen the program call its services. */
  readonly programNames: ReturnType<typeof openProgramNames>;
  /** Replacements that keep their names, by the old resource's id: whoever deletes it must not leave the service. */
  readonly replacing: Map<string, readonly string[]>;
  /** The tokens of resources that adopted a service in this process, by their ids: no other resource deletes it. */
  readonly adopted: Map<string, string | undefined>;
  /** What this process has asked of live workspaces for previews. */
  readonly liveViews: LiveViews;
  /** Who changes a cluster's services now, and who waits to, where the configuration limits them. */
  readonly semaphores: Semaphores;
  /** Configuration and environment; ready once the host has configured the provider. */
  readonly settings: () => Promise<ClientSettings>;
  /** Makes a text of the service safe to show, before any of it is cut. */
  readonly safe: SafeText;
}

/** The machine's clock, the engine that started this process, and the network. */
export const processContext = (argv: readonly string[]): ProcessContext => {
  const address = engineAddress(argv);
  const interrupt = address === undefined ? undefined : openInterrupt(address);
  return {
    clock: systemClock,
    log: openEngineLog(address),
    newToken: randomToken,
    interrupt: interrupt?.signal,
    during: interrupt?.during,
    connect,
  };
};

/** Before the first call nothing is secret: each call makes a context of its own that knows its secrets. */
export const providerContext = (
  process: ProcessContext,
  { settings }: Pick<Configuration, "settings">,
): ProviderContext => ({
  ...process,
  settings,
  programNames: openProgramNames(),
  replacing: new Map(),
  adopted: new Map(),
  liveViews: openLiveViews(),
  semaphores: openSemaphores(),
  safe: safeText([]),
});

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
 * call has ended, but not before it has started, and all is done when it starts: a method without it waits for nothing.
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

/**
 * Connects to a workspace, which may have to be found first, for an operation that may take so long from now on.
 *
 * @throws ServiceError TimedOut, Interrupted …
 */
export const connectWithin = async (
  ms: number,
  { clock, interrupt, connect: connectTo, settings }: ProviderContext,
  workspace: WorkspaceAddress,
): Promise<{ readonly deadline: Deadline; readonly services: Webservices }> => {
  const deadline = deadlineAfter(clock, ms, interrupt);
  const limited = { action: `connect to the workspace ${workspace.workspaceName}`, expected: "an answer" };
  const connected = await deadline.limit(limited, async () => connectTo(workspace, await settings()));
  return { deadline, services: connected.within(deadline) };
};

/** Shows lines that stay, on the resource's own row. */
export const say = ({ log }: Pick<ProviderContext, "log">, urn: string, lines: readonly Message[]): void => {
  for (const line of lines) log.write({ urn, ...line, passing: false });
};

/** Shows one warning there. */
export const warn = (
  { provider, resource }: { provider: Pick<ProviderContext, "log">; resource: { readonly urn: string } },
  text: string,
): void => say(provider, resource.urn, [{ severity: "warning", text }]);
