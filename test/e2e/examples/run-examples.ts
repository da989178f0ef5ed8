import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  exampleFolder,
  forgetOwnSettings,
  openSession,
  workspaceConfig,
  type Session,
} from "../../harness/session";
import { changes, plan, requests, runCommand, type Command, type Operation } from "../../harness/operation";
import { openWorkspace } from "../../harness/workspace";
import type { EmulatorProcess } from "../../harness/emulator-process";
import type { Engine, EngineStack, RunOptions } from "../../harness/engines/engine";
import { ownTemporary } from "../demo/run-demo";
import { endPlatform, makePlatform } from "./platform";
import type { ExampleRow } from "./table";

jest.setTimeout(600_000);
forgetOwnSettings();

const seeds = ownTemporary();
afterAll(() => rmSync(seeds, { recursive: true }));

const emulatorOptions = ({ seed, workspaceId }: ExampleRow): readonly string[] => {
  const file = join(mkdtempSync(join(seeds, "seed-")), "seed.json");
  if (seed !== undefined) writeFileSync(file, JSON.stringify(seed));
  return [
    ...(seed === undefined ? [] : ["--seed", file]),
    ...(workspaceId === undefined ? [] : ["--workspace-id", workspaceId]),
  ];
};

async function open(engine: Engine, row: ExampleRow): Promise<Session> {
  const session = await openSession(engine, exampleFolder(row.folder), {
    ...(row.stack === undefined ? {} : { stack: row.stack }),
    emulator: emulatorOptions(row),
  });
  await session.stack.setConfig({ ...workspaceConfig(session), ...row.config });
  return session;
}

const doing = (operation: Operation): readonly string[] =>
  plan(operation)
    .map((line) => line.split(" ").slice(0, 2).join(" "))
    .sort();

type Run = (command: Command, options?: RunOptions) => Promise<Operation>;

const runner = (stack: EngineStack, emulator: EmulatorProcess): Run => {
  const calls = () => openWorkspace(emulator).calls();
  return (command, options) => runCommand(stack, command, calls, options);
};

/** The same for commands that must succeed: what the engine said is in the failure. */
const succeeding =
  (run: Run): Run =>
  async (command, options) => {
    const operation = await run(command, options);
    if (!operation.succeeded) throw new Error(`pulumi ${command} failed:\n${operation.text}`);
    return operation;
  };

/** A preview plans what the row says, and sends nothing. */
export async function previews(
  stack: EngineStack,
  emulator: EmulatorProcess,
  row: ExampleRow,
): Promise<void> {
  const preview = await succeeding(runner(stack, emulator))("preview");
  expect({ plan: doing(preview), sent: changes(preview) }).toEqual({ plan: row.up, sent: [] });
}

/** Preview, up, preview without a change, destroy; and what is left. */
export async function live(stack: EngineStack, emulator: EmulatorProcess, row: ExampleRow): Promise<void> {
  const run = runner(stack, emulator);
  const succeeds = succeeding(run);
  await previews(stack, emulator, row);
  expect(doing(await succeeds("up"))).toEqual(row.up);
  const again = await succeeds("preview");
  expect({
    plan: doing(again).filter((line) => !line.endsWith(": read")),
    requests: requests(again),
  }).toEqual({
    plan: [],
    requests: row.previewReads ?? [],
  });
  if (row.isProtected) await refusesToDestroy(run);
  await succeeds("destroy", row.isProtected ? { flags: { ignoreProtect: true } } : undefined);
  const left = await openWorkspace(emulator).services();
  expect(left.map(({ name }) => name)).toEqual(row.left ?? []);
}

/** Says no to a protected stack, naming what is protected. */
async function refusesToDestroy(run: Run): Promise<void> {
  const { succeeded, text } = await run("destroy");
  expect({ succeeded, text }).toEqual({
    succeeded: false,
    text: expect.stringMatching(/fraud[^]*cannot be deleted/) as unknown,
  });
}

/**
 * Examples as a user has them, copied from the repository.
 *
 * @param skipped why an example is skipped; undefined when it is run
 */
export const testExamples = (
  engine: Engine,
  rows: readonly ExampleRow[],
  skipped: (row: ExampleRow) => string | undefined,
): void => {
  for (const row of rows) {
    const reason = skipped(row);
    const name = [row.folder, row.stack, row.config && JSON.stringify(Object.keys(row.config))].filter(
      Boolean,
    );
    // Each has a workspace and a stack of its own, and much of it is waiting.
    (reason === undefined ? test.concurrent : test.skip)(
      `${name.join(" ")}${reason === undefined ? "" : ` (skipped: ${reason})`}`,
      async () => {
        const session = await open(engine, row);
        try {
          const platform = row.platform && (await makePlatform(session, row.platform));
          await live(session.stack, session.emulator(), row);
          if (platform) await endPlatform(platform);
        } finally {
          await session.close();
        }
      },
    );
  }
};
