import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { PROVIDER_TEXT } from "../../sdk/provider-text";
import { startEngine, type EngineLine } from "./engine";

/** What the SDK class stores in a stack's state as the provider. */
export { PROVIDER_TEXT };

export type Values = Record<string, unknown>;

/** What a create or update that left something behind tells the engine. */
export class InitFailed extends Error {
  constructor(
    readonly id: string,
    /** As the engine stores them: secrets still wrapped. */
    readonly properties: Values,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join("\n"));
  }
}

export interface HostDiff {
  /** `unknown` leaves the comparison to the engine. */
  readonly changes: "unknown" | "none" | "some";
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/**
 * Pulumi's own dynamic-provider process, driven as the engine drives it: secrets are taken out of
 * what is sent, `__provider` is put in, and what comes back is as the process gave it.
 */
export interface Host {
  check(
    old: Values,
    news: Values,
  ): Promise<{ inputs: Values; failures: { property: string; reason: string }[] }>;
  diff(id: string, outputs: Values, news: Values): Promise<HostDiff>;
  create(inputs: Values): Promise<{ id: string; outputs: Values }>;
  /** `id` is "" when the resource is gone. */
  read(id: string, outputs?: Values): Promise<{ id: string; outputs: Values; inputs: Values | undefined }>;
  update(id: string, outputs: Values, news: Values): Promise<Values>;
  delete(id: string, outputs: Values): Promise<void>;
  /** What the provider wrote to the engine's log, in order. */
  lines(): readonly EngineLine[];
  clearLines(): void;
  /** What the process printed; a provider that behaves prints nothing but the host's own errors. */
  printed(): string;
  /** Where the engine listens, by which its program knows it. */
  readonly engineAddress: string;
  signal(name: NodeJS.Signals): void;
  /** By which signal the process ended, once it has. */
  readonly ended: Promise<NodeJS.Signals | null>;
  close(): Promise<void>;
}

export interface HostOptions {
  /** The whole stack configuration by full key. */
  readonly config?: Readonly<Record<string, string>>;
  /** Environment of the process, in place of any inherited setting of Azure or Azure ML. */
  readonly env?: Readonly<Record<string, string>>;
  /** The stored provider; that of a web service when absent. */
  readonly text?: string;
}

/** Starts the process from the repository's root, where `pulumi-azureml/provider` is found, and configures it. */
export const startHost = async ({
  config = {},
  env = {},
  text = PROVIDER_TEXT,
}: HostOptions = {}): Promise<Host> => {
  const engine = await startEngine();
  const child = spawn(
    process.execPath,
    [require.resolve("@pulumi/pulumi/cmd/dynamic-provider"), engine.address],
    {
      cwd: join(__dirname, "..", ".."),
      env: { ...inherited(), PULUMI_NODEJS_PROJECT: "test", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const exit = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once("exit", (_code, signal) => resolve(signal)),
  );
  const printed: string[] = [];
  child.stderr!.on("data", (text: Buffer) => printed.push(String(text)));
  const port = await firstLine(child, printed);
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  await configure(client, config);
  return Object.freeze({
    ...verbs(client, text),
    lines: engine.lines,
    clearLines: engine.clear,
    printed: () => printed.join(""),
    engineAddress: engine.address,
    signal: (name: NodeJS.Signals) => void child.kill(name),
    ended: exit,
    close: async () => {
      client.close();
      await ended(child);
      await engine.close();
    },
  });
};

const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AZURE|ARM_|PULUMI_|NODE_OPTIONS)/.test(name)),
  );

const firstLine = (child: ChildProcess, printed: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout! });
    lines.once("line", (port) => {
      resolve(port);
      lines.on("line", (line) => printed.push(`${line}\n`));
    });
    child.once("exit", (code) => reject(new Error(`the host ended with ${code}: ${printed.join("")}`)));
  });

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exit;
};

const configure = (client: ResourceProviderClient, config: Values) => {
  const request = new messages.ConfigureRequest();
  request.setArgs(struct(config));
  request.setAcceptsecrets(false);
  return call<messages.ConfigureResponse>((done) => client.configure(request, done));
};

type Done<Reply> = (error: ServiceError | null, reply: Reply) => void;

const call = <Reply>(send: (done: Done<Reply>) => unknown): Promise<Reply> =>
  new Promise((resolve, reject) => {
    send((error, reply) => (error ? reject(readable(error)) : resolve(reply)));
  });

const readable = (error: ServiceError): Error => {
  const [details] = error.metadata.get("grpc-status-details-bin");
  const [detail] = details ? Status.deserializeBinary(details as Buffer).getDetailsList() : [];
  if (!detail) return new Error(error.details);
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return new InitFailed(failed.getId(), values(failed.getProperties()), failed.getReasonsList());
};

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** As the engine sends values to a provider that does not accept secrets. */
export const withoutSecrets = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Values;
  if (object[SIGNATURE] === SECRET) return withoutSecrets(object["value"]);
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, withoutSecrets(member)]));
};

/** Whether the value stands as a secret. */
export const isSecret = (value: unknown): boolean =>
  typeof value === "object" && value !== null && (value as Values)[SIGNATURE] === SECRET;

const struct = (sent: Values): Struct =>
  Struct.fromJavaScript(withoutSecrets(sent) as Record<string, JavaScriptValue>);

const values = (received: Struct | undefined): Values => (received?.toJavaScript() ?? {}) as Values;

const withProvider = (text: string, sent: Values): Struct => struct({ ...sent, __provider: text });

const CHANGES = ["unknown", "none", "some"] as const;

const verbs = (client: ResourceProviderClient, text: string) => ({
  check: async (old: Values, news: Values) => {
    const request = new messages.CheckRequest();
    request.setOlds(struct(old));
    request.setNews(withProvider(text, news));
    const reply = await call<messages.CheckResponse>((done) => client.check(request, done));
    return {
      inputs: values(reply.getInputs()),
      failures: reply.getFailuresList().map((f) => ({ property: f.getProperty(), reason: f.getReason() })),
    };
  },
  diff: async (id: string, outputs: Values, news: Values): Promise<HostDiff> => {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setOlds(withProvider(text, outputs));
    request.setNews(withProvider(text, news));
    const reply = await call<messages.DiffResponse>((done) => client.diff(request, done));
    return {
      changes: CHANGES[reply.getChanges()]!,
      replaces: reply.getReplacesList(),
      deleteBeforeReplace: reply.getDeletebeforereplace(),
    };
  },
  create: async (inputs: Values) => {
    const request = new messages.CreateRequest();
    request.setProperties(withProvider(text, inputs));
    const reply = await call<messages.CreateResponse>((done) => client.create(request, done));
    return { id: reply.getId(), outputs: values(reply.getProperties()) };
  },
  read: async (id: string, outputs: Values = {}) => {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setProperties(withProvider(text, outputs));
    const reply = await call<messages.ReadResponse>((done) => client.read(request, done));
    const inputs = reply.getInputs();
    return { id: reply.getId(), outputs: values(reply.getProperties()), inputs: inputs && values(inputs) };
  },
  update: async (id: string, outputs: Values, news: Values) => {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setOlds(withProvider(text, outputs));
    request.setNews(withProvider(text, news));
    return values(
      (await call<messages.UpdateResponse>((done) => client.update(request, done))).getProperties(),
    );
  },
  delete: async (id: string, outputs: Values) => {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setProperties(withProvider(text, outputs));
    await call((done) => client.delete(request, done));
  },
});
