import { startEmulator, type Emulator, type Gate } from "../../../emulator/index";
import { engineRows, isBuilt, type CommandLine } from "./command-line";
import { callWorkspace } from "../../harness/workspace";

jest.setTimeout(300_000);

test("what is run here has been built", () => expect(isBuilt()).toBe(true));

const accepted = (emulator: Emulator) =>
  emulator
    .requests()
    .filter(({ method, path, status }) => method === "POST" && path.endsWith("/services") && status === 202);

const services = async (emulator: Emulator): Promise<Record<string, unknown>[]> => {
  const answer = await callWorkspace(emulator, "GET", "/services");
  return ((await answer.json()) as { value: Record<string, unknown>[] }).value;
};

describe.each(engineRows)("$name", ({ present, open }) => {
  const it = present ? test : test.skip;
  let emulator: Emulator;
  let line: CommandLine;
  beforeEach(async () => {
    if (!present) return;
    emulator = await startEmulator({ operationTime: 0 });
    line = await open(emulator);
  });
  afterEach(async () => {
    if (!present) return;
    line.killProviders();
    await emulator.close();
    line.close();
  });

  /**
   * The engine and, unless it is to live on, the provider die in the middle of a create: while it follows the
   * operation, which ends only when its gate is opened.
   */
  const killInCreate = async (withProvider: boolean): Promise<Gate> => {
    const deployment = emulator.gate({ method: "POST", path: "/services$", holds: "operation" });
    const poll = emulator.gate({ method: "GET", path: "/operations/" });
    const up = line.start("up");
    await Promise.race([poll.reached, up.ended.then(({ text }) => Promise.reject(new Error(text)))]);
    up.kill();
    if (withProvider) line.killProviders();
    await up.ended;
    poll.open();
    return deployment;
  };

  const succeeds = async (...command: readonly string[]): Promise<string> => {
    const { code, text } = await line.run(...command);
    if (code !== 0) throw new Error(`${command.join(" ")} failed with ${code}:\n${text}`);
    return text;
  };

  it.each([
    ["killed in a create together with its provider", true],
    ["killed in a create, while its provider lives on", false],
  ])("%s: cancel, up, and there is one service, the same", async (_, withProvider) => {
    const deployment = await killInCreate(withProvider);
    await succeeds("cancel");
    const conflict = emulator.gate({ method: "POST", path: "/services$" });
    const carriedOn = succeeds("up");
    // The new create has begun while the service is still being deployed.
    await Promise.race([conflict.reached, carriedOn]);
    expect(await services(emulator)).toMatchObject([{ name: "fraud", state: "Transitioning" }]);
    conflict.open();
    deployment.open();
    await carriedOn;
    expect(accepted(emulator)).toHaveLength(1);
    expect(await services(emulator)).toMatchObject([{ name: "fraud", state: "Healthy" }]);
    // The provider that lived on still finishes its own create; its polls are not this engine's.
    line.killProviders();
    emulator.clearRequests();
    await succeeds("up");
    expect(emulator.requests()).toEqual([]);
    await succeeds("destroy");
    expect(await services(emulator)).toEqual([]);
  });

  it("an init error, then up: the service is repaired", async () => {
    emulator.addFault({
      method: "POST",
      path: "/services$",
      operation: { outcome: "failed", phase: "BuildImage", log: ["pip could not find torch==9"] },
    });
    const failed = await line.run("up");
    expect(failed.code).not.toBe(0);
    for (const part of [
      'ImageBuildFailed: the service "fraud" is not Healthy',
      "pip could not find torch==9",
      "run `pulumi up` again",
    ])
      expect(failed.text).toContain(part);
    await succeeds("up");
    expect(accepted(emulator).map(({ body }) => (body as { overwrite?: boolean }).overwrite)).toEqual([
      undefined,
      true,
    ]);
    expect(await services(emulator)).toMatchObject([{ name: "fraud", state: "Healthy" }]);
    await succeeds("destroy");
  });

  it("an init error, then refresh, which makes the engine forget it, then up: repaired all the same", async () => {
    emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "failed" } });
    expect((await line.run("up")).code).not.toBe(0);
    await succeeds("refresh");
    await succeeds("up");
    expect(await services(emulator)).toMatchObject([{ name: "fraud", state: "Healthy" }]);
    await succeeds("destroy");
    expect(await services(emulator)).toEqual([]);
  });
});
