import type { ServiceError } from "../../../provider/azure/errors";
import type { Progress } from "../../../provider/azure/operations";
import { connect } from "../../../provider/azure/connect";
import { deadlineAfter } from "../../../provider/azure/clock";
import type { Transport } from "../../../provider/azure/http";
import {
  address,
  calls,
  connectTo,
  failure,
  fakeForEachTest,
  ownNotFound,
  settingsFor,
  testClock,
  type FakeWorkspace,
  type Reply,
  type Responder,
} from "./fake-workspace";

const fakes = fakeForEachTest();
const start = (
  poll: Reply | Responder,
  more: Record<string, Reply | Responder> = {},
): Promise<FakeWorkspace> => fakes.start({ "GET /operations/op-1": poll, ...more });

const operation = { operationId: "op-1" };
const running = (more: object = {}): Reply => ({ body: { state: "Running", ...more } });
const ended = (state: string, more: object = {}): Reply => ({ body: { state, ...more } });
const hour = 60 * 60_000;

it.each(["Succeeded", "Failed", "Cancelled", "TimedOut"])("ends at %s", async (state) => {
  const clock = testClock();
  const services = await connectTo(
    await start((_, earlier) => (earlier < 3 ? running() : ended(state))),
    clock,
  );
  expect(await services.wait(operation, { deadline: clock.now() + hour })).toEqual({
    operationId: "op-1",
    state,
  });
  expect(clock.sleeps).toEqual([100, 200, 400]);
});

it.each([
  [
    "an error, what it did and a log",
    {
      error: { code: "Failed", message: "m", details: [{ code: "D", message: "d" }] },
      operationDetails: { subOperationType: "BuildImage" },
      streamingOperationLog: "line",
    },
    { error: "Failed: m; D: d", subOperation: "BuildImage", log: "line" },
  ],
  ["nulls", { error: null, operationDetails: null }, {}],
])("reads an operation that ended with %s", async (_, document, read) => {
  const clock = testClock();
  const services = await connectTo(await start(ended("Failed", document)), clock);
  expect(await services.wait(operation, { deadline: clock.now() + hour })).toEqual({
    operationId: "op-1",
    state: "Failed",
    ...read,
  });
});

it("asks only for new log text and tells where it stands", async () => {
  const clock = testClock();
  const pieces = ["20261122101500|Building#", "", "20261122101600|Deploying#"];
  const server = await start((_, earlier) =>
    earlier < 3
      ? running({ streamingOperationLog: pieces[earlier] })
      : ended("Succeeded", { streamingOperationLog: "" }),
  );
  const progress: Progress[] = [];
  const services = await connectTo(server, clock);
  const result = await services.wait(operation, {
    deadline: clock.now() + hour,
    onProgress: (one) => void progress.push(one),
  });
  expect(result.log).toBe("10:15:00 Building\n10:16:00 Deploying");
  const first = pieces[0]?.length ?? 0;
  expect(server.seen.slice(1).map(({ query }) => query.get("offset"))).toEqual([
    null,
    `${first}`,
    `${first}`,
    `${first + (pieces[2]?.length ?? 0)}`,
  ]);
  expect(progress.map(({ newestLogLine }) => newestLogLine)).toEqual([
    "Building",
    "Building",
    "Deploying",
    "Deploying",
  ]);
  expect(progress.map(({ state }) => state)).toEqual(["Running", "Running", "Running", "Succeeded"]);
  expect(progress.map(({ elapsedMs }) => elapsedMs)).toEqual([0, 100, 300, 700]);
});

it("treats unknown states as running, and names the last one at the deadline", async () => {
  const clock = testClock();
  const services = await connectTo(
    await start(ended("Paused", { streamingOperationLog: "20261122101500|Hm#" })),
    clock,
  );
  const error = (await failure(services.wait(operation, { deadline: clock.now() + 60_000 }))) as ServiceError;
  expect(error).toMatchObject({ code: "TimedOut", operationId: "op-1" });
  expect(error.message).toContain("found it Paused after 60 s");
  expect(error.message).toContain("Newest log line: Hm");
});

it("rides out an outage that passes", async () => {
  const clock = testClock();
  const server = await start((_, earlier) => (earlier < 20 ? { status: 500 } : ended("Succeeded")));
  const services = await connectTo(server, clock);
  expect(await services.wait(operation, { deadline: clock.now() + hour })).toMatchObject({
    state: "Succeeded",
  });
});

it.each<[string, Reply]>([
  ["cut JSON", { body: '{"state":"Runn' }],
  ["an empty body", { body: "" }],
  ["{}", { body: {} }],
  ["a sign-in page", { headers: { "content-type": "text/html" }, body: "<html><title>Sign in</title>" }],
  ["a gateway's page with status 403", { status: 403, body: "<html>Forbidden</html>" }],
  ["a gateway's text with status 404", { status: 404, body: "default backend - 404" }],
  ["a gateway's JSON with status 400", { status: 400, body: { message: "no upstream" } }],
])("looks again after %s in place of the operation, which goes on", async (_, reply) => {
  const clock = testClock();
  const server = await start((_seen, earlier) =>
    earlier === 1 ? reply : earlier < 3 ? running() : ended("Succeeded"),
  );
  const services = await connectTo(server, clock);
  expect(await services.wait(operation, { deadline: clock.now() + hour })).toMatchObject({
    state: "Succeeded",
  });
  expect(calls(server)).toHaveLength(4);
});

it("gives up on an outage that does not pass, long before the deadline", async () => {
  const clock = testClock();
  const before = clock.now();
  const services = await connectTo(await start({ status: 500 }), clock);
  expect(await failure(services.wait(operation, { deadline: before + 10 * hour }))).toMatchObject({
    code: "ServerError",
  });
  expect(clock.now() - before).toBeLessThan(hour);
});

