import { startEmulator, type Emulator, type EmulatorOptions } from "../../../emulator/index";
import type { Clock } from "../../../provider/azure/clock";
import { connect } from "../../../provider/azure/connect";
import { send, type Transport } from "../../../provider/azure/http";
import type { LogLine } from "../../../provider/host/engine-log";
import { ResourceInitFailed } from "../../../provider/host/init-failed";
import { aksWebserviceProvider } from "../../../provider/webservice/provider";
import { callWorkspace } from "../../harness/workspace";

export type Values = Record<string, unknown>;

/** A clock that stands still until someone sleeps, so that an hour of polling takes no time. */
export interface VirtualClock extends Clock {
  advance(ms: number): void;
}

const virtualClock = (): VirtualClock => {
  let now = Date.parse("2026-11-20T12:00:00Z");
  const alarms = new Set<{ readonly at: number; readonly ring: () => void }>();
  const advance = (ms: number): void => {
    now += ms;
    for (const alarm of alarms) if (alarm.at <= now && alarms.delete(alarm)) alarm.ring();
  };
  return {
    now: () => now,
    sleep: async (ms) => {
      // What can go on without waiting goes first, as it would in time.
      await new Promise(setImmediate);
      advance(ms);
    },
    alarm: (ms, ring) => {
      const alarm = { at: now + ms, ring };
      alarms.add(alarm);
      return () => void alarms.delete(alarm);
    },
    random: () => 0.5,
    advance,
  };
};

export const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/azureml:AksWebservice::fraud";
export const STAMP = "5ca1ab1e0ddba115";
const PROVIDER_TEXT = "exports.handler=()=>null;";

/** The provider over a real connection to an emulated workspace, all on one virtual clock. */
export interface Stage {
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  readonly provider: ReturnType<typeof aksWebserviceProvider>;
  /** Begins another run: a provider process that remembers nothing of this one. */
  restart(): Promise<void>;
  /** What the engine was told. */
  readonly lines: LogLine[];
  /** Checked inputs, as the engine hands them to create and update. @throws with what check finds */
  inputs(news?: Values, old?: Values): Promise<Values>;
  /** As one `pulumi up` after another: outputs go back to the provider without secret marks. */
  create(news?: Values): Promise<{ id: string; outputs: Values; inputs: Values }>;
  update(id: string, outputs: Values, news: Values): Promise<Values>;
  /** An edit outside Pulumi. */
  edit(name: string, patch: readonly object[]): Promise<void>;
  call(method: string, path: string, body?: unknown): Promise<Response>;
  document(name?: string): Promise<Values>;
  /** "POST /services", in order, without the workspace's address; polls and discovery left out unless asked for. */
  requests(which?: "all"): readonly string[];
  /** The bodies of the requests with this method whose path ends so. */
  bodies(method: string, ending: RegExp): readonly unknown[];
  close(): Promise<void>;
}

export interface StageOptions extends EmulatorOptions {
  readonly config?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The network, where it is not as it should be. */
  readonly network?: (clock: VirtualClock, network: Transport) => Transport;
  /** Aborts when the user interrupts. */
  readonly interrupt?: AbortSignal;
}

const isSecret = (value: Values): boolean =>
  value["4dabf18193072939515e22adb298388d"] === "1b47061264138c4ac30d75fd1eb44270";

/** Values as the engine hands them to a provider that does not accept secrets. */
export const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Values;
  if (isSecret(object)) return plain(object["value"]);
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, plain(member)]));
};

export const plainValues = (values: Values): Values => plain(values) as Values;

/** Inputs as a refresh reports them. */
export const withoutProvider = (inputs: Values): Values =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== "__provider"));

/** The error of a promise that must fail. */
export const failure = async (promise: Promise<unknown>): Promise<Error> => {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected it to fail, and it did not");
};

/** The init error of a promise that must end in one. */
export const initError = async (promise: Promise<unknown>): Promise<ResourceInitFailed> => {
  const error = await failure(promise);
  if (error instanceof ResourceInitFailed) return error;
  throw new Error(`expected an init error, found: ${error.message}`);
};

const POLL_OR_DISCOVERY = /\/operations\/|discovery|\/operationlogs\//;

export const startStage = async (options: StageOptions = {}): Promise<Stage> => {
  const { config, env, network, interrupt, ...emulation } = options;
  const clock = virtualClock();
  const emulator = await startEmulator({ clock, ...emulation });
  const deps = { clock, transport: network ? network(clock, send) : send };
  const lines: LogLine[] = [];
  let tokens = 0;
  const settings: Record<string, string> = { "azureml:workspaceId": emulator.workspaceId, ...config };
  const openProvider = async () => {
    const opened = aksWebserviceProvider(
      {
        clock,
        interrupt,
        newToken: () => `token-${(tokens += 1)}`,
        log: { write: (line) => void lines.push(line), flush: async () => undefined },
        connect: (address, settings) => connect(address, settings, deps),
      },
      { AZUREML_DISCOVERY_URL: emulator.discoveryUrl, AZUREML_ACCESS_TOKEN: emulator.accessToken, ...env },
    );
    await opened.configure({ config: { get: (key) => settings[key] } });
    return opened;
  };
  let provider = await openProvider();
  const root = `/modelmanagement/v1.0${emulator.workspaceId}`;
  const call = (method: string, path: string, body?: unknown) => callWorkspace(emulator, method, path, body);
  const inputs = async (news: Values = {}, old: Values = {}): Promise<Values> => {
    const given = {
      serviceName: "fraud",
      computeTargetName: "aks-prod",
      models: ["fraud:7"],
      __urn: URN,
      __createdBy: STAMP,
      __stack: "acme/shop/dev",
      ...news,
    };
    const checked = await provider.check(old, given);
    if (checked.failures.length > 0) throw new Error(checked.failures.map(({ reason }) => reason).join("\n"));
    return { ...checked.inputs, __provider: PROVIDER_TEXT };
  };
  return {
    emulator,
    clock,
    get provider() {
      return provider;
    },
    restart: async () => void (provider = await openProvider()),
    lines,
    inputs,
    create: async (news) => {
      const checked = await inputs(news);
      const { id, outs } = await provider.create(checked);
      return { id, outputs: plainValues(outs), inputs: checked };
    },
    update: async (id, outputs, news) => plainValues((await provider.update(id, outputs, news)).outs),
    edit: async (name, patch) => {
      const answer = await call("PATCH", `/services/${name}`, patch);
      if (!answer.ok) throw new Error(`the edit was refused: ${await answer.text()}`);
      clock.advance(60_000);
    },
    call,
    document: async (name = "fraud") => (await (await call("GET", `/services/${name}`)).json()) as Values,
    requests: (which) =>
      emulator
        .requests()
        .filter(({ path }) => which === "all" || !POLL_OR_DISCOVERY.test(path))
        .map(({ method, path }) => `${method} ${path.replace(root, "")}`),
    bodies: (method, ending) =>
      emulator
        .requests()
        .filter((request) => request.method === method && ending.test(request.path))
        .map(({ body }) => body),
    close: () => emulator.close(),
  };
};
