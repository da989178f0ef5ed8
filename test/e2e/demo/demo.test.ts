import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { named, withCli } from "../../harness/engines/rows";
import type { StepRecord } from "../../../scripts/demo/record";
import { ownTemporary, runDemo, type Ended } from "./run-demo";

const quickstart = resolve(__dirname, "..", "..", "..", "examples", "quickstart");

jest.setTimeout(600_000);

interface Taken extends Ended {
  readonly steps: readonly StepRecord[];
  /** What is left in the folder for temporary files. */
  readonly left: readonly string[];
}

async function take(engine: string): Promise<Taken> {
  const [temporary, notes] = [ownTemporary(), ownTemporary()];
  try {
    const file = join(notes, "steps.json");
    const ended = await runDemo(["--engine", engine, "--steps", file], temporary);
    const steps = JSON.parse(readFileSync(file, "utf8")) as readonly StepRecord[];
    return { ...ended, steps, left: readdirSync(temporary) };
  } finally {
    for (const folder of [temporary, notes]) rmSync(folder, { recursive: true });
  }
}

const failed = (steps: readonly StepRecord[]): readonly string[] =>
  steps.flatMap(({ title, checks }) =>
    checks.filter(({ passed }) => !passed).map(({ claim }) => `${title}: ${claim}`),
  );

describe("the demo under the rehearsal engine", () => {
  let taken: Taken;
  const before = readdirSync(quickstart);
  beforeAll(async () => (taken = await take("rehearsal")));

  test("passes every check, and its exit status says so", () => {
    expect(failed(taken.steps)).toEqual([]);
    expect({ code: taken.code, stderr: taken.stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("takes every step to the end", () => {
    expect(taken.steps).toHaveLength(27);
    expect(taken.steps.filter(({ checks }) => checks.length === 0)).toEqual([]);
  });

  test("prints each step, its requests and a summary, as plain text", () => {
    for (const { title } of taken.steps) expect(taken.stdout).toContain(title);
    expect(taken.stdout).toContain("→   PATCH services/fraud  202");
    expect(taken.stdout).toMatch(/✓ \d+ checks passed in/);
    expect(taken.stdout).not.toContain("\u001b");
  });

  test("leaves nothing behind", () => {
    expect(taken.left).toEqual([]);
    expect(readdirSync(quickstart)).toEqual(before);
  });

  withCli(named("has the same steps as under the Pulumi CLI"), async () => {
    const real = await take("pulumi");
    expect({ code: real.code, failed: failed(real.steps), left: real.left }).toEqual({
      code: 0,
      failed: [],
      left: [],
    });
    expect(real.steps).toEqual(taken.steps);
  });
});

test("after ^C it ends the emulator, tidies up and says by its exit status that it was interrupted", async () => {
  const temporary = ownTemporary();
  let emulator = "";
  const { code, stdout, stderr } = await runDemo(
    ["--engine", "rehearsal"],
    temporary,
    (printed, { interrupt }) => {
      emulator ||= /workspace: (http:\S+)/.exec(printed)?.[1] ?? "";
      if (printed.includes("$ pulumi preview")) interrupt();
    },
  );
  const left = readdirSync(temporary);
  rmSync(temporary, { recursive: true });
  expect({ code, left }).toEqual({ code: 130, left: [] });
  expect(stderr).toContain("tidying up");
  expect(stdout).not.toContain("Deploy it\n    $ pulumi up");
  await expect(fetch(`${emulator}/discovery`)).rejects.toThrow();
});

test("ends without a word when nobody reads on, as in `npm run demo | head`", async () => {
  const temporary = ownTemporary();
  const { code, stderr } = await runDemo(["--engine", "rehearsal"], temporary, (printed, { stopReading }) => {
    if (printed.includes("workspace: ")) stopReading();
  });
  const left = readdirSync(temporary);
  rmSync(temporary, { recursive: true });
  expect({ code, left, stderr }).toEqual({ code: 141, left: [], stderr: "" });
});

test.each([
  [["--engine", "terraform"], "--engine: expected pulumi or rehearsal"],
  [["--steps"], "--steps"],
  [["up"], "up"],
])("refuses %j and says why", async (args, said) => {
  const temporary = ownTemporary();
  const { code, stderr } = await runDemo(args, temporary);
  const left = readdirSync(temporary);
  rmSync(temporary, { recursive: true });
  expect({ code, left }).toEqual({ code: 2, left: [] });
  expect(stderr).toContain(said);
});
