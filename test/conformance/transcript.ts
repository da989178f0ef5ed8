import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { commands } from "../../cli/commands";
import { machineContext, runCommand } from "../../cli/program";
import { startEmulator } from "../../emulator/index";
import type { Ready } from "../harness/emulator-process";
import { repository } from "../harness/project-folder";
import type { ScenarioResult } from "./scenarios";

/** One request of a transcript, in the form of the recorded cases, and what was answered. */
interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number;
  readonly response?: unknown;
}

/** What `pulumi-azureml doctor --exercise` saved of one run. */
export interface Transcript {
  readonly name: string;
  readonly requests: readonly Recorded[];
}

/** The transcript that every run replays: of an exercise against the emulator, since there is none of a live workspace yet. */
export const ownTranscript = (): string => join(repository(), "test", "conformance", "exercise.json");

/** Exercises an emulated workspace as a user would, and saves the transcript. */
export async function recordExercise(file: string): Promise<void> {
  const service = { name: "fraud", computeType: "AKS", computeName: "aks-prod" };
  const seed = { services: [{ ...service, environmentImageRequest: { modelIds: ["fraud:7"] } }] };
  const emulator = await startEmulator({ operationTime: 1, seed });
  try {
    const { discoveryUrl, accessToken, workspaceId } = emulator;
    let said = "";
    const stream = { write: (text: string) => (said += text) };
    const exercise = ["--exercise", "scratch", "--like", "fraud", "--transcript", file];
    await runCommand(commands, ["doctor", "--json", ...exercise], {
      ...machineContext(new AbortController().signal),
      env: {
        AZUREML_DISCOVERY_URL: discoveryUrl,
        AZUREML_ACCESS_TOKEN: accessToken,
        AZUREML_WORKSPACE_ID: workspaceId,
      },
      streams: { stdout: stream, stderr: stream },
      machine: { versionOf: async () => undefined },
    });
    if (/"id": "exercise-delete",\s*"status": "ok"/.test(said)) return;
    throw new Error(`expected an exercise that ends with a delete, found: ${said}`);
  } finally {
    await emulator.close();
  }
}

/** @throws for a file that is no transcript */
export function readTranscripts(file: string): readonly Transcript[] {
  let found = "other JSON";
  try {
    const transcripts = JSON.parse(readFileSync(file, "utf8")) as unknown;
    if (Array.isArray(transcripts) && transcripts.every(isTranscript)) return transcripts;
  } catch (error) {
    found = (error as Error).message;
  }
  throw new Error(`expected a transcript of pulumi-azureml doctor --exercise in ${file}, found ${found}`);
}

const isTranscript = (value: unknown): value is Transcript => {
  const { name, requests } = membersOf(value);
  return typeof name === "string" && Array.isArray(requests);
};

/** Sends again what each file recorded, each transcript to a workspace of its own; one result for each. */
export async function replayFiles(files: readonly string[]): Promise<readonly ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for (const file of files)
    for (const transcript of readTranscripts(file)) {
      const emulator = await startEmulator({ operationTime: 1 });
      const { requests, differences } = await replay(transcript, emulator).finally(() => emulator.close());
      const name = `transcript: ${transcript.name}, ${basename(file)}`;
      const why = differences.length === 0 ? {} : { why: differences.join("\n") };
      results.push({ name, requests, result: differences.length === 0 ? "pass" : "fail", ...why });
    }
  return results;
}

/** What the answers so far told, by which later requests find their way. */
interface Told {
  /** Ids of the operations here by those that the transcript has. */
  readonly operations: Map<string, string>;
  latestOperation: string | undefined;
  scoringUri: string | undefined;
  primaryKey: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly operation: string | null;
}

/**
 * Sends a transcript's requests in their order, and compares each answer with the recorded one. Of the polls of an operation
 * only the last counts, since time passes otherwise here. What is not told of others in a transcript is not sent.
 */
export async function replay(
  { requests }: Transcript,
  target: Ready,
): Promise<{ readonly requests: number; readonly differences: readonly string[] }> {
  const told: Told = {
    operations: new Map(),
    latestOperation: undefined,
    scoringUri: undefined,
    primaryKey: undefined,
  };
  const own = requests.filter((request) => isScoring(request) || isOfWorkspace(request));
  const counted = own.filter((request, at) => !isPoll(request) || own[at + 1]?.path !== request.path);
  const differences: string[] = [];
  for (const [at, request] of counted.entries()) {
    const answer = await answerTo(request, target, told);
    remember(answer, told);
    const where = `${at + 1}. ${request.method} ${request.path.replace(/^.*\{workspace\}/, "")}`;
    if (answer.status !== request.status)
      differences.push(`${where}: expected status ${request.status}, found ${answer.status}`);
    else differences.push(...unlike(request.response, answer.body).map((what) => `${where}: ${what}`));
  }
  return { requests: counted.length, differences };
}

