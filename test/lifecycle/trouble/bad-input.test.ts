import { startEmulator, type Emulator, type FaultRule } from "../../../emulator/index";
import { InitFailed, type Host, type HostOptions, type Values } from "../host";
import { startHostFor } from "../workspace";

jest.setTimeout(120_000);

interface Trouble {
  readonly what: string;
  /** Settings of the process beside a working connection. */
  readonly options?: (emulator: Emulator) => HostOptions;
  readonly faults?: readonly FaultRule[];
  /** What every verb says, whichever it is. */
  readonly says: readonly string[];
}

const everyCall = (fault: FaultRule): readonly FaultRule[] => [{ path: "/services", times: 99, ...fault }];

const troubles: readonly Trouble[] = [
  {
    what: "a wrong credential",
    options: () => ({
      env: { AZUREML_ACCESS_TOKEN: "wrong", AZURE_TOKEN_CREDENTIALS: "AzureCliCredential" },
    }),
    says: [
      "Cannot sign in to Azure: CredentialRefused.",
      "Tried in this order: AZUREML_ACCESS_TOKEN (refused by the service, 401)",
      "run `pulumi up` first, or use `pulumi refresh --run-program`",
    ],
  },
  {
    what: "an unknown workspace",
    options: ({ workspaceId }) => ({
      config: { "azureml:workspaceId": workspaceId.replace(/[^/]+$/, "elsewhere") },
    }),
    says: ['workspace "elsewhere"', "WorkspaceNotFound", "Check azureml:workspaceId"],
  },
  {
    what: "an unreachable host",
    options: () => ({ env: { AZUREML_DISCOVERY_URL: "http://127.0.0.1:1/discovery" } }),
    says: [
      "Cannot read the workspace's discovery document: Unreachable.",
      "Expected an answer from 127.0.0.1:1, found ECONNREFUSED.",
      "Check the network",
    ],
  },
  {
    what: "a TLS error",
    options: ({ discoveryUrl }) => ({
      env: { AZUREML_DISCOVERY_URL: discoveryUrl.replace("http:", "https:") },
    }),
    says: ["TlsFailed", "found ERR_SSL", "set NODE_EXTRA_CA_CERTS"],
  },
  {
    what: "an answer that is not JSON",
    faults: everyCall({ status: 200, body: "It works!" }),
    says: ['service "fraud": NotJson (HTTP 200', "(text/plain)", "no gateway answers in its place"],
  },
  {
    what: "a gateway's page",
    faults: everyCall({ status: 200, body: "<html><title>Sign in to Contoso</title></html>" }),
    says: [
      'service "fraud": GatewayPage (HTTP 200',
      'a page titled "Sign in to Contoso"',
      "check the network path",
    ],
  },
  {
    what: "a missing role",
    faults: everyCall({ status: 403, body: { code: "AuthorizationFailed", message: "no write action" } }),
    says: ['service "fraud": Forbidden', "AuthorizationFailed: no write action", "Give the identity a role"],
  },
];

const failure = async (promise: Promise<unknown>): Promise<Error> => {
  try {
    return new Error(`it did not fail: ${JSON.stringify(await promise)}`);
  } catch (error) {
    return error as Error;
  }
};

const SERVICE = { serviceName: "fraud", computeTargetName: "aks", models: ["m:1"] };

/** Away from whoever is signed in on this machine. */
const hostFor = (emulator: Emulator, options: HostOptions = {}): Promise<Host> =>
  startHostFor(emulator, { ...options, env: { HOME: "/nonexistent", ...options.env } });

let emulator: Emulator;
/** A provider's process with nothing wrong. */
let sound: Host;
beforeAll(async () => {
  emulator = await startEmulator({ operationTime: 0 });
  sound = await hostFor(emulator);
});
afterEach(() => emulator.clearFaults());
afterAll(async () => {
  await sound.close();
  await emulator.close();
});

const inputs = async (more: Values) => (await sound.check({}, { ...SERVICE, ...more })).inputs;

