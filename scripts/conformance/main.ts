import { startEmulator, type Emulator } from "../../emulator/index";
import { breakages, control, type Breakage } from "./breakages";
import { parseOptions, usage, type Options } from "./options";
import { startBrokenProxy } from "./proxy";
import { clientPython, clientVersion, findPython } from "./python";
import { countResults, writeReport } from "./report";
import { runExtra, runOwn, scenarioCount, type ScenarioResult } from "./scenarios";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Operations that take a little while, so that their states are seen; short pages, so that lists have several. */
const start = ({ accessToken, workspaceId }: Options): Promise<Emulator> =>
  startEmulator({ accessToken, workspaceId, operationTime: 60, pageSize: 3 });

async function honest(python: string, options: Options): Promise<boolean> {
  const emulator = await start(options);
  try {
    const own = await runOwn(python, emulator, options.only);
    const extra = options.extra === undefined ? [] : await runExtra(python, options.extra, emulator);
    const results = [...own, ...extra];
    const count = countResults(results);
    writeReport(count, results);
    const requests = results.reduce((sum, r) => sum + (r.requests ?? 0), 0);
    say(
      `conformance: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped; ${requests} requests`,
    );
    return count.failed === 0;
  } finally {
    await emulator.close();
  }
}

async function firstFailure(
  python: string,
  options: Options,
  breakage: Breakage,
): Promise<ScenarioResult | undefined> {
  const emulator = await start(options);
  const proxy = await startBrokenProxy(emulator.url, breakage);
  const { workspaceId, accessToken } = emulator;
  const target = { url: proxy.url, discoveryUrl: `${proxy.url}/discovery`, workspaceId, accessToken };
  try {
    return (await runOwn(python, target, options.only, true)).find((r) => r.result === "fail");
  } finally {
    proxy.close();
    await emulator.close();
  }
}

/** Every breakage must make a scenario fail; without one, none may. */
async function broken(python: string, options: Options): Promise<boolean> {
  const spoiled = await firstFailure(python, options, control);
  if (spoiled !== undefined)
    throw new Error(`a scenario fails without a breakage: ${spoiled.name}: ${spoiled.why}`);
  let unnoticed = 0;
  for (const breakage of breakages.filter((b) => options.breakages.includes(b.name))) {
    const failure = await firstFailure(python, options, breakage);
    if (failure === undefined) unnoticed += 1;
    say(`${failure === undefined ? "NOT NOTICED" : "noticed"}  ${breakage.name}: ${breakage.says}`);
    if (failure !== undefined) say(`      ${failure.name}: ${(failure.why ?? "").split("\n")[0]}`);
  }
  say(`breakages: ${options.breakages.length - unnoticed} noticed, ${unnoticed} not noticed`);
  return unnoticed === 0;
}

function skip(): boolean {
  const skipped = scenarioCount();
  writeReport({ passed: 0, failed: 0, skipped }, []);
  say(
    `skipped: no Python 3.9 to 3.11 with venv on PATH (azureml-core ${clientVersion} has no later release).`,
  );
  say("Install Python 3.11 (Debian and Ubuntu: python3.11 python3.11-venv), or name one in PYTHON.");
  return true;
}

async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(args);
  if (options === "help") return say(usage.trimEnd());
  const base = findPython();
  if (base === undefined) return void skip();
  const python = clientPython(base, say);
  const good = await (options.breakages.length > 0 ? broken : honest)(python, options);
  process.exitCode = good ? 0 : 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`conformance: ${(error as Error).message}\n`);
  process.exitCode = 2;
});
