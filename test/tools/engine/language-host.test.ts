import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { openProgramServer, type ProgramServer } from "./program-server";

const HOST = join(__dirname, "..", "..", "..", "dist", "tools", "engine", "language-host", "main.js");
const MODULES = join(__dirname, "..", "..", "..", "node_modules");

jest.setTimeout(120_000);

type Files = Readonly<Record<string, string>>;

type Host = Awaited<ReturnType<typeof startHost>>;

let root: string;
let engine: ProgramServer;
let shared: Host;
/** The shared one, but in tests that start their own. */
let host: Host;

beforeAll(async () => {
  engine = await openProgramServer();
  shared = await startHost();
});
beforeEach(() => {
  root = mkdtempSync(join(realpathSync(tmpdir()), "language-host-test-"));
  host = shared;
  engine.clear();
  host.lines.length = 0;
});
afterEach(() => {
  if (host !== shared) host.stop();
  rmSync(root, { recursive: true });
});
afterAll(() => {
  shared.stop();
  engine.close();
});

/** The host as the CLI starts it, with the engine's address, its port in the first line. */
async function startHost(path = process.env["PATH"]) {
  const child = spawn(process.execPath, [HOST, engine.address], {
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const stdout = createInterface(child.stdout);
  const port = await new Promise<string>((resolve) => stdout.once("line", resolve));
  stdout.on("line", (line) => lines.push(line));
  createInterface(child.stderr).on("line", (line) => lines.push(line));
  const client = new LanguageRuntimeClient(`127.0.0.1:${port}`, credentials.createInsecure());
  return {
    client,
    /** What the CLI shows of the program's output. */
    lines,
    stop: () => {
      client.close();
      child.kill("SIGKILL");
    },
  };
}

function write(files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

/** A project's folder, with this repository's packages unless it brings its own. */
function project(files: Files): void {
  write(files);
  if (!existsSync(join(root, "node_modules"))) symlinkSync(MODULES, join(root, "node_modules"));
}

function info(options: Record<string, unknown> = {}, entryPoint = "."): language.ProgramInfo {
  return new language.ProgramInfo()
    .setRootDirectory(root)
    .setProgramDirectory(root)
    .setEntryPoint(entryPoint)
    .setOptions(Struct.fromJavaScript(options as never));
}

function runRequest(options?: Record<string, unknown>, entryPoint?: string): language.RunRequest {
  return new language.RunRequest()
    .setInfo(info(options, entryPoint))
    .setMonitorAddress(engine.address)
    .setOrganization("acme")
    .setProject("prices")
    .setStack("dev")
    .setParallel(4);
}

const run = (request: language.RunRequest): Promise<language.RunResponse.AsObject> =>
  new Promise((resolve, reject) =>
    host.client.run(request, (error, response) => (error ? reject(error) : resolve(response.toObject()))),
  );

/** The SDK writes traces in colours, for which Node.js 20.20 takes half a minute when they lead through node_modules. */
const NO_TRACE = "Error.stackTraceLimit = 0;";

const SUCCEEDED = { error: "", bail: false };

/** A program writes down what it finds, for the test to read. */
const written = (): unknown => JSON.parse(readFileSync(join(root, "written.json"), "utf8"));

describe("a program", () => {
  test("in JavaScript finds the stack, its arguments, its configuration, and which of it is secret", async () => {
    project({
      "index.js": `
const pulumi = require("@pulumi/pulumi");
const config = new pulumi.Config();
(async () => require("fs").writeFileSync("written.json", JSON.stringify({
  names: [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()],
  dryRun: pulumi.runtime.isDryRun(), args: process.argv.slice(2), pwd: process.cwd() === __dirname,
  size: config.get("size"), odd: new pulumi.Config("aws").get("a:b"),
  secret: [await pulumi.isSecret(config.getSecret("key") ?? ""), pulumi.runtime.isConfigSecret("prices:key"), pulumi.runtime.isConfigSecret("prices:size")],
})))();`,
    });
    const request = runRequest().setDryrun(true).setArgsList(["one", "--two"]);
    request.getConfigMap().set("prices:size", "3").set("prices:key", "hush").set("aws:a:b", "x");
    request.setConfigsecretkeysList(["prices:key"]);
    expect(await run(request)).toEqual(SUCCEEDED);
    expect(written()).toEqual({
      names: ["acme", "prices", "dev"],
      ...{ dryRun: true, args: ["one", "--two"], pwd: true, size: "3", odd: "x" },
      secret: [true, true, false],
    });
  });

  test("in TypeScript is compiled, and its outputs reach the engine", async () => {
    project({
      "index.ts": `export const size: number = 3;`,
      "tsconfig.json": "{}",
      "package.json": `{"main":"index.ts"}`,
    });
    expect(await run(runRequest())).toEqual(SUCCEEDED);
    expect(engine.outputs()).toEqual({ size: 3 });
  });

  test("in TypeScript that does not compile fails, and the user has been shown why", async () => {
    project({
      "index.ts": `export const size: number = "three";`,
      "tsconfig.json": `{"compilerOptions":{"strict":true}}`,
      "package.json": `{"main":"index.ts"}`,
    });
    const { error, bail } = await run(runRequest());
    expect(error === "" ? bail : error).toBeTruthy();
    expect([...host.lines, ...engine.logged()].join("\n")).toContain(
      "Type 'string' is not assignable to type 'number'",
    );
  });

  test("of ES modules runs", async () => {
    project({
      "index.js": `import * as pulumi from "@pulumi/pulumi"; export const stack = pulumi.getStack();`,
      "package.json": `{"type":"module","main":"index.js"}`,
    });
    expect(await run(runRequest())).toEqual(SUCCEEDED);
    expect(engine.outputs()).toEqual({ stack: "dev" });
  });

  test("is found by Pulumi.yaml's `main`, with the arguments for Node.js that it names", async () => {
    project({
      "other.js": `require("fs").writeFileSync("written.json", JSON.stringify([process.title, process.execArgv]));`,
    });
    expect(
      await run(
        runRequest({ nodeargs: `--title="a title" --stack-size=500`, typescript: false }, "other.js"),
      ),
    ).toEqual(SUCCEEDED);
    expect(written()).toEqual(["a title", ["--title=a title", "--stack-size=500"]]);
  });

  test("that prints is heard on both streams, up to its end", async () => {
    project({
      "index.js": `console.log("to stdout"); console.error("to stderr"); process.on("exit", () => console.log("the end"));`,
    });
    expect(await run(runRequest())).toEqual(SUCCEEDED);
    expect(host.lines).toEqual(expect.arrayContaining(["to stdout", "to stderr", "the end"]));
  });

  test.each([
    [
      "exits with a status of its own",
      `process.exit(3);`,
      { error: "Program exited with non-zero exit code: 3", bail: false },
    ],
    [
      "throws, which the user has been shown",
      `${NO_TRACE} throw new Error("broken");`,
      { error: "", bail: true },
    ],
    [
      "leaves a promise unhandled",
      `${NO_TRACE} Promise.reject(new Error("unhandled"));`,
      { error: "", bail: true },
    ],
    [
      "is killed",
      `process.kill(process.pid, "SIGKILL");`,
      { error: "Program exited with non-zero exit code: -1", bail: false },
    ],
  ])("that %s", async (_, program, expected) => {
    project({ "index.js": program });
    expect(await run(runRequest())).toEqual(expected);
  });

  test("whose SDK is not installed says what to run", async () => {
    write({ "index.js": "" });
    expect(await run(runRequest())).toEqual({
      bail: false,
      error: "It looks like the Pulumi SDK has not been installed. Have you run pulumi install?",
    });
  });

  test.each([
    [{ typescript: "yes" }, "typescript option must be a boolean"],
    [{ nodeargs: 3 }, "nodeargs option must be a string"],
  ])("with the option %j is refused", async (options, error) => {
    project({ "index.js": "" });
    expect(await run(runRequest(options))).toEqual({ error, bail: false });
  });
});

describe("^C", () => {
  const cancel = (): Promise<void> =>
    new Promise((resolve, reject) =>
      host.client.cancel(new Empty(), (error) => (error ? reject(error) : resolve())),
    );
  const started = async (): Promise<void> => {
    while (!host.lines.includes("started")) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  test("interrupts the program, which may end in its own way", async () => {
    project({
      "index.js": `process.on("SIGINT", () => { console.log("interrupted"); process.exit(5); }); console.log("started"); setInterval(() => {}, 1000);`,
    });
    const running = run(runRequest());
    await started();
    await cancel();
    expect(await running).toEqual({ error: "Program exited with non-zero exit code: 5", bail: false });
    expect(host.lines).toContain("interrupted");
  });

  test("interrupts it once, although the CLI both cancels and ends its call", async () => {
    project({
      "index.js": `let times = 0; process.on("SIGINT", () => { times += 1; setTimeout(() => process.exit(10 + times), 1000); }); console.log("started"); setInterval(() => {}, 1000);`,
    });
    const running = run(runRequest());
    await started();
    await cancel();
    await cancel();
    expect(await running).toEqual({ error: "Program exited with non-zero exit code: 11", bail: false });
  });

  test("ends a program that does not heed it", async () => {
    project({
      "index.js": `process.on("SIGINT", () => {}); console.log("started"); setInterval(() => {}, 1000);`,
    });
    const running = run(runRequest());
    await started();
    await cancel();
    expect(await running).toEqual({ error: "Program exited with non-zero exit code: -1", bail: false });
  });
});

describe("packages", () => {
  const files: Files = {
    "package.json": `{"dependencies":{"@pulumi/random":"4","plain":"1","absent":"1"},"devDependencies":{"tool":"2"}}`,
    "node_modules/@pulumi/random/package.json": `{"name":"@pulumi/random","version":"4.1.0","pulumi":{"resource":true}}`,
    "node_modules/plain/package.json": `{"name":"plain","version":"1.2.3"}`,
    "node_modules/plain/node_modules/other/package.json": `{"name":"other","version":"v9.0.0","pulumi":{"resource":true,"name":"nine","server":"https://plugins.example"}}`,
    "node_modules/tool/package.json": `{"name":"tool","version":"2.0.0"}`,
    "node_modules/.bin/x": "",
  };

  test("that stand for a plugin are required, nested ones too, and a link to oneself is no endless way", async () => {
    write(files);
    symlinkSync("..", join(root, "node_modules", "itself"));
    const response = await new Promise<language.GetRequiredPackagesResponse>((resolve, reject) =>
      host.client.getRequiredPackages(
        new language.GetRequiredPackagesRequest().setInfo(info()),
        (error, found) => (error ? reject(error) : resolve(found)),
      ),
    );
    expect(
      response
        .getPackagesList()
        .map((one) => [one.getName(), one.getKind(), one.getVersion(), one.getServer()]),
    ).toEqual([
      ["random", "resource", "v4.1.0", ""],
      ["nine", "resource", "v9.0.0", "https://plugins.example"],
    ]);
  });

  const dependencies = (transitive: boolean): Promise<readonly string[]> =>
    new Promise((resolve, reject) =>
      host.client.getProgramDependencies(
        new language.GetProgramDependenciesRequest().setInfo(info()).setTransitivedependencies(transitive),
        (error, found) =>
          error
            ? reject(error)
            : resolve(
                found
                  .getDependenciesList()
                  .map((one) => `${one.getName()} ${one.getVersion()}`)
                  .sort(),
              ),
      ),
    );

  test("are listed: those that package.json names, or all that are installed", async () => {
    write(files);
    expect(await dependencies(false)).toEqual(["@pulumi/random 4.1.0", "plain 1.2.3", "tool 2.0.0"]);
    expect(await dependencies(true)).toEqual([
      "@pulumi/random 4.1.0",
      "other v9.0.0",
      "plain 1.2.3",
      "tool 2.0.0",
    ]);
  });
});

describe("the package manager", () => {
  /** Every one of them on PATH writes down that it was called, prints on both streams, and ends as it is told to. */
  async function withManagers(status = 0): Promise<void> {
    const bin = join(root, ".bin");
    mkdirSync(bin);
    for (const name of ["npm", "yarn", "pnpm", "bun"]) {
      writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*"\necho "to stderr" >&2\nexit ${status}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    host = await startHost([bin, process.env["PATH"]].join(delimiter));
  }

  const install = (options: Record<string, unknown> = {}): Promise<string> =>
    new Promise((resolve, reject) => {
      let printed = "";
      const stream = host.client.installDependencies(
        new language.InstallDependenciesRequest().setInfo(info(options)),
      );
      stream.on("data", (chunk: language.InstallDependenciesResponse) => {
        printed +=
          Buffer.from(chunk.getStdout_asU8()).toString() + Buffer.from(chunk.getStderr_asU8()).toString();
      });
      stream.on("error", reject).on("end", () => resolve(printed));
    });

  test.each([
    ["npm where nothing says otherwise", {}, {}, "npm install --loglevel=error"],
    ["the lock file's", { "yarn.lock": "" }, {}, "yarn install"],
    ["pnpm by its lock file", { "pnpm-lock.yaml": "" }, {}, "pnpm install"],
    ["the one that Pulumi.yaml names", { "yarn.lock": "" }, { packagemanager: "bun" }, "bun install"],
    [
      "without what only developers need",
      {},
      { production: true },
      "npm install --loglevel=error --production",
    ],
  ])("is %s", async (_, files, options, said) => {
    await withManagers();
    write(files);
    const printed = await install(options);
    for (const part of ["Installing dependencies...", said, "to stderr", "Finished installing"])
      expect(printed).toContain(part);
  });

  test("that fails is an error, after what it printed", async () => {
    await withManagers(7);
    await expect(install()).rejects.toMatchObject({ details: "npm install failed with exit code 7" });
  });

  test("of a name that is none is refused", async () => {
    await expect(install({ packagemanager: "cargo" })).rejects.toMatchObject({
      details: expect.stringContaining(`got "cargo"`) as unknown,
    });
  });

  test("is told by `pulumi about`, with the compiler that the folder itself has", async () => {
    await withManagers();
    write({ "node_modules/typescript/package.json": `{"name":"typescript","version":"3.3.3"}` });
    const response = await new Promise<language.AboutResponse>((resolve, reject) =>
      host.client.about(new language.AboutRequest().setInfo(info()), (error, found) =>
        error ? reject(error) : resolve(found),
      ),
    );
    expect([response.getExecutable(), response.getVersion()]).toEqual([process.execPath, process.version]);
    expect(Object.fromEntries(response.getMetadataMap().getEntryList())).toEqual({
      packagemanager: "npm",
      typescriptVersion: "3.3.3",
    });
  });
});
