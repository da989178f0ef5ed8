import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** A line on a resource's row, as the engine got it. */
export interface EngineLine {
  readonly urn: string;
  readonly severity: "debug" | "info" | "warning" | "error";
  readonly text: string;
  readonly ephemeral: boolean;
}

const SEVERITIES = ["debug", "info", "warning", "error"] as const;

/** The part of the engine that a provider talks to: its log. */
export const startEngine = async () => {
  let lines: EngineLine[] = [];
  const server = new Server();
  server.addService(EngineService as never, {
    log: ({ request }: ServerUnaryCall<LogRequest, Empty>, done: sendUnaryData<Empty>) => {
      lines.push({
        urn: request.getUrn(),
        severity: SEVERITIES[request.getSeverity()]!,
        text: request.getMessage(),
        ephemeral: request.getEphemeral(),
      });
      done(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return Object.freeze({
    address: `127.0.0.1:${port}`,
    lines: (): readonly EngineLine[] => lines,
    clear: () => void (lines = []),
    close: () => new Promise<void>((resolve) => server.tryShutdown(() => resolve())),
  });
};
