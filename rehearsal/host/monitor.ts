import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall, UntypedHandleCall } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type * as engine from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

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

const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** The message limits that Pulumi's own processes use. */
export const CHANNEL_OPTIONS = {
  "grpc.max_receive_message_length": MESSAGE_LIMIT,
  "grpc.max_send_message_length": MESSAGE_LIMIT,
};

/** Serves the resource monitor and the engine's log on one port of this machine. */
export async function startMonitor(handlers: MonitorHandlers): Promise<Monitor> {
  const server = new Server(CHANNEL_OPTIONS);
  server.addService(ResourceMonitorService as never, monitorService(handlers));
  server.addService(EngineService as never, engineService(handlers));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

/**
 * What the SDK may send. Some of it is refused, which reads better than the SDK's own refusal. Of what is not here, the SDK
 * sends something plainer: URNs in place of alias specifications, plain values in place of output values.
 */
const FEATURES: ReadonlySet<string> = new Set([
  "secrets",
  "resourceReferences",
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

function monitorService(handlers: MonitorHandlers): Record<string, UntypedHandleCall> {
  return {
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
  };
}
