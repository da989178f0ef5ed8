import type { ChildProcess } from "node:child_process";
import { credentials, Server, ServerCredentials, status } from "@grpc/grpc-js";
import type {
  sendUnaryData,
  ServerUnaryCall,
  ServiceError,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { AnalyzerClient, AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { CHANNEL_OPTIONS } from "./channel-options";

/**
 * Stands between the CLI and a policy pack that has not started yet: it takes the stack's configuration, and hands every
 * other call to the pack once that is there.
 */
export interface PolicyProxy {
  readonly port: number;
  /** The stack's configuration; undefined where the CLI asks for something else first, as `policy publish` does. */
  readonly configured: Promise<analyzer.AnalyzerStackConfigureRequest | undefined>;
  /** Takes the pack's port from its first line, and gives what it prints after that to `print`. */
  attach(pack: ChildProcess, print: (chunk: Buffer) => void): void;
  close(): void;
}

type Configuration = analyzer.AnalyzerStackConfigureRequest | undefined;

export async function startPolicyProxy(): Promise<PolicyProxy> {
  const configured = deferred<Configuration>();
  const pack = deferred<AnalyzerClient>();
  pack.promise.catch(() => undefined); // whoever calls the pack hears of it
  const forwarded =
    (name: string) => async (call: ServerUnaryCall<unknown, unknown>, done: sendUnaryData<unknown>) => {
      configured.resolve(undefined);
      try {
        const client = (await pack.promise) as unknown as Record<string, Forward>;
        client[name]?.(call.request, done);
      } catch (error) {
        done({ code: status.UNAVAILABLE, details: `policy pack not started: ${(error as Error).message}` });
      }
    };
  const service: UntypedServiceImplementation = {
    ...Object.fromEntries(Object.keys(AnalyzerService).map((name) => [name, forwarded(name)])),
    handshake: (_: unknown, done: sendUnaryData<analyzer.AnalyzerHandshakeResponse>) =>
      done(null, new analyzer.AnalyzerHandshakeResponse()),
    configureStack: (
      { request }: ServerUnaryCall<analyzer.AnalyzerStackConfigureRequest, unknown>,
      done: sendUnaryData<analyzer.AnalyzerStackConfigureResponse>,
    ) => {
      configured.resolve(request);
      done(null, new analyzer.AnalyzerStackConfigureResponse());
    },
  };
  const server = new Server(CHANNEL_OPTIONS);
  server.addService(AnalyzerService, service);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    configured: configured.promise,
    attach(child, print) {
      child.on("close", () => pack.reject(new Error("it ended at once")));
      onPort(child, print, (bound) => {
        const client = new AnalyzerClient(
          `127.0.0.1:${bound}`,
          credentials.createInsecure(),
          CHANNEL_OPTIONS,
        );
        void configured.promise
          .then((request) => passOn(client, request))
          .then(() => pack.resolve(client), pack.reject);
      });
    },
    close() {
      configured.resolve(undefined);
      server.forceShutdown();
    },
  };
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function deferred<T>(): Deferred<T> {
  let [resolve, reject]: [Deferred<T>["resolve"], Deferred<T>["reject"]] = [() => undefined, () => undefined];
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

type Forward = (request: unknown, done: sendUnaryData<unknown>) => void;

function onPort(child: ChildProcess, print: (chunk: Buffer) => void, ready: (port: number) => void): void {
  let start: Buffer | undefined = Buffer.alloc(0);
  child.stdout?.on("data", (chunk: Buffer) => {
    if (start === undefined) return print(chunk);
    start = Buffer.concat([start, chunk]);
    const end = start.indexOf("\n");
    if (end < 0) return;
    const [line, rest] = [start.subarray(0, end), start.subarray(end + 1)];
    start = undefined;
    ready(Number(line.toString()));
    if (rest.length > 0) print(rest);
  });
}

/** Packs of older SDKs have no such method and need none. */
function passOn(client: AnalyzerClient, request: Configuration): Promise<void> {
  if (request === undefined) return Promise.resolve();
  return new Promise((resolve, reject) =>
    client.configureStack(request, (error: ServiceError | null) =>
      error && error.code !== status.UNIMPLEMENTED ? reject(error) : resolve(),
    ),
  );
}

/** Where a policy pack's SDK looks for the stack that it judges. */
export function configuredEnvironment(request: Configuration): Record<string, string> {
  if (request === undefined) return {};
  const named = {
    PULUMI_NODEJS_ORGANIZATION: request.getOrganization(),
    PULUMI_NODEJS_PROJECT: request.getProject(),
    PULUMI_NODEJS_STACK: request.getStack(),
    PULUMI_NODEJS_DRY_RUN: String(request.getDryRun()),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== ""));
}
