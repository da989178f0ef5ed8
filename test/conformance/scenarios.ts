import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Ready } from "../harness/emulator-process";
import { repository } from "../harness/project-folder";
import type { Counts } from "../harness/report";

const folder = path.join(repository(), "test", "conformance");

/** What a scenario came to, as the Python programs report it. */
export interface ScenarioResult {
  readonly name: string;
  readonly result: "pass" | "fail" | "skip";
  readonly requests?: number;
  readonly why?: string;
}

export function countResults(results: readonly ScenarioResult[]): Counts {
  const of = (result: ScenarioResult["result"]) => results.filter((r) => r.result === result).length;
  return { passed: of("pass"), failed: of("fail"), skipped: of("skip") };
}

/** How many scenarios there are, without running them. */
export const scenarioCount = (): number =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".py") && name !== "scenario.py")
    .map((name) => readFileSync(path.join(folder, name), "utf8").match(/^@scenario\(/gm)?.length ?? 0)
    .reduce((sum, count) => sum + count, 0);

function spawnPython(python: string, args: readonly string[], silent: boolean): Promise<number> {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  const child = spawn(python, args, { stdio: ["ignore", silent ? "ignore" : "inherit", "inherit"], env });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

/** Runs a program that writes its results to `--json FILE`. Without results it counts as one failure. */
async function collect(python: string, script: string, args: readonly string[], silent: boolean) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), "conformance-"));
  const json = path.join(scratch, "results.json");
  try {
    const status = await spawnPython(python, [script, ...args, "--json", json], silent);
    if (existsSync(json)) return JSON.parse(readFileSync(json, "utf8")) as ScenarioResult[];
    const why = `it ended with status ${status} and no results`;
    return [{ name: path.basename(script), result: "fail", why }] satisfies ScenarioResult[];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs our own scenarios; with `failFast` silently and to the first failure. */
export const runOwn = (
  python: string,
  target: Ready,
  only: string,
  failFast = false,
): Promise<ScenarioResult[]> =>
  collect(
    python,
    path.join(folder, "run.py"),
    [
      ...["--server", target.url, "--discovery-url", target.discoveryUrl],
      ...["--workspace-id", target.workspaceId, "--token", target.accessToken, "--only", only],
      ...(failFast ? ["--fail-fast"] : []),
    ],
    failFast,
  );

/** Runs another script against the same server. Endpoints with versions are none of the emulator's. */
export const runExtra = (python: string, script: string, target: Ready): Promise<ScenarioResult[]> =>
  collect(python, path.resolve(script), ["--server", target.url, "--skip", "endpoint"], false);
