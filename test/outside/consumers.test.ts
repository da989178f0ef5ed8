import { join } from "node:path";
import { forgetOwnSettings } from "../harness/session";
import { repository } from "../harness/project-folder";
import { must, run } from "../harness/run";
import { MANAGERS } from "../matrix/support";
import { environment, npmInstall, outsideFolder, removeFolder, tarball, write } from "./packed";

jest.setTimeout(600_000);
forgetOwnSettings();

const root = outsideFolder();
afterAll(() => removeFolder(root));

/** One of the repository's package managers, in a folder outside. */
const manager =
  (name: string, ...args: readonly string[]) =>
  (folder: string): Promise<void> =>
    must(join(repository(), "node_modules", ".bin", name), args, { folder, env: environment() });

/** In no lock file: its program is as large as all else that is developed with. */
async function bun(folder: string): Promise<void> {
  const own = join(root, ".bun");
  await must(
    "npm",
    ["install", "--prefix", own, "--prefer-offline", "--no-audit", "--no-fund", "bun@1.4.5"],
    {
      folder: root,
      env: environment(),
    },
  );
  await must(join(own, "node_modules", ".bin", "bun"), ["install"], { folder, env: environment() });
}

const managers: Readonly<Record<(typeof MANAGERS)[number], (folder: string) => Promise<void>>> = {
  npm: npmInstall,
  pnpm: manager("pnpm", "install", "--prefer-offline"),
  // As README says for Node.js 20: Yarn 1 takes the newest Pulumi, which asks for Node.js 22.
  // A cache of its own, since Yarn 1 takes a tarball of the same version for the one that it has seen before.
  yarn: manager("yarn", "install", "--ignore-engines", "--no-lockfile", "--cache-folder", "cache"),
  bun,
};

/** Uses every entry point, and makes a service under Pulumi's mocks. Readable as JavaScript, too. */
const PROGRAM = `
async function main() {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name + "-id", state: inputs }),
    call: ({ inputs }) => inputs,
  });
  const service = new azureml.AksWebservice("fraud", { computeTargetName: "aks-prod", cpuCores: 0.5 });
  const cpuCores = await new Promise((resolve) => void service.cpuCores.apply(resolve));
  const emulator = await startEmulator();
  await emulator.close();
  console.log(JSON.stringify({ cpuCores, host: new URL(emulator.url).hostname, create: typeof aksWebservice.create }));
}
main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
`;

const printed = JSON.stringify({ cpuCores: 0.5, host: "127.0.0.1", create: "function" });

const REQUIRES = `
const pulumi = require("@pulumi/pulumi");
const azureml = require("pulumi-azureml");
const { aksWebservice } = require("pulumi-azureml/provider");
const { startEmulator } = require("pulumi-azureml/emulator");
`;

const IMPORTS = `
import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";
import { aksWebservice } from "pulumi-azureml/provider";
import { startEmulator } from "pulumi-azureml/emulator";
`;

/** Types that are missing would be \`any\`, which accepts all of this. */
const TYPES = `
import type { EmulatorOptions } from "pulumi-azureml/emulator";
// @ts-expect-error -- a number
export const args: azureml.AksWebserviceArgs = { computeTargetName: "aks-prod", cpuCores: "many" };
// @ts-expect-error -- a number
export const options: EmulatorOptions = { port: "any" };
// @ts-expect-error -- an id comes first
export const removed = () => aksWebservice.delete(7);
`;

const TYPESCRIPT = IMPORTS + TYPES + PROGRAM;

interface Kind {
  readonly compilerOptions?: Readonly<Record<string, string>>;
  readonly type?: "module" | "commonjs";
  /** The sources, and what to run for each. */
  readonly sources: Readonly<Record<string, string>>;
  readonly run: readonly string[];
}

const bothModules = { "index.cts": TYPESCRIPT, "index.mts": TYPESCRIPT };

const kinds: Readonly<Record<string, Kind>> = {
  CommonJS: { sources: { "index.cjs": REQUIRES + PROGRAM }, run: ["index.cjs"] },
  ESM: { sources: { "index.mjs": IMPORTS + PROGRAM }, run: ["index.mjs"] },
  "TypeScript, node": {
    compilerOptions: { module: "commonjs", moduleResolution: "node" },
    sources: { "index.ts": TYPESCRIPT },
    run: ["out/index.js"],
  },
  "TypeScript, node16": {
    compilerOptions: { module: "node16", moduleResolution: "node16" },
    sources: bothModules,
    run: ["out/index.cjs", "out/index.mjs"],
  },
  "TypeScript, nodenext": {
    compilerOptions: { module: "nodenext", moduleResolution: "nodenext" },
    sources: bothModules,
    run: ["out/index.cjs", "out/index.mjs"],
  },
  "TypeScript, bundler": {
    compilerOptions: { module: "esnext", moduleResolution: "bundler" },
    type: "module",
    sources: { "index.ts": TYPESCRIPT },
    run: ["out/index.js"],
  },
};

const projectOf = (name: string): string =>
  JSON.stringify({
    name,
    private: true,
    dependencies: { "@pulumi/pulumi": "^3.216.0", "pulumi-azureml": `file:${tarball()}` },
    devDependencies: { "@types/node": "^20.0.0", typescript: "^5.9.0" },
  });

const installs = new Map<string, Promise<void>>();

/** One install for all kinds of modules. */
function install(name: (typeof MANAGERS)[number]): Promise<void> {
  const folder = join(root, name);
  if (!installs.has(name)) write(folder, { "package.json": projectOf(name) });
  const begun = installs.get(name) ?? managers[name](folder);
  installs.set(name, begun);
  return begun;
}

/** Compiles where there is something to compile, with the project's own compiler; a type that is wrong fails. */
async function compile(folder: string, { compilerOptions }: Kind): Promise<void> {
  if (compilerOptions === undefined) return;
  const options = { strict: true, target: "ES2022", skipLibCheck: true, types: ["node"], outDir: "out" };
  write(folder, {
    "tsconfig.json": JSON.stringify({
      compilerOptions: { ...options, ...compilerOptions },
      include: ["index.*"],
    }),
  });
  const compiler = join("..", "node_modules", "typescript", "bin", "tsc");
  await must(process.execPath, [compiler, "--project", "."], { folder, env: environment() });
}

describe.each(MANAGERS)("installed by %s", (name) => {
  // Yarn 1 and bun lay packages out as npm does.
  const all = Object.entries(kinds);
  test.concurrent.each(name === "yarn" || name === "bun" ? all.slice(0, 2) : all)(
    "%s: every entry point, and a service under mocks",
    async (label, kind) => {
      await install(name);
      const folder = join(root, name, label.replace(/\W+/g, "-"));
      write(folder, { "package.json": JSON.stringify({ type: kind.type ?? "commonjs" }), ...kind.sources });
      await compile(folder, kind);
      for (const file of kind.run)
        expect(await run(process.execPath, [file], { folder, env: environment() })).toEqual({
          status: 0,
          printed: `${printed}\n`,
        });
    },
  );
});
