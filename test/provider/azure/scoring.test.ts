import type { Transport } from "../../../provider/azure/http";
import { keyCredential, noCredential, score, type ScoringCredential } from "../../../provider/azure/scoring";
import type { ServiceError } from "../../../provider/azure/errors";
import { connectTo, failure, fakeForEachTest, testClock } from "./fake-workspace";

const { start } = fakeForEachTest();

const key: ScoringCredential = () => Promise.resolve("the-key");

it.each<[string, unknown, string, string]>([
  ["a value as JSON", { data: [1] }, '{"data":[1]}', "application/json"],
  ["text as it is", '{"data": [1]}', '{"data": [1]}', "application/json"],
  ["bytes as they are", new TextEncoder().encode("\u00e9"), "\u00e9", "application/octet-stream"],
])("sends %s with the key", async (_, input, body, contentType) => {
  const server = await start({ "POST /score": { body: { y: 2 } } });
  expect(await score(`${server.url}/score`, input, key)).toEqual({ y: 2 });
  expect(server.seen[0]).toMatchObject({
    body,
    headers: { authorization: "Bearer the-key", "content-type": contentType },
  });
});

it("gives text where the answer is no JSON, and sends no key where there is none", async () => {
  const server = await start({ "POST /score": { body: "plain" } });
  expect(await score(`${server.url}/score`, 1, noCredential)).toBe("plain");
  expect(server.seen[0]?.headers.authorization).toBeUndefined();
});

it("renews a refused key once, and then says Unauthorized", async () => {
  const server = await start({ "POST /score": { status: 401, body: { message: "Unauthorized" } } });
  const asked: boolean[] = [];
  const credential: ScoringCredential = (refresh) => {
    asked.push(refresh);
    return Promise.resolve(refresh ? "new-key" : "old-key");
  };
  const error = (await failure(score(`${server.url}/score`, 1, credential))) as ServiceError;
  expect(error).toMatchObject({ code: "Unauthorized" });
  expect(asked).toEqual([false, true]);
  expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
    "Bearer old-key",
    "Bearer new-key",
  ]);
  expect(error.message).not.toMatch(/old-key|new-key/);
});

it.each<[number, string]>([
  [400, "BadRequest"],
  [422, "BadRequest"],
  [404, "NotFound"],
  [500, "ModelFailed"],
  [502, "ModelFailed"],
  [503, "Overloaded"],
  [504, "TimedOut"],
])("tells a %i as %s, with the model's own words, and sends the input once", async (status, code) => {
  const server = await start({ "POST /score": { status, body: "the reason" } });
  const error = (await failure(score(`${server.url}/score`, 1, key, { clock: testClock() }))) as ServiceError;
  expect(error).toMatchObject({ code, status });
  expect(error.message).toContain("the reason");
  expect(server.seen).toHaveLength(1);
});

it("waits when the service says how long", async () => {
  const clock = testClock();
  const server = await start({
    "POST /score": (_, earlier) =>
      earlier === 0 ? { status: 503, headers: { "retry-after": "2" } } : { body: { y: 1 } },
  });
  expect(await score(`${server.url}/score`, 1, key, { clock })).toEqual({ y: 1 });
  expect(clock.sleeps).toEqual([2100]);
});

it("reads the key once, and again when it is refused", async () => {
  const server = await start({
    "POST /services/svc/listkeys": (_, earlier) => ({
      body: { primaryKey: `key-${earlier}`, secondaryKey: "s" },
    }),
    "POST /score": ({ headers }) =>
      headers.authorization === "Bearer key-1" ? { body: { y: 1 } } : { status: 401, body: {} },
  });
  const credential = keyCredential(await connectTo(server), "svc");
  expect(await score(`${server.url}/score`, 1, credential)).toEqual({ y: 1 });
  expect(await score(`${server.url}/score`, 1, credential)).toEqual({ y: 1 });
  expect(server.seen.filter(({ path }) => path.endsWith("listkeys"))).toHaveLength(2);
});

it("reads the key once for calls at the same time, and again when reading failed", async () => {
  let reads = 0;
  const listKeys = (): Promise<{ primaryKey: string; secondaryKey: string }> => {
    reads += 1;
    return reads === 1
      ? Promise.reject(new Error("not now"))
      : Promise.resolve({ primaryKey: `key-${reads}`, secondaryKey: "s" });
  };
  const credential = keyCredential({ listKeys }, "svc");
  await expect(credential(false)).rejects.toThrow("not now");
  expect(await Promise.all([credential(false), credential(false)])).toEqual(["key-2", "key-2"]);
});

it("waits for a model until the deadline, longer than a try of other calls", async () => {
  const clock = testClock();
  const asked: number[] = [];
  const transport: Transport = (request) => {
    asked.push(request.timeoutMs);
    return Promise.resolve({ status: 200, headers: {}, text: "1" });
  };
  await score("http://127.0.0.1:9/score", 1, key, { clock, transport, deadline: clock.now() + 240_000 });
  expect(asked).toEqual([240_000]);
});
