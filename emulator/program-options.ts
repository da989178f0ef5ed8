import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { EmulatorOptions } from "./index";
import { parseSeed } from "./state/seed";
import { parseWorkspaceId } from "./state/workspace";

export const usage = `Usage: azureml-emulator [options]

Serves an Azure ML workspace with web services on AKS on 127.0.0.1. When it is ready it prints one JSON line:
{"url","discoveryUrl","accessToken","workspaceId"}. SIGTERM and SIGINT end it.

  --port N               port on 127.0.0.1; 0 takes a free one              (default 0)
  --access-token T       the bearer token that is accepted                  (default a made-up one)
  --workspace-id ID      the workspace's ARM id                             (default a made-up one)
  --data DIR             keep the state in this folder over a restart       (default in memory)
  --latency MS           wait before every answer                           (default 0)
  --requests-per-second N  answer 429 to what comes more often           (default no limit)
  --operation-time MS    how long an operation runs                         (default 300)
  --seed FILE            JSON: {"computes","models","images","services"}    (default everything exists)
  --page-size N          services on one page of a list                     (default 100)
  --token-lifetime S     how long a scoring token is good for               (default 43200)
  --upload-lifetime S    how long an upload URL is good for                 (default 3600)
  --help                 this text

GET {url}/_emulator/requests shows what was sent; POST {url}/_emulator/faults makes trouble on demand (429, 5xx, cut
connections, failed and stuck operations, …); POST {url}/_emulator/gates holds a request or an operation.
`;

const options = {
  port: { type: "string" },
  "access-token": { type: "string" },
  "workspace-id": { type: "string" },
  data: { type: "string" },
  latency: { type: "string" },
  "requests-per-second": { type: "string" },
  "operation-time": { type: "string" },
  seed: { type: "string" },
  "page-size": { type: "string" },
  "token-lifetime": { type: "string" },
  "upload-lifetime": { type: "string" },
  help: { type: "boolean" },
} as const;

type Values = { [name in keyof typeof options]?: string | boolean };
type Numeric =
  | "port"
  | "latency"
  | "requestsPerSecond"
  | "operationTime"
  | "pageSize"
  | "tokenLifetime"
  | "uploadLifetime";

const numeric: readonly (readonly [keyof typeof options, Numeric, number, number])[] = [
  ["port", "port", 0, 65535],
  ["latency", "latency", 0, 3_600_000],
  ["requests-per-second", "requestsPerSecond", 1, 1_000_000],
  ["operation-time", "operationTime", 0, 86_400_000],
  ["page-size", "pageSize", 1, 10_000],
  ["token-lifetime", "tokenLifetime", 1, 10_000_000],
  ["upload-lifetime", "uploadLifetime", 1, 10_000_000],
];

function numberOption(
  values: Values,
  [name, member, least, most]: (typeof numeric)[number],
): EmulatorOptions {
  const text = values[name];
  if (text === undefined) return {};
  const value = typeof text === "string" && /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new Error(`--${name}: expected an integer from ${least} to ${most}, found "${String(text)}"`);
  return { [member]: value };
}

function readSeed(file: string): EmulatorOptions {
  try {
    return { seed: parseSeed(JSON.parse(readFileSync(file, "utf8"))) };
  } catch (error) {
    throw new Error(`--seed ${file}: ${(error as Error).message}`);
  }
}

function textOptions(values: Values): EmulatorOptions {
  const accessToken = values["access-token"];
  const workspaceId = values["workspace-id"];
  if (accessToken === "") throw new Error("--access-token: expected a text, found nothing");
  if (typeof workspaceId === "string") parseWorkspaceId(workspaceId);
  return {
    ...(typeof accessToken === "string" ? { accessToken } : {}),
    ...(typeof workspaceId === "string" ? { workspaceId } : {}),
    ...(typeof values.data === "string" ? { data: values.data } : {}),
    ...(typeof values.seed === "string" ? readSeed(values.seed) : {}),
  };
}

/** Reads the program's arguments; "help" when they ask for it. Throws with what was expected. */
export function parseProgramOptions(args: readonly string[]): EmulatorOptions | "help" {
  const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  if (values.help === true) return "help";
  const numbers = numeric.map((row) => numberOption(values, row));
  return Object.assign({}, textOptions(values), ...numbers) as EmulatorOptions;
}
