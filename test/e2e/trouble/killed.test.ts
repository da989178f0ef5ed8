import { setTimeout as wait } from "node:timers/promises";
import { startEmulator, type Emulator } from "../../../emulator/index";
import { engineRows, isBuilt, type CommandLine } from "./command-line";

jest.setTimeout(300_000);

/** Long enough for the kill to fall into the middle of the create. */
const OPERATION_MS = 4_000;

test("what is run here has been built", () => expect(isBuilt()).toBe(true));

const seen = async (emulator: Emulator, path: RegExp): Promise<void> => {
  while (!emulator.requests().some((request) => path.test(request.path) && request.status !== null))
    await wait(10);
};

const accepted = (emulator: Emulator) =>
  emulator
    .requests()
    .filter(({ method, path, status }) => method === "POST" && path.endsWith("/services") && status === 202);

const services = async (emulator: Emulator): Promise<Record<string, unknown>[]> => {
  const answer = await fetch(`${emulator.url}/modelmanagement/v1.0${emulator.workspaceId}/services`, {
    headers: { authorization: `Bearer ${emulator.accessToken}` },
  });
  return ((await answer.json()) as { value: Record<string, unknown>[] }).value;
};

describe.each(engineRows)("$name", ({ present, open }) => {
  const it = present ? test : test.skip;
  const named = (name: string): string => (present ? name : `${name} (skipped: no Pulumi CLI)`);
  let emulator: Emulator;
  let line: CommandLine;
  beforeEach(async () => {
    if (!present) return;
    emulator = await startEmulator({ operationTime: OPERATION_MS });
    line = await open(emulator);
  });
  afterEach(async () => {
    if (!present) return;
    line.killProviders();
    await emulator.close();
    line.close();
  });

  /** The engine and, unless it is to live on, the provider die in the middle of a create. */
  const killInCreate = async (withProvider: boolean): Promise<void> => {
    const up = line.start("up");
    await seen(emulator, /\/operations\//);
    up.kill();
    if (withProvider) line.killProviders();
    await up.ended;
  };

  const succeeds = async (...command: readonly string[]): Promise<string> => {
    const { code, text } = await line.run(...command);
    if (code !== 0) throw new Error(`${command.join(" ")} failed with ${code}:\n${text}`);
    return text;
  };

  it.each([
    [named("killed in a create together with its provider"), true],
    [named("killed in a create, while its provider lives on"), false],
  ])("%s: cancel, up, and there is one service, the same", async (_, withProvider) => {
    await killInCreate(withProvider);
    await succeeds("cancel");
    await succeeds("up");
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

  it(named("an init error, then up: the service is repaired"), async () => {
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

  it(
    named("an init error, then refresh, which makes the engine forget it, then up: repaired all the same"),
    async () => {
      emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "failed" } });
      expect((await line.run("up")).code).not.toBe(0);
      await succeeds("refresh");
      await succeeds("up");
      expect(await services(emulator)).toMatchObject([{ name: "fraud", state: "Healthy" }]);
      await succeeds("destroy");
      expect(await services(emulator)).toEqual([]);
    },
  );
});
