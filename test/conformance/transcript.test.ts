import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator, type FaultRule } from "../../emulator";
import { breakages, control, type Breakage, type Exchange } from "./breakages";
import { startBrokenProxy } from "./proxy";
import {
  ownTranscript,
  readTranscripts,
  recordExercise,
  replay,
  replayFiles,
  type Transcript,
} from "./transcript";
import { ownFolder } from "../harness/own-folder";

const folder = ownFolder("transcript");

const own = (): Transcript => readTranscripts(ownTranscript())[0]!;

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({ operationTime: 1 });
});
afterEach(() => emulator.close());

test("the emulator answers as the transcript says", async () => {
  expect(await replayFiles([ownTranscript()])).toEqual([
    { name: "transcript: exercise.scratch, exercise.json", requests: 14, result: "pass" },
  ]);
});

/** Without what time, chance and the number of polls make. */
const lasting = (file: string): unknown => {
  const { requests } = readTranscripts(file)[0]!;
  const ids: string[] = [];
  const text = JSON.stringify(
    requests
      .filter(({ path }, at) => !path.includes("/operations/") || requests[at + 1]?.path !== path)
      .map(({ query: { offset: _, ...query }, ...request }) => ({ ...request, query })),
  )
    .replace(/"correlation":\{[^}]*\}/g, '"correlation":{}')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "{time}")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
      if (!ids.includes(id)) ids.push(id);
      return `{id ${ids.indexOf(id)}}`;
    })
    .replace(/"parentRequestId":"[0-9a-f]{8}"/g, '"parentRequestId":"{id}"');
  return JSON.parse(text) as unknown;
};

// When this fails: npm run conformance -- --record, and look at the difference.
test("the transcript that is replayed is what an exercise saves today", async () => {
  const fresh = join(folder, "fresh.json");
  await recordExercise(fresh);
  expect(lasting(ownTranscript())).toEqual(lasting(fresh));
});

const breakageNamed = (name: string): Breakage => breakages.find((one) => one.name === name)!;

const onServices = (
  name: string,
  change: (body: Record<string, unknown>, exchange: Exchange) => void,
): Breakage => ({
  name,
  says: name,
  onAnswer: (exchange) => {
    if (/\/services\/scratch$/.test(exchange.path) && exchange.status === 200)
      change(exchange.body as Record<string, unknown>, exchange);
  },
});

const throughProxy = async (breakage: Breakage): Promise<readonly string[]> => {
  const proxy = await startBrokenProxy(emulator.url, breakage);
  const { workspaceId, accessToken, discoveryUrl } = emulator;
  try {
    return (await replay(own(), { url: proxy.url, discoveryUrl, workspaceId, accessToken })).differences;
  } finally {
    proxy.close();
  }
};

describe("a broken emulator is noticed", () => {
  test("and one that is not broken is not", async () => {
    expect(await throughProxy(control)).toEqual([]);
  });

  test.each<[Breakage, RegExp]>([
    [breakageNamed("missing-member"), /GET \/services\/scratch: scoringUri: expected it, found none/],
    [
      breakageNamed("wrong-operation-state"),
      /GET \/operations\/.*: state: expected "Succeeded", found "Completed"/,
    ],
    [onServices("a member too many", (body) => (body["invented"] = 1)), /invented: expected none, found it/],
    [
      onServices("a number as a text", (body) => (body["scoringTimeoutMs"] = "60000")),
      /scoringTimeoutMs: expected 60000, found "60000"/,
    ],
    [onServices("a tag is lost", (body) => (body["kvTags"] = {})), /kvTags.purpose: expected it, found none/],
    [
      onServices("a member is wrong within another", (body) => {
        (body["livenessProbeRequirements"] as Record<string, number>)["periodSeconds"] = 11;
      }),
      /livenessProbeRequirements.periodSeconds: expected 10, found 11/,
    ],
  ])("%j", async (breakage, said) => {
    expect((await throughProxy(breakage)).join("\n")).toMatch(said);
  });

  test.each<[FaultRule, RegExp]>([
    [{ method: "PATCH", status: 400 }, /PATCH \/services\/scratch: expected status 200, found 400/],
    [{ method: "POST", path: "/score$", status: 401 }, /score: expected status 200, found 401/],
    [
      { method: "POST", path: "/services$", operation: { outcome: "failed" } },
      /state: expected "Succeeded", found "Failed"/,
    ],
    [
      { method: "POST", path: "/services$", operation: { outcome: "stuck" } },
      /state: expected "Succeeded", found "Running"/,
    ],
    [{ method: "DELETE", status: 404 }, /DELETE \/services\/scratch: expected status 202, found 404/],
  ])("%j", async (fault, said) => {
    emulator.addFault(fault);
    expect((await replay(own(), emulator)).differences.join("\n")).toMatch(said);
  });
});

test("a live workspace's names are any text, and its polls are as many as they were", async () => {
  const { name, requests } = own();
  const polled = requests.flatMap((request) =>
    request.path.includes("/operations/")
      ? [
          { ...request, response: { state: "Running", endTime: null } },
          { ...request, query: { offset: "9" } },
          request,
        ]
      : [request],
  );
  expect(await replay({ name, requests: polled }, emulator)).toEqual({ requests: 14, differences: [] });
});

test.each(["{}", '[{"name":"x"}]', "[7]", "{"])("%s is no transcript", (text) => {
  const file = join(folder, "none.json");
  writeFileSync(file, text);
  expect(() => readTranscripts(file)).toThrow(
    /expected a transcript .* in .*none.json, found (other )?.*JSON/,
  );
});
