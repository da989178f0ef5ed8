import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { repository } from "../harness/project-folder";
import { findPulumi } from "../harness/engines/pulumi";
import { must, run, type Place } from "../harness/run";
import { MATRIX, nameOfRow, parseRow, reportOfRow, type Row } from "./support";

/** What meets Node.js and Pulumi: the SDK class, the provider in Pulumi's own process, whole programs under one engine. */
const suites = (): readonly string[] => [
  ...["test/sdk", "test/lifecycle/host", "test/lifecycle/rows"],
  `test/e2e/examples/${findPulumi() ? "pulumi" : "rehearsal"}`,
];

/** Examples that differ in what they load: models, code and its upload, a model of its own, a component, what is adopted. */
const EXAMPLES = ["quickstart", "deploy-code", "register-model", "environments", "adopt"].join(",");

const root = repository();
const reports = join(root, "reports");
const SAY = "`Node.js ${process.version}, @pulumi/pulumi ${require('@pulumi/pulumi/version').version}`";

/** The exit status of the tests on one row, with all that was printed. */
async function testOn(row: Row): Promise<{ readonly status: number; readonly printed: string }> {
  const copy = await prepareCopy(root, row);
  try {
    const { printed: said } = await run("node", ["-p", SAY], copy);
    const report = join(reports, reportOfRow(row));
    const env = { ...copy.env, EXAMPLES };
    const tests = await run("npx", ["jest", ...suites(), "--json", `--outputFile=${report}`], {
      ...copy,
      env,
    });
    return { status: tests.status, printed: `\n${said}${tests.printed}` };
  } finally {
    copy.remove();
  }
}

/**
 * Runs tests on other versions of Node.js and @pulumi/pulumi, in a copy of the tracked files: `npm run matrix -- 22 20@3.216.0`.
 * The rows run at the same time, since much of it is waiting.
 */
export async function main(given: readonly string[]): Promise<number> {
  const rows = given.length > 0 ? given.map(parseRow) : MATRIX;
  mkdirSync(reports, { recursive: true });
  const failed = await Promise.all(
    rows.map(async (row) => {
      const { status, printed } = await testOn(row);
      process.stdout.write(printed);
      return status === 0 ? [] : [nameOfRow(row)];
    }),
  );
  if (failed.flat().length === 0) return 0;
  console.error(`Tests failed on Node.js ${failed.flat().join(", ")}.`);
  return 1;
}

/** A copy of the tracked files with a Node.js and a Pulumi of its own. */
interface Copy extends Place {
  remove(): void;
}

async function prepareCopy(root: string, row: Row): Promise<Copy> {
  const folder = mkdtempSync(join(tmpdir(), `azureml-node${row.node}-`));
  const path = [join(folder, ".node", "node_modules", "node", "bin"), process.env["PATH"]].join(delimiter);
  const copy = { folder, env: { ...process.env, PATH: path }, remove: () => remove(folder) };
  try {
    copyTracked(root, folder);
    await install(root, row, { folder, env: process.env });
    return copy;
  } catch (error) {
    copy.remove();
    throw error;
  }
}

const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

function copyTracked(root: string, to: string): void {
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
  for (const file of files.filter(Boolean)) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(root, file), join(to, file), { verbatimSymlinks: true });
  }
}

async function install(root: string, { node, pulumi }: Row, place: Place): Promise<void> {
  const npm = (...args: readonly string[]) => must("npm", args, place);
  await npm("pkg", "set", `devDependencies.@pulumi/pulumi=${pulumi}`);
  rmSync(join(place.folder, "package-lock.json"));
  // What is published has been built once, with the Pulumi of this repository; it is that which must run.
  await npm("install", "--no-package-lock", "--ignore-scripts", "--loglevel=error");
  cpSync(join(root, "dist"), join(place.folder, "dist"), { recursive: true });
  await npm("install", "--prefix", join(place.folder, ".node"), "--loglevel=error", `node@${node}`);
}
