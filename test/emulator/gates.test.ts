import { emulated, minimal, operationTime, type Emulated } from "./emulated";

let e: Emulated;
beforeEach(async () => {
  e = await emulated();
});
afterEach(() => e.close());

const services = async () => (await e.call("GET", "/services")).body["value"] as Record<string, unknown>[];
const post = (rule: unknown) => e.plain("POST", `${e.url}/_emulator/gates`, rule);
const listed = async () => (await e.plain("GET", `${e.url}/_emulator/gates`)).body;

test("a request waits until its gate is opened, and others pass", async () => {
  const gate = e.gate({ method: "POST", path: "/services$" });
  const create = e.call("POST", "/services", minimal("svc-a"));
  await gate.reached;
  expect(await services()).toEqual([]);
  expect((await e.call("POST", "/services", minimal("svc-b"))).status).toBe(202);
  expect(e.requests()[0]).toMatchObject({ method: "POST", status: null });
  gate.open();
  expect((await create).status).toBe(202);
  expect(await services()).toHaveLength(2);
});

test("a request whose client has gone is handled all the same, as one that was under way", async () => {
  const gate = e.gate({ method: "POST", path: "/services$" });
  const client = new AbortController();
  const gone = fetch(`${e.url}/modelmanagement/v1.0${e.workspaceId}/services`, {
    method: "POST",
    headers: { Authorization: `Bearer ${e.accessToken}` },
    body: JSON.stringify(minimal("svc-a")),
    signal: client.signal,
  });
  await gate.reached;
  client.abort();
  await expect(gone).rejects.toThrow();
  gate.open();
  expect(await services()).toHaveLength(1);
});

test("a fault rule that is added while a request waits takes it", async () => {
  const gate = e.gate({ method: "POST" });
  const create = e.call("POST", "/services", minimal("svc-a"));
  await gate.reached;
  e.addFault({ method: "POST", status: 503 });
  gate.open();
  expect((await create).status).toBe(503);
});

test("an operation waits in the phase that its gate names, however long, and then takes what is left", async () => {
  const gate = e.gate({ method: "POST", path: "/services$", holds: "operation", phase: "DeployService" });
  const environmentImageRequest = { modelIds: ["sk:1"], driverProgram: "score.py" };
  const accepted = await e.call("POST", "/services", { ...minimal("svc-a"), environmentImageRequest });
  await gate.reached;
  const waiting = { state: "Running", operationDetails: { subOperationType: "DeployService" } };
  expect(await e.operation(accepted)).toMatchObject(waiting);
  e.clock.pass(1000 * operationTime);
  expect(await e.operation(accepted)).toMatchObject(waiting);
  expect((await e.service("svc-a"))["state"]).toBe("Transitioning");
  gate.open();
  expect(await e.operation(accepted)).toMatchObject(waiting);
  e.clock.pass(operationTime / 3 + 1);
  expect(await e.operation(accepted)).toMatchObject({ state: "Succeeded" });
  expect((await e.service("svc-a"))["state"]).toBe("Healthy");
});

test("an operation waits in its first phase when the gate names none, also where operations take no time", async () => {
  const fast = await emulated({ operationTime: 0 });
  const gate = fast.gate({ holds: "operation" });
  const accepted = await fast.call("POST", "/services", minimal("svc-a"));
  expect((await fast.operation(accepted))["state"]).toBe("Running");
  gate.open();
  expect((await fast.operation(accepted))["state"]).toBe("Succeeded");
  await fast.close();
});

test("a gate for an operation is not used up by a request that begins none, and stops one operation only", async () => {
  const gate = e.gate({ method: "POST", path: "/services$", holds: "operation" });
  expect((await e.call("POST", "/services", {})).status).toBe(400);
  const [first, second] = [
    await e.call("POST", "/services", minimal("svc-a")),
    await e.call("POST", "/services", minimal("svc-b")),
  ];
  e.clock.pass(operationTime);
  const states = [(await e.operation(first))["state"], (await e.operation(second))["state"]];
  expect(states).toEqual(["Running", "Succeeded"]);
  gate.open();
});

test("a delete cancels an operation that waits, and opening its gate then changes nothing", async () => {
  const gate = e.gate({ method: "POST", path: "/services$", holds: "operation" });
  const accepted = await e.call("POST", "/services", minimal("svc-a"));
  expect((await e.call("DELETE", "/services/svc-a")).status).toBe(202);
  gate.open();
  e.clock.pass(2 * operationTime);
  expect((await e.operation(accepted))["state"]).toBe("Cancelled");
  expect(await services()).toEqual([]);
});

test("a gate that was opened before anything reached it stops nothing", async () => {
  const [request, operation] = [e.gate({ method: "POST" }), e.gate({ holds: "operation" })];
  request.open();
  operation.open();
  const accepted = await e.call("POST", "/services", minimal("svc-a"));
  e.clock.pass(operationTime);
  expect((await e.operation(accepted))["state"]).toBe("Succeeded");
});

test("the end of the emulator cuts a request that waits, and it is never handled", async () => {
  const closing = await emulated();
  const gate = closing.gate({ method: "POST" });
  const create = closing.call("POST", "/services", minimal("svc-a"));
  await gate.reached;
  const cut = expect(create).rejects.toThrow();
  await closing.close();
  await cut;
  expect(closing.requests()[0]).toMatchObject({ status: null });
});

test("gates can be made, listed and opened by control requests", async () => {
  const rules = [{ method: "POST", holds: "operation" }, { path: "none" }];
  expect((await post(rules)).body).toEqual([{ id: "1" }, { id: "2" }]);
  const accepted = await e.call("POST", "/services", minimal("svc-a"));
  expect(await listed()).toEqual([
    { id: "1", method: "POST", holds: "operation", reached: true },
    { id: "2", path: "none", reached: false },
  ]);
  e.clock.pass(operationTime);
  expect((await e.operation(accepted))["state"]).toBe("Running");
  expect((await e.plain("DELETE", `${e.url}/_emulator/gates/1`)).status).toBe(204);
  e.clock.pass(operationTime);
  expect((await e.operation(accepted))["state"]).toBe("Succeeded");
  expect((await e.plain("DELETE", `${e.url}/_emulator/gates/1`)).status).toBe(404);
  expect((await e.plain("DELETE", `${e.url}/_emulator/gates`)).status).toBe(204);
  expect(await listed()).toEqual([]);
});

it.each<[unknown, string]>([
  [42, "expected an object, found a number"],
  [{ methd: "POST" }, 'unknown member "methd"; expected method, path, holds, phase'],
  [{ path: "(" }, "Invalid regular expression"],
  [{ holds: "answer" }, 'holds: expected request or operation, found "answer"'],
  [{ holds: "operation", phase: "Build" }, "phase: expected BuildEnvironment, BuildImage, DeployService"],
  [{ phase: "BuildImage" }, 'add "holds": "operation"'],
])("the gate %j is a 400 that says why", async (rule, message) => {
  const answer = await post(rule);
  expect([answer.status, answer.body["message"]]).toEqual([400, expect.stringContaining(message)]);
});
