import * as messages from "@pulumi/pulumi/proto/resource_pb";
import type { StackConfig } from "../config/stack-config";
import { OutOfScope } from "../out-of-scope";
import type { ResourceState } from "../state/resource";
import { packageOf, providerReference, providerType, type Urn } from "../state/urn";
import { Secret, type PropertyMap } from "../values/property";
import { fromStruct, toStruct } from "../values/wire";
import { goalOf, readGoalOf, type Goal } from "./goal";
import type { LogLine, MonitorHandlers } from "./monitor";
import { DYNAMIC_PACKAGE } from "./provider-process";
import type { Queue, SourceEvent } from "./source";

export interface ProgramSource {
  readonly handlers: MonitorHandlers;
  /** Answers a program that waits for the operation to end. */
  release(): void;
}

/** What the source needs to know of the stack. */
export interface SourceSettings {
  readonly config: StackConfig;
  /** Where relative asset paths start. */
  readonly folder: string;
  readonly log: (line: LogLine) => void;
}

/** Turns what a program sends into events for the engine, and the engine's results into answers. */
export function programSource(
  events: Pick<Queue<SourceEvent>, "push">,
  settings: SourceSettings,
): ProgramSource {
  const goals = new Map<Urn, Goal>();
  const made = (goal: Goal): Promise<ResourceState> =>
    new Promise((done) => events.push({ kind: "resource", goal, done }));
  const defaultProvider = defaultProviders(made, settings.config);
  let release: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (release = resolve));

  async function register(
    request: messages.RegisterResourceRequest,
  ): Promise<messages.RegisterResourceResponse> {
    const wanted = goalOf(request, goals.get(request.getParent()), settings.folder);
    const provider = wanted.custom ? await defaultProvider(wanted.type, request.getVersion()) : "";
    const goal = { ...wanted, options: { ...wanted.options, provider } };
    const state = await made(goal);
    goals.set(state.urn, goal);
    const response = new messages.RegisterResourceResponse();
    response.setUrn(state.urn);
    response.setId(state.id);
    // A component's outputs are its program's own.
    if (goal.custom) response.setObject(answered(state));
    response.setResult(messages.Result.SUCCESS);
    return response;
  }
  async function read(request: messages.ReadResourceRequest): Promise<messages.ReadResourceResponse> {
    const wanted = readGoalOf(request);
    const provider = await defaultProvider(wanted.type, request.getVersion());
    const state = await made({ ...wanted, options: { ...wanted.options, provider } });
    const response = new messages.ReadResourceResponse();
    response.setUrn(state.urn);
    response.setProperties(answered(state));
    return response;
  }
  async function outputs(request: messages.RegisterResourceOutputsRequest): Promise<void> {
    const given = fromStruct(request.getOutputs(), { unknowns: "keep", assetFolder: settings.folder });
    await new Promise<void>((done) =>
      events.push({ kind: "outputs", urn: request.getUrn(), outputs: given, done }),
    );
  }
  /** Something the rehearsal cannot do ends the operation; other errors are the program's to handle. */
  const ended = (error: Error): never => {
    if (error instanceof OutOfScope) events.push({ kind: "end", failure: error });
    throw error;
  };
  const handlers: MonitorHandlers = {
    register: (request) => register(request).catch(ended),
    read: (request) => read(request).catch(ended),
    outputs: (request) => outputs(request).catch(ended),
    invoke: (request) =>
      Promise.reject(new OutOfScope(`call functions of packages (${request.getTok()})`)).catch(ended),
    shutdown() {
      events.push({ kind: "end" });
      return over;
    },
    log: settings.log,
  };
  return { handlers, release };
}

const answered = ({ outputs = {} }: ResourceState) => toStruct(outputs, { unknowns: true, secrets: true });

/** Finds the reference of the one provider that a type's package has in a version; makes it at its first use. */
function defaultProviders(
  made: (goal: Goal) => Promise<ResourceState>,
  config: StackConfig,
): (type: string, version: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  async function make(packageName: string, version: string): Promise<string> {
    const { urn, id } = await made({
      type: providerType(packageName),
      name: version === "" ? "default" : `default_${version.replace(/[^A-Za-z0-9]/g, "_")}`,
      custom: true,
      parent: "",
      inputs: { ...packageConfig(config, packageName), ...(version ? { version } : {}) },
      options: {},
      aliases: [],
    });
    return providerReference(urn, id);
  }
  return (type, version) => {
    const packageName = packageOf(type);
    const key = `${packageName} ${version}`;
    const reference = known.get(key) ?? make(packageName, version);
    known.set(key, reference);
    return reference;
  };
}

/**
 * The part of the stack's configuration that a default provider is made with. Dynamic providers get all of it, with full
 * keys, since nobody knows which of it they need.
 */
function packageConfig(config: StackConfig, packageName: string): PropertyMap {
  const dynamic = packageName === DYNAMIC_PACKAGE;
  const own = Object.entries(config).filter(([key]) => dynamic || key.startsWith(`${packageName}:`));
  const entries = own.map(([key, { value, secret }]) => {
    const name = dynamic ? key : key.slice(packageName.length + 1);
    return [name, secret ? new Secret(value) : value] as const;
  });
  return Object.fromEntries(entries);
}