const isScoring = ({ headers }: Recorded): boolean => headers["Authorization"] === "Bearer {primaryKey}";
const isOfWorkspace = ({ path }: Recorded): boolean =>
  path.includes("/modelmanagement/v1.0{workspace}/") && !path.includes("{like}");
const operationIn = ({ path }: Recorded): string | undefined => /\/operations\/([^/]+)$/.exec(path)?.[1];
const isPoll = (request: Recorded): boolean => operationIn(request) !== undefined;

/** More polls than any operation of one millisecond takes. */
const MOST_POLLS = 100;

async function answerTo(request: Recorded, target: Ready, told: Told): Promise<Answer> {
  const url = addressOf(request, target, told);
  const credential = isScoring(request) ? told.primaryKey : target.accessToken;
  const hasEnded = membersOf(request.response)["endTime"] !== null;
  for (let polls = 1; ; polls += 1) {
    const answer = await send(request, url, String(credential));
    const isRunning = ["NotStarted", "Running"].includes(String(membersOf(answer.body)["state"]));
    if (!isPoll(request) || !hasEnded || !isRunning || polls >= MOST_POLLS) return answer;
  }
}

function addressOf(request: Recorded, { url, workspaceId }: Ready, told: Told): string {
  if (isScoring(request)) return told.scoringUri ?? `${url}/no-scoring-uri-was-told`;
  const id = operationIn(request) ?? "";
  if (!told.operations.has(id) && told.latestOperation !== undefined)
    told.operations.set(id, told.latestOperation);
  const path = request.path
    .replace(/^.*(\/modelmanagement\/)/, "$1")
    .replace("{workspace}", workspaceId)
    .replace(/(?<=\/operations\/)[^/]+$/, (recorded) => told.operations.get(recorded) ?? recorded);
  return `${url}${encodeURI(path)}?${new URLSearchParams(request.query).toString()}`;
}

async function send({ method, headers, body }: Recorded, url: string, credential: string): Promise<Answer> {
  const sent = body === null ? {} : { body: JSON.stringify(body) };
  const response = await fetch(url, {
    method,
    headers: { ...headers, Authorization: `Bearer ${credential}` },
    ...sent,
  });
  const text = await response.text();
  return {
    status: response.status,
    body: parsed(text),
    operation: response.headers.get("operation-location"),
  };
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
};

function remember({ body, operation }: Answer, told: Told): void {
  const { scoringUri, primaryKey } = membersOf(body);
  // Its last segment is the id, in whatever form the address is.
  if (operation !== null) told.latestOperation = operation.split("/").at(-1);
  if (typeof scoringUri === "string") told.scoringUri = scoringUri;
  if (typeof primaryKey === "string") told.primaryKey = primaryKey;
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

/** Members that a transcript does not tell, and lists, which it empties. */
const HIDDEN =
  /^(createdBy|scoringUri|swaggerUri|operationLog|streamingOperationLog|contentUri|models|computeName|imageId|environmentImageRequest|primaryKey|secondaryKey|value)$/;

/** Members that time, chance or a writer of messages makes. */
const MADE =
  /^(id|operationId|parentRequestId|createdTime|updatedTime|endTime|time|correlation|message|imageDigest)$/;

const typeOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "list" : typeof value;

/** How an answer differs from the recorded one: members that are more or fewer, and values. Nothing where none was recorded. */
function unlike(expected: unknown, found: unknown): readonly string[] {
  return expected === undefined || expected === null ? [] : unlikeAt("", expected, found);
}

function unlikeAt(at: string, expected: unknown, found: unknown): readonly string[] {
  const name = at.split(".").at(-1)!;
  if (HIDDEN.test(name)) return [];
  const said = `${at || "the answer"}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;
  if (typeOf(expected) !== typeOf(found)) return [said];
  if (MADE.test(name)) return [];
  if (typeof expected === "object" && expected !== null) return unlikeWithin(at, expected, found as object);
  const isSame = typeof expected === "string" ? asPattern(expected).test(String(found)) : expected === found;
  return isSame ? [] : [said];
}

function unlikeWithin(at: string, expected: object, found: object): readonly string[] {
  const [before, after] = [new Map(Object.entries(expected)), new Map(Object.entries(found))];
  const within = (key: string): string => (at === "" ? key : `${at}.${key}`);
  return [
    ...[...after.keys()]
      .filter((key) => !before.has(key))
      .map((key) => `${within(key)}: expected none, found it`),
    ...[...before].flatMap(([key, value]) =>
      after.has(key)
        ? unlikeAt(within(key), value, after.get(key))
        : [`${within(key)}: expected it, found none`],
    ),
  ];
}

/** What stands for a name in a transcript is any text. */
const asPattern = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split(/\{(?:workspace|subscription|group|name|like|part|host|primaryKey|secondaryKey|armToken)\}/)
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
      .join("[^]*")}$`,
  );
