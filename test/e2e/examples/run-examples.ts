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
import type { Engine } from "../../harness/engines/engine";
import { ownTemporary } from "../demo/run-demo";
import { endPlatform, makePlatform } from "./platform";
import { examples, type ExampleRow } from "./table";

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

/** Runs a command that must succeed; what the engine said is in the failure. */
async function run(session: Session, command: Command): Promise<Operation> {
  const operation = await runCommand(session.stack, command, () => openWorkspace(session.emulator()).calls());
  if (!operation.succeeded) throw new Error(`pulumi ${command} failed:\n${operation.text}`);
  return operation;
}

/** Says no to a protected stack, naming what is protected; then does it as `--ignore-protect` asks. */
async function destroyProtected({ stack }: Session): Promise<void> {
  const refused = await stack.destroy();
  expect({ failed: refused.exitCode !== 0, text: refused.text }).toEqual({
    failed: true,
    text: expect.stringMatching(/fraud[^]*cannot be deleted/) as unknown,
  });
  expect((await stack.destroy({ flags: { ignoreProtect: true } })).exitCode).toBe(0);
}

/** Preview, up, preview without a change, destroy. */
async function live(session: Session, row: ExampleRow): Promise<void> {
  const preview = await run(session, "preview");
  expect({ plan: doing(preview), sent: changes(preview) }).toEqual({ plan: row.up, sent: [] });
  expect(doing(await run(session, "up"))).toEqual(row.up);
  const again = await run(session, "preview");
  expect({
    plan: doing(again).filter((line) => !line.endsWith(": read")),
    requests: requests(again),
  }).toEqual({
    plan: [],
    requests: row.previewReads ?? [],
  });
  await (row.isProtected ? destroyProtected(session) : run(session, "destroy"));
}

async function finds(session: Session, row: ExampleRow): Promise<void> {
  const left = await openWorkspace(session.emulator()).services();
  expect(left.map(({ name }) => name)).toEqual(row.left ?? []);
}

/** Other versions of Node.js run the folders that the matrix names: one of each way to deploy, and the component. */
const isWanted = ({ folder }: ExampleRow): boolean =>
  process.env["AZUREML_EXAMPLES"]?.split(",").includes(folder) ?? true;

/**
 * Every example as a user has it: preview, up, preview without a change, destroy.
 *
 * @param skipped why an example is skipped; undefined when it is run
 */
export const testExamples = (engine: Engine, skipped: (row: ExampleRow) => string | undefined): void => {
  for (const row of examples.filter(isWanted)) {
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
          await live(session, row);
          if (platform) await endPlatform(platform);
          await finds(session, row);
        } finally {
          await session.close();
        }
      },
    );
  }
};
