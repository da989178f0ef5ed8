import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

/** What meets Node.js and Pulumi: the SDK class, the provider in Pulumi's own process, whole programs. */
const suites = ["test/sdk", "test/lifecycle/host", "test/lifecycle/rows", "test/e2e/examples"];

/**
 * Runs tests on other versions of Node.js, each with the newest @pulumi/pulumi, in a copy of
 * the tracked files: `npm run matrix -- 22 24`.
 */
const root = join(__dirname, "..", "..", "..");
const reports = join(root, "reports");

const run = (command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): number =>
  spawnSync(command, args, { cwd, env, stdio: "inherit" }).status ?? 1;

const copyTracked = (to: string): void => {
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
  for (const file of files.filter(Boolean)) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(root, file), join(to, file), { verbatimSymlinks: true });
  }
};

const install = (folder: string, version: string): void => {
  const npm = (...args: string[]) => execFileSync("npm", args, { cwd: folder, stdio: "inherit" });
  npm("pkg", "set", "devDependencies.@pulumi/pulumi=latest");
  rmSync(join(folder, "package-lock.json"));
  // What is published has been built once, with the Pulumi of this repository; it is that which must run.
  npm("install", "--no-package-lock", "--ignore-scripts", "--loglevel=error");
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
  npm("install", "--prefix", join(folder, ".node"), "--loglevel=error", `node@${version}`);
};

const testOn = (version: string): number => {
  const folder = mkdtempSync(join(tmpdir(), `azureml-node${version}-`));
  try {
    copyTracked(folder);
    install(folder, version);
    const path = [join(folder, ".node", "node_modules", "node", "bin"), process.env["PATH"]].join(delimiter);
    const env = { ...process.env, PATH: path };
    run(
      "node",
      ["-p", "`Node.js ${process.version}, @pulumi/pulumi ${require('@pulumi/pulumi/version').version}`"],
      folder,
      env,
    );
    const report = resolve(reports, `jest-node${version}.json`);
    return run("npx", ["jest", ...suites, "--json", `--outputFile=${report}`], folder, env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

mkdirSync(reports, { recursive: true });
const versions = process.argv.slice(2);
const failed = (versions.length > 0 ? versions : ["22", "24"]).filter((version) => testOn(version) !== 0);
if (failed.length > 0) {
  console.error(`Tests failed on Node.js ${failed.join(", ")}.`);
  process.exitCode = 1;
}
