import * as messages from "@pulumi/pulumi/proto/resource_pb";
import { bareGoal, goalOf, readGoalOf } from "../host/goal";
import type { Goal } from "../host/goal";
import type { LogLine, MonitorHandlers } from "../host/monitor";
import type { RegistrationResult, SourceEvent } from "../host/source";
import { OutOfScope } from "../out-of-scope";
import type { ResourceState } from "../state/resource";
import { isProviderType, packageOf, providerReference, providerType } from "../state/urn";
import type { Urn } from "../state/urn";
import { containsUnknowns } from "../values/property";
import type { PropertyMap } from "../values/property";
import { fromStruct, toStruct } from "../values/wire";
import { packageConfig } from "./package-config";
import type { StackConfig } from "../config/stack-config";

export interface ProgramSource {
  readonly handlers: MonitorHandlers;
  /** Answers a program that waits for the operation to end. */
  release(): void;
}

/** Where events go. */
export interface Sink {
  push(event: SourceEvent): void;
}

/** What the source needs to know of the stack. */
export interface SourceSettings {
  readonly config: StackConfig;
  /** Where relative asset paths start. */
  readonly folder: string;
  readonly log: (line: LogLine) => void;
}

/** Turns what a program sends into events for the engine, and the engine's results into answers. */
export function programSource(events: Sink, settings: SourceSettings): ProgramSource {
  const goals = new Map<Urn, Goal>();
  const resolver = providerResolver(events, settings.config);
  let release: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (release = resolve));

  async function register(
    request: messages.RegisterResourceRequest,
  ): Promise<messages.RegisterResourceResponse> {
    const parent = goals.get(request.getParent());
    const wanted = goalOf(request, parent, settings.folder);
    const provider = await resolver.providerOf(request, wanted, parent);
    const goal = { ...wanted, provider, properties: withVersion(request, wanted) };
    const result = await new Promise<RegistrationResult>((done) =>
      events.push({ kind: "register", goal, done }),
    );
    if (result.result !== "success" && !request.getSupportsresultreporting()) {
      throw new Error("resource registration failed");
    }
    goals.set(result.state.urn, goal);
    resolver.remember(result.state.urn, request);
    return registered(request, result);
  }
  async function read(request: messages.ReadResourceRequest): Promise<messages.ReadResourceResponse> {
    const goal = readGoalOf(request);
    const packageName = packageOf(goal.type);
    const provider = goal.provider || (await resolver.defaultFor(packageName, request.getVersion()));
    const { state } = await new Promise<RegistrationResult>((done) =>
      events.push({ kind: "read", goal: { ...goal, provider }, done }),
    );
    const response = new messages.ReadResourceResponse();
    response.setUrn(state.urn);
    response.setProperties(toStruct(state.outputs ?? {}, understoodBy(request)));
    return response;
  }
  const outputs = (request: messages.RegisterResourceOutputsRequest): Promise<void> =>
    new Promise((done) => {
      const given = fromStruct(request.getOutputs(), { unknowns: "keep", assetFolder: settings.folder });
      events.push({ kind: "outputs", urn: request.getUrn(), outputs: given, done });
    });
  const handlers: MonitorHandlers = {
    register: (request) => register(request).catch(endWith(events)),
    read: (request) => read(request).catch(endWith(events)),
    outputs,
    invoke: (request) =>
      Promise.reject(new OutOfScope(`call functions of packages (${request.getTok()})`)).catch(
        endWith(events),
      ),
    shutdown() {
      events.push({ kind: "end" });
      return over;
    },
    log: settings.log,
  };
  return { handlers, release };
}

/** Something the rehearsal cannot do ends the operation; other errors are the program's to handle. */
const endWith =
  (events: Sink) =>
  (error: Error): never => {
    if (error instanceof OutOfScope) events.push({ kind: "end", failure: error });
    throw error;
  };

/** A provider resource has the version of its SDK among its inputs. */
function withVersion(request: messages.RegisterResourceRequest, goal: Goal): PropertyMap {
  const version = request.getVersion();
  return isProviderType(goal.type) && version !== "" ? { ...goal.properties, version } : goal.properties;
}

function understoodBy(request: { getAcceptsecrets(): boolean; getAcceptresources(): boolean }) {
  return { unknowns: true, secrets: request.getAcceptsecrets(), references: request.getAcceptresources() };
}

const RESULTS = {
  success: messages.Result.SUCCESS,
  failed: messages.Result.FAIL,
  skipped: messages.Result.SKIP,
};

function registered(
  request: messages.RegisterResourceRequest,
  { state, result }: RegistrationResult,
): messages.RegisterResourceResponse {
  const response = new messages.RegisterResourceResponse();
  response.setUrn(state.urn);
  response.setId(state.id);
  response.setObject(toStruct(outputsFor(request, state), understoodBy(request)));
  response.setResult(RESULTS[result]);
  return response;
}

/** A component's outputs are its program's own. */
function outputsFor(request: messages.RegisterResourceRequest, { outputs = {} }: ResourceState): PropertyMap {
  if (!request.getCustom()) return {};
  if (request.getSupportspartialvalues()) return outputs;
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => !containsUnknowns(value)));
}

/** Finds a resource's provider: the one it names, one of its parents', else the default one of its package. */
function providerResolver(events: Sink, config: StackConfig) {
  const ofComponents = new Map<Urn, ReadonlyMap<string, string>>();
  const defaults = new Map<string, Promise<string>>();

  function registerDefault(packageName: string, version: string): Promise<string> {
    const inputs = packageConfig(config, packageName);
    const goal = bareGoal(
      providerType(packageName),
      defaultName(version),
      version ? { ...inputs, version } : inputs,
    );
    return new Promise((resolve) => {
      const done = ({ state }: RegistrationResult): void => resolve(providerReference(state.urn, state.id));
      events.push({ kind: "register", goal, done });
    });
  }
  function defaultFor(packageName: string, version: string): Promise<string> {
    const key = `${packageName} ${version}`;
    const known = defaults.get(key) ?? registerDefault(packageName, version);
    defaults.set(key, known);
    return known;
  }
  return {
    defaultFor,
    providerOf(
      request: messages.RegisterResourceRequest,
      goal: Goal,
      parent: Goal | undefined,
    ): Promise<string> {
      if (!goal.custom || isProviderType(goal.type)) return Promise.resolve("");
      const packageName = packageOf(goal.type);
      const inherited = parent && packageOfReference(parent.provider) === packageName ? parent.provider : "";
      const given =
        goal.provider ||
        inherited ||
        request.getProvidersMap().get(packageName) ||
        ofComponents.get(goal.parent)?.get(packageName);
      return given ? Promise.resolve(given) : defaultFor(packageName, request.getVersion());
    },
    remember(urn: Urn, request: messages.RegisterResourceRequest): void {
      if (request.getCustom()) return;
      const own = new Map(request.getProvidersMap().entries() as Iterable<[string, string]>);
      ofComponents.set(urn, new Map([...(ofComponents.get(request.getParent()) ?? []), ...own]));
    },
  };
}

const packageOfReference = (reference: string): string =>
  /pulumi:providers:([^:]+)::/.exec(reference)?.[1] ?? "";

const defaultName = (version: string): string =>
  version === "" ? "default" : `default_${version.replace(/[^A-Za-z0-9]/g, "_")}`;
