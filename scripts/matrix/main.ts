import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { prepareCopy } from "./copy";
import { run } from "./run";

/** What meets Node.js and Pulumi: the SDK class, the provider in Pulumi's own process, whole programs. */
const suites = ["test/sdk", "test/lifecycle/host", "test/lifecycle/rows", "test/e2e/examples"];

const root = resolve(__dirname, "..", "..", "..");
const reports = resolve(root, "reports");
const SAY = "`Node.js ${process.version}, @pulumi/pulumi ${require('@pulumi/pulumi/version').version}`";

/** The exit status of the tests on one version, with all that was printed. */
async function testOn(version: string): Promise<{ readonly status: number; readonly printed: string }> {
  const copy = await prepareCopy(root, version);
  try {
    const { printed: said } = await run("node", ["-p", SAY], copy);
    const report = resolve(reports, `jest-node${version}.json`);
    const tests = await run("npx", ["jest", ...suites, "--json", `--outputFile=${report}`], copy);
    return { status: tests.status, printed: `\n${said}${tests.printed}` };
  } finally {
    copy.remove();
  }
}

/**
 * Runs tests on other versions of Node.js, each with the newest @pulumi/pulumi, in a copy of
 * the tracked files: `npm run matrix -- 22 24`. The versions run at the same time, since much of it is waiting.
 */
async function main(versions: readonly string[]): Promise<number> {
  mkdirSync(reports, { recursive: true });
  const failed = await Promise.all(
    versions.map(async (version) => {
      const { status, printed } = await testOn(version);
      process.stdout.write(printed);
      return status === 0 ? [] : [version];
    }),
  );
  if (failed.flat().length === 0) return 0;
  console.error(`Tests failed on Node.js ${failed.flat().join(", ")}.`);
  return 1;
}

const given = process.argv.slice(2);
main(given.length > 0 ? given : ["22", "24"]).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
