import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../../emulator";
import { connect } from "../../../provider/azure/connect";
import { ownFolder } from "../../harness/own-folder";
import { envFor, runCli } from "../run";
import { callWorkspace } from "../../harness/workspace";

const root = ownFolder();

/** A workspace with names that a transcript must not tell. */
const start = (): Promise<Emulator> =>
  startEmulator({
    operationTime: 1,
    workspaceId:
      "/subscriptions/00000000-0000-0000-0000-0000000acade/resourceGroups/canary-group" +
      "/providers/Microsoft.MachineLearningServices/workspaces/canary-workspace",
    seed: {
      services: [
        {
          name: "canary-fraud",
          computeType: "AKS",
          computeName: "canary-compute",
          kvTags: { owner: "canary-owner" },
          environmentImageRequest: { modelIds: ["canary-model:1"] },
        },
      ],
    },
  });

let emulator: Emulator;
beforeEach(async () => {
  emulator = await start();
});
afterEach(() => emulator.close());

interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body: unknown;
  readonly status: number;
}

const exercise = (...args: readonly string[]) => interruptedBy(new AbortController().signal, ...args);

const interruptedBy = async (interrupt: AbortSignal, ...args: readonly string[]) => {
  const { status, stdout, stderr } = await runCli(["doctor", "--json", ...args], {
    env: envFor(emulator),
    cwd: root,
    connect,
    interrupt,
    machine: { versionOf: async () => "9.9.9" },
  });
  const result = JSON.parse(stdout) as { findings?: { id: string; status: string; found: string }[] };
  const findings = (result.findings ?? []).filter(({ id }) => id.startsWith("exercise"));
  return { status, stderr, findings };
};

const transcript = (): readonly Recorded[] =>
  (JSON.parse(readFileSync(join(root, "exercise.json"), "utf8")) as { requests: Recorded[] }[])[0]!.requests;

const names = async (): Promise<string[]> => {
  const response = await callWorkspace(emulator, "GET", "/services");
  return ((await response.json()) as { value: { name: string }[] }).value.map(({ name }) => name);
};

test("a scratch service is made, changed, scored and deleted, and nothing else is touched", async () => {
  const { findings } = await exercise("--exercise", "scratch", "--like", "canary-fraud");
  expect(findings.map(({ id, status }) => `${id} ${status}`)).toEqual([
    ...[
      "exercise-create ok",
      "exercise-patch ok",
      "exercise-re-add ok",
      "exercise-score ok",
      "exercise-delete ok",
    ],
  ]);
  expect(await names()).toEqual(["canary-fraud"]);
  const writes = emulator
    .requests()
    .filter(({ method, path }) => method !== "GET" && !/\/(validate|listkeys|score)(\/|$)/.test(path));
  expect(writes.map(({ method, path }) => `${method} ${path.split("/").at(-1)}`)).toEqual([
    ...["POST services", "PATCH scratch", "PATCH scratch", "DELETE scratch"],
  ]);
});

test("the transcript tells no name and no secret, and another emulator gives the same statuses", async () => {
  await exercise("--exercise", "scratch", "--like", "canary-fraud");
  const text = readFileSync(join(root, "exercise.json"), "utf8");
  expect(text).not.toMatch(/canary|0000acade|127\.0\.0\.1/);
  expect(text).not.toContain(emulator.accessToken);
  const other = await startEmulator({ operationTime: 1 });
  const replayed: number[] = [];
  const calls = transcript().filter(({ path }) => path.includes("/services") && !path.includes("{like}"));
  for (const { method, path, query, headers, body } of calls) {
    const url = `${other.url}${path.replace("{workspace}", other.workspaceId)}?${new URLSearchParams(query).toString()}`;
    const sent = { ...headers, Authorization: `Bearer ${other.accessToken}` };
    const response = await fetch(url, {
      method,
      headers: sent,
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    replayed.push(response.status);
    const operation = response.headers.get("operation-location");
    while (operation !== null) {
      const poll = await fetch(operation, { headers: { Authorization: `Bearer ${other.accessToken}` } });
      const { state } = (await poll.json()) as { state: string };
      if (!["NotStarted", "Running"].includes(state)) break;
    }
  }
  await other.close();
  expect(replayed).toEqual(calls.map(({ status }) => status));
});

test("a service that is there is never touched", async () => {
  const { status, stderr } = await exercise("--exercise", "canary-fraud", "--like", "canary-fraud");
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: expect.stringMatching(/NameTaken.*not touched/) as unknown,
  });
  expect(await names()).toEqual(["canary-fraud"]);
});

test("one that came up meanwhile is not deleted", async () => {
  emulator.addFault({ method: "POST", path: "/services$", status: 409 });
  const { findings } = await exercise("--exercise", "scratch", "--like", "canary-fraud");
  expect(findings.map(({ id, status }) => `${id} ${status}`)).toEqual(["exercise-create problem"]);
  expect(emulator.requests().some(({ method }) => method === "DELETE")).toBe(false);
});

test("a deployment that fails is deleted too", async () => {
  emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "failed" } });
  const { findings } = await exercise("--exercise", "scratch", "--like", "canary-fraud");
  expect(findings.map(({ id, status }) => `${id} ${status}`)).toEqual([
    "exercise-create problem",
    "exercise-delete ok",
  ]);
  expect(await names()).toEqual(["canary-fraud"]);
});

test("an interruption deletes the scratch service, and the transcript is kept", async () => {
  emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "stuck" } });
  const interrupt = new AbortController();
  const gate = emulator.gate({ method: "GET", path: "/operations/[0-9a-f]{8}-" });
  const running = interruptedBy(interrupt.signal, "--exercise", "scratch", "--like", "canary-fraud");
  await gate.reached;
  interrupt.abort();
  gate.open();
  const { status, findings } = await running;
  expect({ status, findings: findings.map(({ id, status, found }) => [id, status, found]) }).toEqual({
    status: 2,
    findings: [
      ["exercise-create", "problem", expect.stringMatching(/^Interrupted/)],
      ["exercise-delete", "ok", "answers"],
    ],
  });
  expect(await names()).toEqual(["canary-fraud"]);
  expect(transcript().some(({ method }) => method === "DELETE")).toBe(true);
});

test("what the service says of the scratch service tells no name either", async () => {
  const message = "canary-model:1 on canary-compute does not fit into canary-workspace";
  emulator.addFault({
    method: "POST",
    path: "/services$",
    status: 400,
    body: { code: "NoRoom", statusCode: 400, message },
  });
  await exercise("--exercise", "canary-fraud-scratch", "--like", "canary-fraud");
  const post = transcript().find(({ method, path }) => method === "POST" && path.endsWith("/services"));
  expect(post).toMatchObject({ response: { message: "{part} on {part} does not fit into {name}" } });
  // A name that holds the other one is told: it is the scratch service's own.
  expect(transcript().some(({ path }) => path.endsWith("/services/canary-fraud-scratch"))).toBe(true);
});

test.each([
  [["--exercise", "scratch"], /given together/],
  [["--exercise", "Scratch!", "--like", "canary-fraud"], /expected a service's name/],
  [["--exercise", "scratch", "--like", "none"], /NotFound: .*--like/],
])("%j is refused before anything is sent", async (args, said) => {
  const { status, stderr } = await exercise(...args);
  expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringMatching(said) as unknown });
  expect(
    emulator.requests().some(({ method, path }) => method === "POST" && path.endsWith("/services")),
  ).toBe(false);
});
