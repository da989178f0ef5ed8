import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** What a program needs of an engine to run: its stack is registered, its outputs and messages are kept. */
export interface ProgramServer {
  readonly address: string;
  outputs(): unknown;
  logged(): readonly string[];
  /** Forgets both. */
  clear(): void;
  close(): void;
}

export async function openProgramServer(): Promise<ProgramServer> {
  let outputs: unknown;
  const logged: string[] = [];
  const server = new Server();
  server.addService(ResourceMonitorService as never, {
    supportsFeature: answer(() => new resource.SupportsFeatureResponse().setHassupport(false)),
    registerResource: answer((request: resource.RegisterResourceRequest) =>
      new resource.RegisterResourceResponse().setUrn(
        `urn:pulumi:dev::prices::${request.getType()}::${request.getName()}`,
      ),
    ),
    registerResourceOutputs: answer((request: resource.RegisterResourceOutputsRequest) => {
      outputs = request.getOutputs()?.toJavaScript();
      return new Empty();
    }),
    signalAndWaitForShutdown: answer(() => new Empty()),
  });
  server.addService(EngineService as never, {
    log: answer((request: engine.LogRequest) => {
      logged.push(request.getMessage());
      return new Empty();
    }),
    setRootResource: answer(() => new engine.SetRootResourceResponse()),
    getRootResource: answer(() => new engine.GetRootResourceResponse()),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    outputs: () => outputs,
    logged: () => logged,
    clear: () => {
      outputs = undefined;
      logged.length = 0;
    },
    close: () => server.forceShutdown(),
  };
}

const answer =
  <Request, Response>(handle: (request: Request) => Response) =>
  (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>): void =>
    done(null, handle(call.request));
