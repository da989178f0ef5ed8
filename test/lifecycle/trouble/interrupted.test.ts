import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../../emulator/index";
import { InitFailed, withoutSecrets, type Host, type Values } from "../host";
import { startHostFor } from "../workspace";

jest.setTimeout(120_000);

/** No test lives to see the end of it, unless the clock is moved. */
const AN_HOUR = 3_600_000;
const SERVICE = {
  serviceName: "fraud",
  computeTargetName: "aks",
  models: ["m:1"],
  cpuCores: 0.5,
  __createdBy: "us",
};
const root = join(__dirname, "..", "..", "..");

let now: number;
let emulator: Emulator;
let host: Host;
let inputs: Values;
beforeEach(async () => {
  now = Date.now();
  emulator = await startEmulator({ operationTime: AN_HOUR, clock: { now: () => now } });
  host = await startHostFor(emulator);
  inputs = (await host.check({}, SERVICE)).inputs;
});
afterEach(async () => {
  await host.close();
  await emulator.close();
});

/** How the files begin that tell a program which calls are under way. */
const callFilesOf = (address: string): string =>
  `pulumi-azureml-call-${createHash("sha256").update(address).digest("hex").slice(0, 16)}-`;

const callFiles = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(callFilesOf(host.engineAddress)));

/** Resolves once the emulator has answered such a request. */
const seen = async (path: RegExp): Promise<void> => {
  while (!emulator.requests().some((request) => path.test(request.path) && request.status !== null))
    await new Promise(setImmediate);
};

/** A create whose operation is being followed, and how it ends. */
const createUnderWay = async (): Promise<{ readonly create: Promise<unknown> }> => {
  const create = host.create(inputs).catch((error: unknown) => error);
  await Promise.race([seen(/\/operations\//), create]);
  return { create };
};

interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** A process that has loaded the SDK as a program of this engine, and waits. */
const startProgram = async (before = ""): Promise<Program> => {
  const text = `${before};require("pulumi-azureml"); setInterval(() => undefined, 1000); console.log("ready")`;
  const child = spawn(process.execPath, ["-e", text], {
    cwd: root,
    env: { ...process.env, PULUMI_NODEJS_ENGINE: host.engineAddress },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<Awaited<Program["ended"]>>((resolve) =>
    child.once("exit", (code, signal) => resolve({ code, signal })),
  );
  await new Promise((resolve) => child.stdout!.once("data", resolve));
  return { child, ended };
};

const expectKept = (error: unknown): InitFailed => {
  expect(error).toBeInstanceOf(InitFailed);
  const failed = error as InitFailed;
  expect(failed.id).toBe(`${emulator.workspaceId}/services/fraud`);
  expect(failed.reasons).toEqual([expect.stringMatching(/^Interrupted: .*goes on.*run `pulumi up` again/)]);
  return failed;
};

const posts = () =>
  emulator.requests().filter(({ method, path }) => method === "POST" && path.endsWith("/services"));

describe("a create of an hour that is interrupted", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "by a program that gets a %s keeps its id, and an update carries on with it",
    async (signal) => {
      const { create } = await createUnderWay();
      const program = await startProgram();
      program.child.kill(signal);
      const { id, properties } = expectKept(await create);
      // The program ends as it would have without the relay.
      expect(await program.ended).toEqual({ code: null, signal });
      await host.close();
      host = await startHostFor(emulator);
      now += 2 * AN_HOUR;
      const outputs = await host.update(id, withoutSecrets(properties) as Values, inputs);
      expect(outputs).toMatchObject({ state: "Healthy", cpuCores: 0.5 });
      expect(posts()).toHaveLength(1);
    },
  );

  it("by a signal to the provider itself answers with the id before the process ends", async () => {
    const { create } = await createUnderWay();
    host.signal("SIGTERM");
    expectKept(await create);
    expect(await host.ended).toBe("SIGTERM");
  });
});

it("a program that listens to the signal itself goes on, and ends as it says", async () => {
  const program = await startProgram('process.on("SIGINT", () => process.exit(7))');
  program.child.kill("SIGINT");
  expect(await program.ended).toEqual({ code: 7, signal: null });
});

it("a provider without a call ends at the signal that the engine sends at the end of every run", async () => {
  host.signal("SIGINT");
  expect(await host.ended).toBe("SIGINT");
});

it("the file of a call is gone with it, and what an older run of an engine with the same port has left interrupts nothing", async () => {
  const old = `${callFilesOf(host.engineAddress)}1`;
  writeFileSync(join(tmpdir(), old), "");
  const { create } = await createUnderWay();
  const [own, ...others] = callFiles().filter((name) => name !== old);
  expect({ own, others }).toEqual({ own: expect.stringMatching(/-\d+$/) as string, others: [] });
  rmSync(join(tmpdir(), old));
  now += 2 * AN_HOUR;
  expect(await create).toMatchObject({ outputs: { state: "Healthy" } });
  expect(callFiles()).toEqual([]);
});

it("what a killed process has left is removed by the next one's first call", async () => {
  const killed = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => killed.once("exit", resolve));
  const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
  const left = `${callFilesOf("an engine that is gone")}${machine}-${killed.pid}`;
  writeFileSync(join(tmpdir(), left), "");
  await host.close();
  host = await startHostFor(emulator);
  const { create } = await createUnderWay();
  expect(readdirSync(tmpdir())).not.toContain(left);
  now += 2 * AN_HOUR;
  await create;
});

it("an interruption by a program leaves no file", async () => {
  const { create } = await createUnderWay();
  const program = await startProgram();
  program.child.kill("SIGINT");
  expectKept(await create);
  await program.ended;
  expect(callFiles()).toEqual([]);
});
