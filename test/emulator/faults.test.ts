import { emulated, minimal, type Emulated } from "./emulated";

let e: Emulated;
beforeEach(async () => {
  e = await emulated();
});
afterEach(() => e.close());

const list = () => e.call("GET", "/services");
const post = (rules: unknown) => e.plain("POST", `${e.url}/_emulator/faults`, rules);

test("a rule answers as many requests as it says, then the API is back", async () => {
  await post({ method: "GET", path: "/services$", times: 2, status: 429, retryAfter: 3 });
  const answers = [await list(), await list(), await list()];
  expect(answers.map((a) => a.status)).toEqual([429, 429, 200]);
  expect(answers.map((a) => a.headers.get("retry-after"))).toEqual(["3", "3", null]);
  expect(answers[0]?.body).toMatchObject({ code: "InjectedFault", statusCode: 429 });
});

test("Retry-After can be a date", async () => {
  e.addFault({ status: 503, retryAfter: 60, retryAfterAs: "date" });
  expect((await list()).headers.get("retry-after")).toBe("Fri, 02 Jan 2026 03:05:05 GMT");
});

test("a body that is too long is refused, and the next request is answered", async () => {
  const address = `${e.url}/_emulator/faults`;
  const answer = await fetch(address, { method: "POST", body: new Uint8Array(30_000_001) });
  expect([answer.status, await answer.json()]).toMatchObject([413, { code: "BodyTooLarge" }]);
  expect((await list()).status).toBe(200);
});

it.each([
  ["an HTML gateway page", { status: 502, body: "<html>Bad Gateway</html>" }, 502, "text/html"],
  ["a 200 that is no JSON", { status: 200, body: "oops" }, 200, "text/plain"],
  [
    "a JSON body of one's own",
    { status: 500, body: { code: "X" }, headers: { "X-A": "b" } },
    500,
    "application/json",
  ],
])("%s", async (_, rule, status, type) => {
  e.addFault(rule);
  const answer = await list();
  expect([answer.status, answer.headers.get("content-type")]).toEqual([
    status,
    expect.stringContaining(type),
  ]);
});

test("cutBefore: the connection breaks and nothing is done", async () => {
  e.addFault({ method: "POST", path: "/services$", cutBefore: true });
  await expect(e.call("POST", "/services", minimal("svc-a"))).rejects.toThrow();
  expect((await list()).body["value"]).toEqual([]);
  expect(e.requests().find((r) => r.method === "POST")?.status).toBeNull();
});

test("cutAfter: the connection breaks although it is done", async () => {
  e.addFault({ method: "POST", path: "/services$", cutAfter: true });
  await expect(e.call("POST", "/services", minimal("svc-a"))).rejects.toThrow();
  expect((await list()).body["value"]).toHaveLength(1);
});

test("latency alone lets the request through", async () => {
  e.addFault({ latency: 1 });
  expect((await list()).status).toBe(200);
});

test("rules can be listed and cleared, and a scoring URI takes them too", async () => {
  await e.deploy("svc-a", { authEnabled: false });
  await post([
    { path: "/score$", status: 503, times: 2 },
    { path: "none", status: 500 },
  ]);
  expect((await e.plain("POST", `${e.url}/api/v1/service/svc-a/score`, {})).status).toBe(503);
  const rules = (await e.plain("GET", `${e.url}/_emulator/faults`)).body;
  expect(rules).toEqual([
    { path: "/score$", status: 503, times: 1 },
    { path: "none", status: 500, times: 1 },
  ]);
  await e.plain("DELETE", `${e.url}/_emulator/faults`);
  expect((await e.plain("POST", `${e.url}/api/v1/service/svc-a/score`, {})).status).toBe(200);
});

it.each([
  [{ statsu: 500 }, 'unknown member "statsu"'],
  [{ status: "500" }, "status"],
  [{ path: "(" }, "Invalid regular expression"],
  [{ operation: { outcome: "broken" } }, "operation.outcome"],
  [{ status: 99 }, "status: expected 200 to 999"],
  [{ status: 503, headers: { "Retry After": "1" } }, "Header name must be a valid HTTP token"],
  [{ status: 503, headers: { "X-A": "a\nb" } }, "Invalid character in header content"],
  [{ constructor: 1 }, 'unknown member "constructor"'],
  [42, "expected an object"],
])("the rule %j is a 400 that says why", async (rule, message) => {
  const answer = await post(rule);
  expect([answer.status, answer.body["message"]]).toEqual([400, expect.stringContaining(message)]);
});

test("an unknown control path lists the known ones", async () => {
  const answer = await e.plain("GET", `${e.url}/_emulator/nothing`);
  expect([answer.status, answer.body["message"]]).toEqual([400, expect.stringContaining("GET requests")]);
});

test("a workspace that throttles takes so many requests in any second, and no scoring counts", async () => {
  const throttled = await emulated({ requestsPerSecond: 2 });
  const get = async () => (await throttled.call("GET", "/services")).status;
  const score = () => throttled.plain("POST", `${throttled.url}/api/v1/service/none/score`);
  try {
    await score();
    expect([await get(), (await throttled.plain("GET", throttled.discoveryUrl)).status, await get()]).toEqual(
      [200, 200, 200],
    );
    const refused = await throttled.call("POST", "/services", minimal("svc-a"));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(refused.body).toMatchObject({ code: "TooManyRequests", statusCode: 429 });
    expect((await score()).status).toBe(404);
    throttled.clock.pass(1000);
    expect([await get(), await get(), await get()]).toEqual([200, 200, 429]);
    expect(throttled.requests().filter(({ status }) => status === 429)).toHaveLength(2);
  } finally {
    await throttled.close();
  }
});