describe("what is wrong", () => {
  let before: Awaited<ReturnType<Host["create"]>>;
  let host: Host | undefined;
  beforeAll(async () => {
    before = await sound.create(await inputs({}));
  });
  afterEach(() => host?.close());

  test.each(troubles)(
    "$what is told with what to do, by each verb, and leaves service and state as they were",
    async ({ options, faults = [], says }) => {
      host = await hostFor(emulator, options?.(emulator));
      const workspaceId = options?.(emulator).config?.["azureml:workspaceId"] ?? emulator.workspaceId;
      const id = `${workspaceId}/services/fraud`;
      const { inputs: wanted } = await host.check({}, { ...SERVICE, cpuCores: 0.5 });
      for (const fault of faults) emulator.addFault(fault);
      emulator.clearRequests();
      const verbs: Record<string, Promise<unknown>> = {
        create: host.create(wanted),
        update: host.update(id, before.outputs, wanted),
        read: host.read(id, before.outputs),
        delete: host.delete(id, before.outputs),
      };
      for (const [verb, promise] of Object.entries(verbs)) {
        const error = await failure(promise);
        expect({ verb, initError: error instanceof InitFailed }).toEqual({ verb, initError: false });
        for (const part of says) expect(`${verb}: ${error.message}`).toContain(part);
      }
      const accepted = emulator
        .requests()
        .filter(({ method, status }) => /POST|PATCH|DELETE/.test(method) && status! < 300);
      if (faults.length === 0) expect(accepted).toEqual([]);
      emulator.clearFaults();
      expect((await sound.read(before.id, before.outputs)).outputs).toMatchObject({
        cpuCores: before.outputs["cpuCores"] as number,
      });
      // The host prints what it is thrown; the message itself is on the resource's row.
      expect(
        host
          .printed()
          .split("\n")
          .filter((line) => !/^(pulumi-azureml: see the error of the resource)?$/.test(line)),
      ).toEqual([]);
    },
  );
});

describe("a service in the way, and an operation without end", () => {
  test("a name taken by a stranger says how to go on, and leaves the stranger's service as it was", async () => {
    await sound.create(await inputs({ serviceName: "stranger", __createdBy: "someone", tags: { a: "1" } }));
    const error = await failure(
      sound.create(await inputs({ serviceName: "stranger", __createdBy: "us", tags: {} })),
    );
    expect(error).not.toBeInstanceOf(InitFailed);
    expect(error.message).toMatch(
      /^NameTaken: the workspace ws-emulated already has a service "stranger".*Nothing was changed/,
    );
    expect(error.message).toContain("made by another Pulumi resource");
    expect(error.message).toContain("set `adopt: true`, which changes only what differs");
    const { outputs } = await sound.read(`${emulator.workspaceId}/services/stranger`, {});
    expect(outputs["tags"]).toEqual({ a: "1" });
  });

  test("an endless operation ends at the deadline, in an init error that the next up carries on from", async () => {
    emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "stuck" } });
    const wanted = await inputs({ serviceName: "endless", __createdBy: "us", timeouts: { create: "1s" } });
    const error = await failure(sound.create(wanted));
    expect(error).toBeInstanceOf(InitFailed);
    const { id, reasons, properties } = error as InitFailed;
    expect(id).toBe(`${emulator.workspaceId}/services/endless`);
    expect(reasons[0]).toMatch(
      /^DeploymentTimedOut: the service "endless" is not Healthy: Transitioning, 0 of 1 replicas available; operation \S+ has not ended\.$/m,
    );
    expect(reasons[0]).toContain("Operation log, last");
    expect(reasons.at(-1)).toContain("Run `pulumi up` again to go on waiting; raise `timeouts`");
    expect(properties).toMatchObject({ serviceName: "endless", __provider: expect.any(String) });
  });

  test("a failure with long logs and a long document arrives whole", async () => {
    const long = Array.from({ length: 400 }, (_, n) => `${n} ${"ä".repeat(900)}`);
    emulator.addFault({
      method: "POST",
      path: "/services$",
      operation: { outcome: "failed", log: long, containerLog: long.join("\n") },
    });
    const tags = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`tag${n}`, "x".repeat(250)]));
    const error = await failure(
      sound.create(await inputs({ serviceName: "long-logs", __createdBy: "us", tags })),
    );
    expect(error).toBeInstanceOf(InitFailed);
    expect((error as InitFailed).reasons.join("\n")).toContain("Container log, last 20 lines");
    expect((error as InitFailed).properties).toMatchObject({ tags });
  });
});
