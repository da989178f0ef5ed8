import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exampleFolder, forgetOwnSettings } from "../harness/session";
import { findPulumi } from "../harness/engines/pulumi";
import { must } from "../harness/run";
import { live, previews } from "../e2e/examples/run-examples";
import { firstOfEach, type ExampleRow } from "../e2e/examples/table";
import { openOutside, type Outside } from "./engine";
import { environment, installExample, outsideFolder, removeFolder } from "./packed";

jest.setTimeout(900_000);
forgetOwnSettings();

const root = outsideFolder();
afterAll(() => removeFolder(root));

const project = (folder: string): string => join(root, folder);

const installs = new Map<string, Promise<void>>();

/** Each example is copied and installed once. */
function install(folder: string): Promise<void> {
  const begun = installs.get(folder) ?? installExample(exampleFolder(folder), project(folder));
  installs.set(folder, begun);
  return begun;
}

async function under<T>(
  row: ExampleRow,
  use: (outside: Outside) => Promise<T>,
  env?: Readonly<Record<string, string>>,
): Promise<T> {
  await install(row.folder);
  const outside = await openOutside(root, project(row.folder), row, env);
  try {
    return await use(outside);
  } finally {
    await outside.close();
  }
}

/** Pulumi's runner checks the types before each run, too, unless it is told that somebody else has. */
const CHECKED = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

/** Pulumi's runner compiles with the compiler that the SDK brings along where a project has none. */
const removeCompiler = (folder: string): void =>
  rmSync(join(project(folder), "node_modules", "typescript"), { recursive: true, force: true });

describe("copied out of the repository", () => {
  for (const row of firstOfEach) {
    const skipped = findPulumi() !== undefined && row.notUnderCli !== undefined;
    (skipped ? test.skip : test.concurrent)(`${row.folder} installs, type-checks and runs`, async () => {
      await install(row.folder);
      const place = { folder: project(row.folder), env: environment() };
      await must("node", [join("node_modules", "typescript", "bin", "tsc"), "--noEmit"], place);
      await under(
        row,
        async (outside) => {
          await live(outside.stack, outside.emulator, row);
          expect(outside.foundInRepository()).toEqual([]);
        },
        CHECKED,
      );
      removeCompiler(row.folder);
      await under(row, async (outside) => {
        await previews(outside.stack, outside.emulator, row);
        expect(outside.foundInRepository()).toEqual([]);
      });
    });
  }
});

describe("a program whose folder has no compiler of its own", () => {
  const quickstart = firstOfEach[0]!;
  const file = (name: string): string => join(project(quickstart.folder), name);

  /** What a preview says of the quickstart with another text in one of its files. */
  async function changed(name: string, from: string, to: string): Promise<string> {
    await install(quickstart.folder);
    removeCompiler(quickstart.folder);
    const before = readFileSync(file(name), "utf8");
    expect(before).toContain(from);
    writeFileSync(file(name), before.replace(from, to));
    try {
      const { exitCode, text } = await under(quickstart, ({ stack }) => stack.preview());
      expect(exitCode).not.toBe(0);
      return text;
    } finally {
      writeFileSync(file(name), before);
    }
  }

  test("is compiled by the one that Pulumi brings along, which knows no ES2022", async () => {
    expect(await changed("tsconfig.json", "ES2020", "ES2022")).toContain("TS6046");
  });

  test("has the types of the package there, too", async () => {
    expect(await changed("index.ts", "memoryGb: 1", "memoryGb: true")).toContain("TS2322");
  });
});