it("waits a moment for an operation that is not there yet", async () => {
  const clock = testClock();
  const services = await connectTo(
    await start((_, earlier) => (earlier < 2 ? ownNotFound : ended("Succeeded"))),
    clock,
  );
  expect(await services.wait(operation, { deadline: clock.now() + hour })).toMatchObject({
    state: "Succeeded",
  });
});

it.each<[string, Reply, string]>([
  ["an operation that the service forgot", ownNotFound, "OperationLost"],
  ["a forbidden operation", { status: 403, body: { code: "x", message: "no" } }, "Forbidden"],
  ["an answer without JSON", { body: "hello" }, "NotJson"],
])("fails on %s", async (_, reply, code) => {
  const clock = testClock();
  const services = await connectTo(await start(reply), clock);
  expect(await failure(services.wait(operation, { deadline: clock.now() + hour }))).toMatchObject({ code });
});

it("gives each outage its own time: one that has passed does not count towards the next", async () => {
  const clock = testClock();
  const minute = 60_000;
  const before = clock.now();
  // Four minutes without an answer, an answer, and four minutes again.
  const server = await start(() => {
    const passed = clock.now() - before;
    if (passed > 9 * minute) return ended("Succeeded");
    return passed > 4 * minute && passed < 5 * minute ? running() : { status: 500 };
  });
  const services = await connectTo(server, clock);
  expect(await services.wait(operation, { deadline: before + hour })).toMatchObject({ state: "Succeeded" });
  expect(clock.now() - before).toBeGreaterThan(9 * minute);
});

it("gives each gap its own patience: an operation that was there in between is not lost", async () => {
  const clock = testClock();
  const replies = [ownNotFound, ownNotFound, running(), ownNotFound, ownNotFound, ended("Succeeded")];
  const services = await connectTo(await start((_, earlier) => replies[earlier] ?? ownNotFound), clock);
  expect(await services.wait(operation, { deadline: clock.now() + hour })).toMatchObject({
    state: "Succeeded",
  });
});

it.each<[string, Reply, string, string]>([
  ["cannot be reached", { cut: true }, "ConnectionLost", "UND_ERR_SOCKET"],
  ["fails", { status: 503, body: { code: "Down", message: "maintenance" } }, "ServerError", "maintenance"],
])(
  "says at the deadline that the workspace %s, and not that the operation is slow",
  async (_, reply, code, words) => {
    const clock = testClock();
    const server = await start((_, earlier) => (earlier === 0 ? running() : reply));
    const services = await connectTo(server, clock);
    const error = (await failure(
      services.wait(operation, { deadline: clock.now() + 60_000 }),
    )) as ServiceError;
    expect(error).toMatchObject({ code, operationId: "op-1" });
    expect(error.message).toContain(words);
    expect(error.message).toMatch(/so for \d+ s, until the time was up\. Before, it was Running\./);
  },
);

describe("an interrupt", () => {
  it("ends the wait between two polls at once", async () => {
    const user = new AbortController();
    // Nothing but the interrupt wakes who sleeps on this clock.
    const clock = { ...testClock(), sleep: () => new Promise<never>(() => undefined) };
    const server = await start(running());
    const services = await connectTo(server, clock);
    const deadline = deadlineAfter(clock, hour, user.signal);
    const onProgress = (): void => void setImmediate(() => user.abort());
    const error = await failure(services.wait(operation, { deadline, onProgress }));
    expect(error).toMatchObject({ code: "Interrupted" });
    expect(calls(server)).toEqual(["GET /operations/op-1"]);
  });

  it("ends a poll under way at once", async () => {
    const user = new AbortController();
    const clock = testClock();
    const transport: Transport = ({ url }) => {
      if (url.endsWith("/discovery"))
        return Promise.resolve({
          status: 200,
          headers: {},
          text: '{"modelmanagement":"http://127.0.0.1:9"}',
        });
      setImmediate(() => user.abort());
      return new Promise<never>(() => undefined);
    };
    const services = await connect(address, settingsFor("http://127.0.0.1:9"), { clock, transport });
    const deadline = deadlineAfter(clock, hour, user.signal);
    expect(await failure(services.wait(operation, { deadline }))).toMatchObject({ code: "Interrupted" });
  });
});

const ofService = { operationId: "", serviceName: "svc" };

it.each<[unknown, object]>([
  ["Healthy", { state: "Succeeded" }],
  ["Unhealthy", { state: "Failed" }],
  ["Failed", { state: "Failed" }],
  ["Unschedulable", { state: "Failed" }],
  ["Transitioning", { code: "TimedOut" }],
  [null, { code: "TimedOut" }],
])("takes a service that is %j for an operation that is %j", async (state, expected) => {
  const clock = testClock();
  const services = await connectTo(
    await start(ownNotFound, { "GET /services/svc": { body: { name: "svc", state } } }),
    clock,
  );
  const result = services.wait(ofService, { deadline: clock.now() + 60_000 });
  expect(await result.catch((error: unknown) => error)).toMatchObject(expected);
});

it("watches the service where the operation has no id", async () => {
  const clock = testClock();
  const server = await start(ownNotFound, {
    "GET /services/svc": (_, earlier) => ({
      body: { name: "svc", state: earlier < 2 ? "Transitioning" : "Healthy" },
    }),
  });
  const services = await connectTo(server, clock);
  expect(await services.wait(ofService, { deadline: clock.now() + hour })).toMatchObject({
    state: "Succeeded",
  });
  expect(calls(server)).toEqual(Array(3).fill("GET /services/svc"));
});
