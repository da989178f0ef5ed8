import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { getEngine } from "../../../tools/engine/get-engine";

const MAIN = join(__dirname, "..", "..", "..", "dist", "tools", "engine", "main.js");

/** A machine of its own: what is on PATH, a cache, and a note of every call of `go`. */
function machine(programs: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "engine-test-"));
  const bin = join(folder, "bin");
  const cache = join(folder, "cache");
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "$1" >> "${folder}/calls"\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  // `sh` and `node` come from where they are; nothing else of this machine is seen.
  const path = [bin, "/bin", dirname(process.execPath)].filter(
    (on) => on === bin || !["go", "pulumi"].some((name) => existsSync(join(on, name))),
  );
  return {
    bin,
    cache,
    env: { PATH: path.join(delimiter), HOME: folder, PULUMI_AZUREML_ENGINE_CACHE: cache, NOTES: folder },
    calls: () =>
      existsSync(join(folder, "calls"))
        ? readFileSync(join(folder, "calls"), "utf8").split("\n").filter(Boolean)
        : [],
    cached: () => (existsSync(cache) ? readdirSync(cache) : []),
    note: (name: string) => existsSync(join(folder, name)),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

type Machine = ReturnType<typeof machine>;
let on: Machine;
afterEach(() => on.remove());

/** `go build … -o FILE …` writes the file that it is told. */
const BUILDS = `
if [ "$1" = build ]; then
  while [ "$1" != -o ]; do shift; done
  echo "the CLI" > "$2"
fi`;

const get = (): Promise<string> => getEngine({ env: on.env, log: () => undefined });

/** The program itself, which can be interrupted. */
function start() {
  const child = spawn(process.execPath, [MAIN], { env: on.env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { child, ended };
}

/** Waits for a file, which a script writes when it is where it shall be interrupted. */
async function noted(name: string): Promise<void> {
  while (!on.note(name)) await new Promise((resolve) => setTimeout(resolve, 20));
}

test("the CLI that is on PATH is taken as it is, and nothing is built", async () => {
  on = machine({ pulumi: "", go: BUILDS });
  expect(await get()).toBe(on.bin);
  expect(on.calls()).toEqual([]);
});

test("without one it builds the pinned CLI once; a second call only looks", async () => {
  on = machine({ go: BUILDS });
  const folder = await get();
  expect(readdirSync(folder).sort()).toEqual([
    "language-host.js",
    "pulumi",
    "pulumi-language-nodejs",
    "pulumi-resource-pulumi-nodejs",
  ]);
  expect(readFileSync(join(folder, "pulumi"), "utf8")).toBe("the CLI\n");
  expect(on.calls()).toEqual(["list", "build"]);
  expect(await get()).toBe(folder);
  expect(on.calls()).toEqual(["list", "build"]);
});

test("the program's last line is the folder, and all else is on standard error", async () => {
  on = machine({ go: BUILDS });
  const { code, stdout, stderr } = await start().ended;
  expect({ code, folder: dirname(stdout.trim()) }).toEqual({ code: 0, folder: on.cache });
  expect(stderr).toContain("building");
});

test("with neither pulumi nor go it says what to install", async () => {
  on = machine({});
  const { code, stdout, stderr } = await start().ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  for (const part of [
    "neither `pulumi` nor `go` is on PATH",
    "https://www.pulumi.com/docs/install/",
    "https://go.dev/doc/install",
  ])
    expect(stderr).toContain(part);
});

test.each([
  [
    "a registry that does not answer",
    `echo 'dial tcp: lookup registry: no such host' >&2; exit 1`,
    75,
    "does not answer",
  ],
  [
    "a module that is not what go.sum says",
    `echo 'verifying module: checksum mismatch' >&2; exit 1`,
    1,
    "checksum mismatch",
  ],
  ["a disk that is full", `echo 'write /x: no space left on device' >&2; exit 1`, 1, "the disk is full"],
  [
    "a Go that is too old",
    `echo 'go: go.mod requires go >= 1.25.11 (running go 1.20)' >&2; exit 1`,
    1,
    "requires go >= 1.25.11",
  ],
  [
    "a build that fails",
    `if [ "$1" = build ]; then echo 'cannot compile x.go' >&2; exit 1; fi`,
    1,
    "cannot compile x.go",
  ],
  [
    "a disk that fills up while it builds",
    `if [ "$1" = build ]; then echo 'no space left on device' >&2; exit 1; fi`,
    1,
    "the disk is full",
  ],
])("%s: an error of its own, and nothing half made", async (_, script, exitCode, said) => {
  on = machine({ go: script });
  await expect(get()).rejects.toMatchObject({
    name: "EngineUnavailable",
    exitCode,
    message: expect.stringContaining(said) as unknown,
  });
  expect(on.cached()).toEqual([]);
});

const HANGS = `
if [ "$1" = build ]; then
  while [ "$1" != -o ]; do shift; done
  echo half > "$2"
  echo $$ > "$NOTES/building"
  exec sleep 600
fi`;

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends the build, and leaves nothing half made",
  async (signal) => {
    on = machine({ go: HANGS });
    const { child, ended } = start();
    await noted("building");
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout, cached: on.cached() }).toEqual({ code: 1, stdout: "", cached: [] });
    expect(stderr).toContain("run it again");
  },
);

test("what a killed build left is removed by the next call, which builds", async () => {
  on = machine({ go: HANGS });
  const { child, ended } = start();
  await noted("building");
  const builder = Number(readFileSync(join(on.env.NOTES, "building"), "utf8"));
  child.kill("SIGKILL");
  process.kill(builder, "SIGKILL");
  await ended;
  expect(on.cached()).toHaveLength(1);
  writeFileSync(join(on.bin, "go"), `#!/bin/sh\n${BUILDS}\n`);
  const folder = await get();
  const made = [folder.slice(on.cache.length + 1), expect.stringMatching(/^pulumi-v[\d.]+-\w+$/)];
  expect(on.cached().sort()).toEqual(made);
});

test("two at once both get the whole folder", async () => {
  // Neither goes on before both have begun to build.
  on = machine({
    go: `if [ "$1" = build ]; then echo x > "$NOTES/$$"; until [ $(ls "$NOTES" | grep -c '^[0-9]') = 2 ]; do sleep 0.02; done; fi\n${BUILDS}`,
  });
  const [one, two] = await Promise.all([start().ended, start().ended]);
  expect([one.code, two.code]).toEqual([0, 0]);
  expect(one.stdout).toBe(two.stdout);
  expect(readFileSync(join(one.stdout.trim(), "pulumi"), "utf8")).toBe("the CLI\n");
  expect(on.cached()).toHaveLength(2);
});
