import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall, UntypedHandleCall } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { CHANNEL_OPTIONS } from "./grpc-options";

export type Severity = "debug" | "info" | "warning" | "error";

export interface LogLine {
  readonly severity: Severity;
  readonly urn: string;
  readonly message: string;
  /** A status line, which the next one replaces. */
  readonly ephemeral: boolean;
}

/** What a running program and its providers may ask. A rejected promise becomes the caller's error. */
export interface MonitorHandlers {
  register(request: resource.RegisterResourceRequest): Promise<resource.RegisterResourceResponse>;
  read(request: resource.ReadResourceRequest): Promise<resource.ReadResourceResponse>;
  outputs(request: resource.RegisterResourceOutputsRequest): Promise<void>;
  invoke(request: resource.ResourceInvokeRequest): Promise<never>;
  /** The program has registered everything; the answer keeps it alive until the operation is over. */
  shutdown(): Promise<void>;
  log(line: LogLine): void;
}

export interface Monitor {
  readonly address: string;
  close(): void;
}

/** Serves the resource monitor and the engine's log on one port of this machine. */
export async function startMonitor(
  handlers: MonitorHandlers,
  info: resource.DeploymentInfo,
): Promise<Monitor> {
  const server = new Server(CHANNEL_OPTIONS);
  server.addService(ResourceMonitorService as never, monitorService(handlers, info));
  server.addService(EngineService as never, engineService(handlers));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

/** The features that the SDK may use; without transforms and hooks, which the rehearsal refuses. */
export function deploymentInfo(values: {
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  readonly dryRun: boolean;
  readonly parallel: number;
}): resource.DeploymentInfo {
  const info = new resource.DeploymentInfo();
  info.setProject(values.project);
  info.setStack(values.stack);
  info.setOrganization(values.organization);
  for (const [key, value] of Object.entries(values.config)) info.getConfigMap().set(key, value);
  info.setConfigsecretkeysList([...values.secretKeys]);
  info.setDryrun(values.dryRun);
  info.setParallel(values.parallel);
  const feature = resource.ResourceMonitorFeature;
  info.setSupportedfeaturesList([
    feature.RESOURCE_MONITOR_FEATURE_SECRETS,
    feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    feature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
    feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    feature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
  ]);
  return info;
}

/** The same features for SDKs that ask for them one by one. */
const FEATURES: ReadonlySet<string> = new Set([
  "secrets",
  "resourceReferences",
  "outputValues",
  "aliasSpecs",
  "deletedWith",
  "replaceWith",
]);

type Handler<Request, Response> = (request: Request) => Promise<Response> | Response;

/** Methods that are not listed answer UNIMPLEMENTED, which the SDK understands. */
function unary<Request, Response>(handle: Handler<Request, Response>): UntypedHandleCall {
  return (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>) => {
    Promise.resolve()
      .then(() => handle(call.request))
      .then(
        (response) => done(null, response),
        (error: Error) => done({ code: status.UNKNOWN, details: error.message }),
      );
  };
}

const empty = (): Empty => new Empty();

function monitorService(
  handlers: MonitorHandlers,
  info: resource.DeploymentInfo,
): Record<string, UntypedHandleCall> {
  return {
    getDeploymentInfo: unary(() => info),
    supportsFeature: unary((request: resource.SupportsFeatureRequest) => {
      const response = new resource.SupportsFeatureResponse();
      response.setHassupport(FEATURES.has(request.getId()));
      return response;
    }),
    registerResource: unary((request: resource.RegisterResourceRequest) => handlers.register(request)),
    readResource: unary((request: resource.ReadResourceRequest) => handlers.read(request)),
    registerResourceOutputs: unary((request: resource.RegisterResourceOutputsRequest) =>
      handlers.outputs(request).then(empty),
    ),
    invoke: unary((request: resource.ResourceInvokeRequest) => handlers.invoke(request)),
    signalAndWaitForShutdown: unary(() => handlers.shutdown().then(empty)),
  };
}

const SEVERITIES: readonly Severity[] = ["debug", "info", "warning", "error"];

function engineService(handlers: MonitorHandlers): Record<string, UntypedHandleCall> {
  let root = "";
  return {
    log: unary((request: engine.LogRequest) => {
      handlers.log({
        severity: SEVERITIES[request.getSeverity()] ?? "info",
        urn: request.getUrn(),
        message: request.getMessage(),
        ephemeral: request.getEphemeral(),
      });
      return empty();
    }),
    setRootResource: unary((request: engine.SetRootResourceRequest) => {
      root = request.getUrn();
      return new engine.SetRootResourceResponse();
    }),
    getRootResource: unary(() => {
      const response = new engine.GetRootResourceResponse();
      response.setUrn(root);
      return response;
    }),
    startDebugging: unary(empty),
    requirePulumiVersion: unary(() => new engine.RequirePulumiVersionResponse()),
  };
}
