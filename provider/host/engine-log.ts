import { createRequire } from "node:module";
import type * as grpc from "@grpc/grpc-js";
import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type * as proto from "@pulumi/pulumi/proto/engine_pb";

/** A line on a resource's own row in the engine's display. */
export interface LogLine {
  readonly urn: string;
  readonly severity: "info" | "warning";
  readonly text: string;
  /** Shown while it is the newest line, then gone. */
  readonly passing: boolean;
}

/** Writes lines to the engine, in order; a line that does not arrive is nobody's failure. */
export interface EngineLog {
  write(line: LogLine): void;
  /** Resolves when everything written so far has arrived or been given up. */
  flush(): Promise<void>;
}

/** The address that the engine gives the dynamic provider's process; undefined in any other process. */
export const engineAddress = (argv: readonly string[]): string | undefined => {
  const isProviderProcess = /dynamic-provider/.test(argv[1] ?? "");
  return isProviderProcess && /^[\w.-]+:\d+$/.test(argv[2] ?? "") ? argv[2] : undefined;
};

export const openEngineLog = (address: string | undefined): EngineLog => {
  if (!address) return { write: () => undefined, flush: async () => undefined };
  let engine: Engine | undefined;
  let sent: Promise<void> = Promise.resolve();
  const write = (line: LogLine): void => {
    sent = sent
      .then(() => send((engine ??= connect(address)), line))
      // A Pulumi without these files still deploys; it only shows less.
      .catch(() => undefined);
  };
  return { write, flush: () => sent };
};

interface Engine {
  readonly client: EngineClient;
  readonly metadata: grpc.Metadata;
  readonly proto: typeof proto;
}

/** Loaded on first use, and from Pulumi's own copies: a second copy of gRPC would not know its credentials. */
const connect = (address: string): Engine => {
  const ours = createRequire(__filename);
  const pulumis = createRequire(ours.resolve("@pulumi/pulumi/package.json"));
  const { EngineClient: Client } = ours("@pulumi/pulumi/proto/engine_grpc_pb") as {
    EngineClient: typeof EngineClient;
  };
  const { credentials, Metadata } = pulumis("@grpc/grpc-js") as typeof grpc;
  return {
    client: new Client(address, credentials.createInsecure()),
    metadata: new Metadata(),
    proto: ours("@pulumi/pulumi/proto/engine_pb") as typeof proto,
  };
};

/**
 * A line that stays names its resource: with `--diff`, and in what CI comments on a pull request, the CLI prints all lines
 * below all resources. One that passes is seen on the resource's row alone.
 */
const named = ({ urn, text, passing }: LogLine): string => {
  const name = urn.split("::").at(-1);
  return name && !passing ? `${name}: ${text}` : text;
};

const LONGEST_MS = 5_000;

const send = (
  { client, metadata, proto: { LogRequest, LogSeverity } }: Engine,
  line: LogLine,
): Promise<void> =>
  new Promise((resolve) => {
    const request = new LogRequest();
    request.setUrn(line.urn);
    request.setSeverity(line.severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
    request.setMessage(named(line));
    request.setEphemeral(line.passing);
    // A resource never waits for an engine that has stopped to listen.
    client.log(request, metadata, { deadline: Date.now() + LONGEST_MS }, () => resolve());
  });
