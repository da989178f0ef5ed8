import { startEmulator, type Emulator } from "../../emulator/index";
import { readyPython } from "../harness/python";
import { writeReport } from "../harness/report";
import { breakages, control, type Breakage } from "./breakages";
import { parseOptions, usage, type Options } from "./options";
import { startBrokenProxy } from "./proxy";
import { countResults, runExtra, runOwn, scenarioCount, type ScenarioResult } from "./scenarios";
import { ownTranscript, recordExercise, replayFiles } from "./transcript";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Operations that take a little while, so that their states are seen; short pages, so that lists have several. */
const start = ({ accessToken, workspaceId }: Options): Promise<Emulator> =>
  startEmulator({ accessToken, workspaceId, operationTime: 60, pageSize: 3 });

async function honest(python: string | undefined, options: Options): Promise<boolean> {
  const replayed = await transcripts(options);
  const results = [...replayed, ...(python === undefined ? [] : await scenarios(python, options))];
  const { passed, failed, skipped } = countResults(results);
  const notRun = skipped + (python === undefined ? scenarioCount() : 0);
  writeReport("conformance", { passed, failed, skipped: notRun }, { scenarios: results });
  const requests = results.reduce((sum, r) => sum + (r.requests ?? 0), 0);
  say(`conformance: ${passed} passed, ${failed} failed, ${notRun} skipped; ${requests} requests`);
  return failed === 0;
}

async function scenarios(python: string, options: Options): Promise<readonly ScenarioResult[]> {
  const emulator = await start(options);
  try {
    const own = await runOwn(python, emulator, options.only);
    const extra = options.extra === undefined ? [] : await runExtra(python, options.extra, emulator);
    return [...own, ...extra];
  } finally {
    await emulator.close();
  }
}

/** Replays our own transcript and those of users; they need no Python. */
async function transcripts({ transcripts: given, only }: Options): Promise<readonly ScenarioResult[]> {
  const results = (await replayFiles([ownTranscript(), ...given])).filter(({ name }) => name.includes(only));
  for (const { name, result, requests, why } of results) {
    say(`${result}  ${name} (${requests} requests)`);
    for (const line of why?.split("\n") ?? []) say(`      ${line}`);
  }
  return results;
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

/** @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === "help") {
    say(usage.trimEnd());
    return 0;
  }
  if (options.record) {
    await recordExercise(ownTranscript());
    say(`written: ${ownTranscript()}`);
    return 0;
  }
  const python = readyPython(say);
  if (options.breakages.length === 0) return (await honest(python, options)) ? 0 : 1;
  return python === undefined || (await broken(python, options)) ? 0 : 1;
}
