import { emulated, token, type Emulated } from "./emulated";

let e: Emulated;
beforeEach(async () => {
  e = await emulated();
});
afterEach(() => e.close());

test("the discovery document needs no token and names the six hosts", async () => {
  const { status, body } = await e.plain("GET", e.discoveryUrl);
  expect(status).toBe(200);
  const hosts = ["api", "experimentation", "history", "hyperdrive", "modelmanagement", "studio"];
  expect(body).toEqual(Object.fromEntries(hosts.map((name) => [name, e.url])));
});

test("ARM answers the workspace with its discovery URL and a GUID", async () => {
  const url = `${e.url}${e.workspaceId}?api-version=2024-04-01`;
  const { status, body } = await e.plain("GET", url, undefined, { Authorization: `Bearer ${token}` });
  expect(status).toBe(200);
  expect(body["id"]).toBe(e.workspaceId);
  expect(body["properties"].discoveryUrl).toBe(e.discoveryUrl);
  expect(body["properties"].workspaceId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test("ARM's errors have ARM's shape", async () => {
  const url = `${e.url}${e.workspaceId.replace("ws-emulated", "ws-other")}`;
  const answer = await e.plain("GET", url, undefined, { Authorization: `Bearer ${token}` });
  expect(answer.status).toBe(404);
  expect(answer.body["error"].code).toBe("WorkspaceNotFound");
  expect((await e.plain("GET", url)).body["error"].code).toBe("Unauthorized");
});

it.each([
  ["no token", {}],
  ["a wrong token", { Authorization: "Bearer wrong" }],
  ["another scheme", { Authorization: `Basic ${token}` }],
])("%s is a 401 with an error document", async (_, headers) => {
  const url = `${e.url}/modelmanagement/v1.0${e.workspaceId}/services`;
  const answer = await e.plain("GET", url, undefined, headers as Record<string, string>);
  expect(answer.status).toBe(401);
  expect(answer.body).toMatchObject({ code: "Unauthorized", statusCode: 401, details: [] });
  expect(answer.headers.get("www-authenticate")).toBe("Bearer");
});

test("the workspace's id is the same in any letter case", async () => {
  const path = `/modelmanagement/v1.0${e.workspaceId.toUpperCase().replace("MICROSOFT", "Microsoft")}/services`;
  const answer = await e.plain("GET", e.url + path, undefined, { Authorization: `Bearer ${token}` });
  expect([answer.status, answer.body]).toEqual([200, { value: [] }]);
});

test("another workspace is told from a missing service", async () => {
  const other = `${e.url}/modelmanagement/v1.0${e.workspaceId.replace("rg-emulated", "rg-other")}/services/svc`;
  const wrong = await e.plain("GET", other, undefined, { Authorization: `Bearer ${token}` });
  const missing = await e.call("GET", "/services/svc");
  expect([wrong.status, wrong.body["details"][0].code]).toEqual([404, "WorkspaceNotFound"]);
  expect([missing.status, missing.body["details"][0].code]).toEqual([404, "ServiceNotFound"]);
  expect(missing.body).toMatchObject({
    code: "NotFound",
    statusCode: 404,
    message: expect.stringContaining("svc"),
  });
});

test("an unknown route is a 404 that names it", async () => {
  const answer = await e.call("PUT", "/services/svc");
  expect([answer.status, answer.body["details"][0].code]).toEqual([404, "RouteNotFound"]);
  expect(answer.body["message"]).toContain("PUT");
});

test("a compute shows as an attached AKS cluster; with a seed only the listed ones exist", async () => {
  const seeded = await emulated({ seed: { computes: [{ name: "aks-a" }] } });
  const get = async (name: string) =>
    await seeded.plain(
      "GET",
      `${seeded.url}/rp/workspaces${seeded.workspaceId}/computes/${name}`,
      undefined,
      {
        Authorization: `Bearer ${token}`,
      },
    );
  expect((await get("aks-a")).body["properties"]).toMatchObject({
    computeType: "AKS",
    isAttachedCompute: true,
  });
  expect((await get("aks-b")).status).toBe(404);
  await seeded.close();
});

test("the request log has what was sent, without the token, and can be cleared", async () => {
  await e.call("POST", "/services/validate/name/svc-a?x=1", {});
  const log = (await e.plain("GET", `${e.url}/_emulator/requests`)).body;
  expect(log).toEqual([
    {
      n: 1,
      method: "POST",
      path: `/modelmanagement/v1.0${e.workspaceId}/services/validate/name/svc-a`,
      query: { x: "1" },
      body: {},
      status: 200,
      at: "2026-01-02T03:04:05.000Z",
    },
  ]);
  expect(e.requests()).toEqual(log);
  expect(JSON.stringify(log)).not.toContain(token);
  expect((await e.plain("DELETE", `${e.url}/_emulator/requests`)).status).toBe(204);
  expect(e.requests()).toEqual([]);
});
