import { connect } from "../../../provider/azure/connect";
import { ServiceError } from "../../../provider/azure/errors";
import type { Transport } from "../../../provider/azure/http";
import {
  address,
  calls,
  connectTo,
  failure,
  fakeForEachTest,
  ownNotFound,
  root,
  scope,
  settingsFor,
  testClock,
  type Reply,
} from "./fake-workspace";

const { start } = fakeForEachTest();

const begun = (id: string, status = 202): Reply => ({
  status,
  headers: { "operation-location": `${root}/operations/${id}?api=1` },
});

const definition = {
  name: "svc",
  properties: { "pulumi-created-by": "me" },
  keys: { primaryKey: "key-number-one" },
};
const taken: Reply = { status: 409, body: { code: "Conflict", statusCode: 409, message: "service exists" } };
const running: Reply = {
  status: 409,
  body: { code: "OperationInProgress", message: "An operation is in progress" },
};

describe("get", () => {
  it("asks for the whole document, with a token and no api-version", async () => {
    const server = await start({ "GET /services/svc": { body: { name: "svc" } } });
    expect(await (await connectTo(server)).get("svc")).toEqual({ name: "svc" });
    const request = server.seen.at(-1);
    expect([...(request?.query ?? [])]).toEqual([["expand", "true"]]);
    expect(request?.headers.authorization).toBe("Bearer access-token-1");
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
  });

  it("says absent after the service's own second 404 in a workspace that lists its services, and lists once", async () => {
    const server = await start({
      "GET /services/svc": ownNotFound,
      "GET /services": { body: { value: [] } },
    });
    const services = await connectTo(server);
    expect(await services.get("svc")).toBeUndefined();
    expect(await services.get("svc")).toBeUndefined();
    expect(calls(server)).toEqual([
      "GET /services/svc",
      "GET /services/svc",
      "GET /services",
      "GET /services/svc",
      "GET /services/svc",
    ]);
  });

  it("does not believe a single 404, even the service's own", async () => {
    const server = await start({
      "GET /services/svc": (_, earlier) => (earlier === 0 ? ownNotFound : { body: { name: "svc" } }),
      "GET /services": { body: { value: [] } },
    });
    expect(await (await connectTo(server)).get("svc")).toEqual({ name: "svc" });
  });

  it("asks again after whether the workspace exists when that could not be told", async () => {
    const server = await start({
      "GET /services/svc": ownNotFound,
      "GET /services": (_, earlier) =>
        earlier === 0 ? { status: 403, body: { code: "x", message: "no" } } : { body: { value: [] } },
    });
    const services = await connectTo(server);
    expect(await failure(services.get("svc"))).toMatchObject({ code: "Forbidden" });
    expect(await services.get("svc")).toBeUndefined();
  });

  it.each<[string, Reply]>([
    ["cut JSON", { body: '{"name":"sv' }],
    ["an empty body", { body: "" }],
    ["a sign-in page", { headers: { "content-type": "text/html" }, body: "<html><title>Sign in</title>" }],
    ["a gateway's page with status 404", { status: 404, body: "<html>none</html>" }],
  ])("asks again after %s that came once", async (_, reply) => {
    const server = await start({
      "GET /services/svc": (_seen, earlier) => (earlier === 0 ? reply : { body: { name: "svc" } }),
    });
    expect(await (await connectTo(server)).get("svc")).toEqual({ name: "svc" });
  });

  it.each<[string, Reply, Reply, string]>([
    ["a workspace that does not list", ownNotFound, ownNotFound, "WorkspaceNotFound"],
    [
      "a list that is forbidden",
      ownNotFound,
      { status: 403, body: { code: "x", message: "no" } },
      "Forbidden",
    ],
    ["a gateway's text", { status: 404, body: "404 page not found" }, { body: { value: [] } }, "NotFound"],
    [
      "a gateway's page",
      { status: 404, headers: { "content-type": "text/html" }, body: "<html><title>Oops</title>" },
      { body: { value: [] } },
      "GatewayPage",
    ],
    [
      "a 404 of JSON without a code",
      { status: 404, body: { message: "no Route" } },
      { body: { value: [] } },
      "NotFound",
    ],
    ["text instead of JSON", { body: "hello" }, { body: {} }, "NotJson"],
    ["a list instead of an object", { body: [1] }, { body: {} }, "NotJson"],
    [
      "a page with status 200",
      { headers: { "content-type": "text/html" }, body: "<html><title>Sign in</title></html>" },
      { body: {} },
      "GatewayPage",
    ],
    [
      "a redirect",
      { status: 302, headers: { location: "http://login" }, body: "" },
      { body: {} },
      "GatewayPage",
    ],
  ])("never takes %s for an absent service", async (_, answer, list, code) => {
    const server = await start({ "GET /services/svc": answer, "GET /services": list });
    const error = await failure((await connectTo(server)).get("svc"));
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ code });
    expect((error as ServiceError).message).toMatch(/^Cannot (read|find|check|list) /);
  });

  it("repeats what passes and gives the answer that follows", async () => {
    const clock = testClock();
    const server = await start({
      "GET /services/svc": (_, earlier) =>
        [{ status: 503 }, { cut: true as const }, { status: 429, headers: { "retry-after": "7" } }][
          earlier
        ] ?? {
          body: { name: "svc" },
        },
    });
    expect(await (await connectTo(server, clock)).get("svc")).toEqual({ name: "svc" });
    expect(clock.sleeps).toHaveLength(3);
    expect(clock.sleeps[2]).toBeGreaterThanOrEqual(7000);
  });
});

describe("create", () => {
  it.each<[string, Reply, object]>([
    ["the header's last segment", begun("op-1"), { operationId: "op-1" }],
    ["the header of a 200", begun("op-1", 200), { operationId: "op-1" }],
    ["the body", { status: 200, body: { operationId: "op-2" } }, { operationId: "op-2" }],
  ])("follows %s", async (_, reply, expected) => {
    const server = await start({ "POST /services": reply });
    expect(await (await connectTo(server)).create(definition)).toEqual(expected);
    expect(JSON.parse(server.seen.at(-1)?.body ?? "")).toEqual(definition);
  });

  it("says Conflict for a taken name, at once and without reading", async () => {
    const server = await start({ "POST /services": taken });
    expect(await failure((await connectTo(server)).create(definition))).toMatchObject({
      code: "Conflict",
      status: 409,
    });
    expect(calls(server)).toEqual(["POST /services"]);
  });

  it("waits while another operation runs", async () => {
    const server = await start({ "POST /services": (_, earlier) => (earlier < 2 ? running : begun("op-1")) });
    expect(await (await connectTo(server)).create(definition)).toEqual({ operationId: "op-1" });
  });

  it("says OperationInProgress when that never ends", async () => {
    const clock = testClock();
    const server = await start({ "POST /services": running });
    const services = (await connectTo(server, clock)).within(clock.now() + 60_000);
    expect(await failure(services.create(definition))).toMatchObject({ code: "OperationInProgress" });
  });

  const ours = {
    body: { name: "svc", properties: { "pulumi-created-by": "me", more: "x" }, operationId: "op-9" },
  };
  it.each<[string, Reply]>([
    ["a cut connection", { cut: true }],
    ["a 500", { status: 500, body: "" }],
    ["a 502", { status: 502, body: "<html>" }],
    ["a 503 without Retry-After", { status: 503 }],
    ["a 504", { status: 504 }],
    ["a 408", { status: 408 }],
  ])("after %s takes its own service that is there, and posts once", async (_, reply) => {
    const server = await start({ "POST /services": reply, "GET /services/svc": ours });
    expect(await (await connectTo(server)).create(definition)).toEqual({ operationId: "op-9" });
    expect(calls(server)).toEqual(["POST /services", "GET /services/svc"]);
  });

  it("after an open outcome posts again when nothing is there", async () => {
    const server = await start({
      "POST /services": (_, earlier) => (earlier === 0 ? { cut: true } : begun("op-2")),
      "GET /services/svc": ownNotFound,
      "GET /services": { body: { value: [] } },
    });
    expect(await (await connectTo(server)).create(definition)).toEqual({ operationId: "op-2" });
    expect(calls(server)).toEqual([
      "POST /services",
      "GET /services/svc",
      "GET /services/svc",
      "GET /services",
      "POST /services",
    ]);
  });

  describe.each<[string, Reply]>([
    ["200 with {}", { body: {} }],
    ["200 with nothing", { status: 200 }],
    ["202 without an operation", { status: 202 }],
    ["207 with an operation", begun("op-1", 207)],
    ["a sign-in page", { headers: { "content-type": "text/html" }, body: "<html><title>Sign in</title>" }],
    ["OK", { body: "OK" }],
  ])("answered %s", (_, reply) => {
    it("never reports a service that was not made", async () => {
      const server = await start({
        "POST /services": reply,
        "GET /services/svc": ownNotFound,
        "GET /services": { body: { value: [] } },
      });
      expect(await failure((await connectTo(server)).create(definition))).toMatchObject({
        code: "OutcomeUnknown",
      });
    });

    it("goes on with the service that is there all the same, and posts once", async () => {
      const server = await start({ "POST /services": reply, "GET /services/svc": ours });
      expect(await (await connectTo(server)).create(definition)).toEqual({ operationId: "op-9" });
      expect(calls(server)).toEqual(["POST /services", "GET /services/svc"]);
    });

    it("posts again where nothing is there", async () => {
      const server = await start({
        "POST /services": (_seen, earlier) => (earlier === 0 ? reply : begun("op-2")),
        "GET /services/svc": ownNotFound,
        "GET /services": { body: { value: [] } },
      });
      expect(await (await connectTo(server)).create(definition)).toEqual({ operationId: "op-2" });
    });
  });

  it("recognises its own service when it appears only after the second post", async () => {
    const server = await start({
      "POST /services": (_, earlier) => (earlier === 0 ? { cut: true } : taken),
      "GET /services/svc": (_, earlier) => (earlier < 2 ? ownNotFound : ours),
      "GET /services": { body: { value: [] } },
    });
    expect(await (await connectTo(server)).create(definition)).toEqual({ operationId: "op-9" });
  });

  it("after an open outcome never takes a stranger's service", async () => {
    const server = await start({
      "POST /services": { cut: true },
      "GET /services/svc": { body: { name: "svc", properties: { "pulumi-created-by": "other" } } },
    });
    expect(await failure((await connectTo(server)).create(definition))).toMatchObject({ code: "Conflict" });
  });

  it("posts again after 429 and 503 with Retry-After, which were never begun", async () => {
    const server = await start({
      "POST /services": (_, earlier) =>
        [{ status: 429 }, { status: 503, headers: { "retry-after": "1" } }][earlier] ?? begun("op-3"),
    });
    expect(await (await connectTo(server)).create(definition)).toEqual({ operationId: "op-3" });
    expect(calls(server)).toEqual(Array(3).fill("POST /services"));
  });

  describe("with overwrite", () => {
    const again = { ...definition, overwrite: true };
    const found = (state: string): Reply => ({ body: { ...ours.body, state } });

    it("never takes a 409 for a taken name at once", async () => {
      const server = await start({
        "POST /services": (_, earlier) => (earlier === 0 ? taken : begun("op-1")),
      });
      expect(await (await connectTo(server)).create(again)).toEqual({ operationId: "op-1" });
    });

    it("after an open outcome follows a service that moves", async () => {
      const server = await start({
        "POST /services": { cut: true },
        "GET /services/svc": found("Transitioning"),
      });
      expect(await (await connectTo(server)).create(again)).toEqual({ operationId: "op-9" });
      expect(calls(server)).toEqual(["POST /services", "GET /services/svc"]);
    });

    it("after an open outcome posts again over a service that stands still", async () => {
      const server = await start({
        "POST /services": (_, earlier) => (earlier === 0 ? { cut: true } : begun("op-2")),
        "GET /services/svc": found("Failed"),
      });
      expect(await (await connectTo(server)).create(again)).toEqual({ operationId: "op-2" });
    });
  });

  it("says that the outcome is open when that cannot be read back", async () => {
    const server = await start({
      "POST /services": { cut: true },
      "GET /services/svc": { status: 403, body: {} },
    });
    expect(await failure((await connectTo(server)).create(definition))).toMatchObject({
      code: "OutcomeUnknown",
      ambiguous: true,
    });
  });

  it("asks for a name", async () => {
    const server = await start({});
    expect(await failure((await connectTo(server)).create({}))).toMatchObject({ code: "BadSettings" });
  });

  it("shows no key that the server echoes", async () => {
    const server = await start({
      "POST /services": {
        status: 400,
        body: { code: "Bad", message: "key key-number-one or access-token-1 is weak" },
      },
    });
    const error = (await failure((await connectTo(server)).create(definition))) as ServiceError;
    expect(error.code).toBe("BadRequest");
    expect(`${error.message}${error.detail}${error.stack}`).not.toMatch(/key-number-one|access-token-1/);
  });
});

describe("patch", () => {
  const replace = [{ op: "replace", path: "/kvTags", value: {} }] as const;
  it.each<[string, Reply, object | undefined]>([
    ["202 with a header", begun("op-1"), { operationId: "op-1" }],
    ["200 with an id", { body: { operationId: "op-2" } }, { operationId: "op-2" }],
    ["200 with a document", { body: { name: "svc" } }, undefined],
  ])("understands %s", async (_, reply, expected) => {
    const server = await start({ "PATCH /services/svc": reply });
    expect(await (await connectTo(server)).patch("svc", replace)).toEqual(expected);
    expect(server.seen.at(-1)?.headers["content-type"]).toBe("application/json-patch+json");
  });

  it("waits for a running operation until the deadline, and tries a few times on any other 409", async () => {
    const server = await start({
      "PATCH /services/svc": (_, earlier) => (earlier < 20 ? running : begun("op-1")),
      "PATCH /services/odd": { status: 409, body: { code: "Conflict", message: "etag mismatch" } },
    });
    const services = await connectTo(server);
    expect(await services.patch("svc", replace)).toEqual({ operationId: "op-1" });
    const error = (await failure(services.patch("odd", replace))) as ServiceError;
    expect(error).toMatchObject({ code: "Conflict", detail: "Conflict: etag mismatch" });
    expect(calls(server).filter((call) => call.endsWith("odd"))).toHaveLength(6);
  });

  it("sends nothing for nothing", async () => {
    const server = await start({});
    expect(await (await connectTo(server)).patch("svc", [])).toBeUndefined();
    expect(calls(server)).toEqual([]);
  });

  it("repeats after a cut, but not with a remove in it", async () => {
    const server = await start({
      "PATCH /services/svc": (_, earlier) => (earlier === 0 ? { cut: true } : begun("op-1")),
      "PATCH /services/other": { cut: true },
    });
    const services = await connectTo(server);
    expect(await services.patch("svc", replace)).toEqual({ operationId: "op-1" });
    expect(await failure(services.patch("other", [{ op: "remove", path: "/a" }]))).toMatchObject({
      code: "ConnectionLost",
      ambiguous: true,
    });
  });
});

describe("any call", () => {
  it.each(["", ".", ".."])("refuses the name %j, which would be another path", async (name) => {
    const server = await start({});
    const services = await connectTo(server);
    expect(await failure(services.remove(name))).toMatchObject({ code: "BadSettings" });
    expect(calls(server)).toEqual([]);
  });

  it("keeps a name with special characters in one segment", async () => {
    const server = await start({ "GET /services/a%2Fb%3Fc": { body: { name: "odd" } } });
    expect(await (await connectTo(server)).get("a/b?c")).toEqual({ name: "odd" });
  });

  it("is not sent when the time is up", async () => {
    const clock = testClock();
    const server = await start({});
    const services = (await connectTo(server, clock)).within(clock.now() - 1);
    expect(await failure(services.remove("svc"))).toMatchObject({ code: "TimedOut", ambiguous: false });
    expect(calls(server)).toEqual([]);
  });

  it("stays open when an early try may have taken effect and the later ones surely did not", async () => {
    const server = await start({
      "DELETE /services/svc": (_, earlier) =>
        earlier === 0 ? { cut: true } : { status: 503, headers: { "retry-after": "100" } },
    });
    const clock = testClock();
    const services = (await connectTo(server, clock)).within(clock.now() + 50_000);
    expect(await failure(services.remove("svc"))).toMatchObject({ code: "ServerError", ambiguous: true });
  });
});

describe("remove", () => {
  it.each<[string, Reply, unknown]>([
    ["202", begun("op-1"), { operationId: "op-1" }],
    ["200", { status: 200 }, undefined],
    ["204", { status: 204 }, "gone"],
    ["the service's own 404", ownNotFound, "gone"],
  ])("understands %s", async (_, reply, expected) => {
    const server = await start({ "DELETE /services/svc": reply, "GET /services": { body: { value: [] } } });
    expect(await (await connectTo(server)).remove("svc")).toEqual(expected);
  });

  it("takes a 404 in an unknown workspace for an error", async () => {
    const server = await start({ "DELETE /services/svc": ownNotFound, "GET /services": ownNotFound });
    expect(await failure((await connectTo(server)).remove("svc"))).toMatchObject({
      code: "WorkspaceNotFound",
    });
  });
});

describe("keys", () => {
  it("reads both, by a POST without a body", async () => {
    const server = await start({
      "POST /services/svc/listkeys": { body: { primaryKey: "a", secondaryKey: "b" } },
    });
    expect(await (await connectTo(server)).listKeys("svc")).toEqual({ primaryKey: "a", secondaryKey: "b" });
    expect(server.seen.at(-1)).toMatchObject({ body: "" });
    expect(server.seen.at(-1)?.headers["content-type"]).toBeUndefined();
  });

  it("says what is missing", async () => {
    const server = await start({ "POST /services/svc/listkeys": { body: { primaryKey: "a" } } });
    const error = (await failure((await connectTo(server)).listKeys("svc"))) as ServiceError;
    expect(error).toMatchObject({ code: "UnexpectedAnswer" });
    expect(error.message).toContain("primaryKey and secondaryKey");
  });

  it("sets one, and the service's echo of it stays out of the error", async () => {
    const server = await start({
      "POST /services/svc/regenerateKeys": begun("op-1"),
      "POST /services/bad/regenerateKeys": {
        status: 400,
        body: { code: "Weak", message: "my-secret-key is weak" },
      },
    });
    const services = await connectTo(server);
    expect(await services.regenerateKey("svc", "Primary", "my-secret-key")).toEqual({ operationId: "op-1" });
    expect(JSON.parse(server.seen.at(-1)?.body ?? "")).toEqual({
      keyType: "Primary",
      keyValue: "my-secret-key",
    });
    const error = (await failure(
      services.regenerateKey("bad", "Secondary", "my-secret-key"),
    )) as ServiceError;
    expect(error.message).not.toContain("my-secret-key");
  });

  it("after an open outcome compares the given key with the live one", async () => {
    const server = await start({
      "POST /services/svc/regenerateKeys": { cut: true },
      "POST /services/svc/listkeys": { body: { primaryKey: "a", secondaryKey: "given" } },
    });
    const services = await connectTo(server);
    const operation = await services.regenerateKey("svc", "Secondary", "given");
    expect(await services.wait(operation, { deadline: 0 })).toMatchObject({ state: "Succeeded" });
    expect(calls(server)).toEqual(["POST /services/svc/regenerateKeys", "POST /services/svc/listkeys"]);
  });

  it("fails clearly after an open outcome of a key that the service makes", async () => {
    const server = await start({ "POST /services/svc/regenerateKeys": { cut: true } });
    const error = await failure((await connectTo(server)).regenerateKey("svc", "Primary"));
    expect(error).toMatchObject({ code: "OutcomeUnknown" });
    expect(calls(server)).toHaveLength(1);
  });

  it("reads a token's times as epoch seconds", async () => {
    const server = await start({
      "POST /services/svc/token": {
        status: 201,
        body: { accessToken: "t", tokenType: "Bearer", refreshAfter: 1_700_000_000, expiryOn: 1_700_003_600 },
      },
      "POST /services/bad/token": { status: 400, body: { code: "TokenAuthOff", message: "no" } },
    });
    const services = await connectTo(server);
    expect(await services.accessToken("svc")).toEqual({
      accessToken: "t",
      tokenType: "Bearer",
      refreshAfter: new Date("2023-11-14T22:13:20Z"),
      expiryOn: new Date("2023-11-14T23:13:20Z"),
    });
    expect(await failure(services.accessToken("bad"))).toMatchObject({ code: "BadRequest" });
  });
});

describe("list", () => {
  const collect = async (list: AsyncGenerator<unknown>): Promise<unknown[]> => {
    const all: unknown[] = [];
    for await (const one of list) all.push(one);
    return all;
  };

  it("follows nextLink on its own host, and ends at null", async () => {
    const server = await start({
      "GET /services": ({ query, headers }) =>
        query.get("page") === "2"
          ? { body: { value: [{ name: "b" }], nextLink: null } }
          : { body: { value: [{ name: "a" }], nextLink: `http://${headers.host}${root}/services?page=2` } },
    });
    const services = await connectTo(server);
    expect(await collect(services.list({ computeType: "AKS", tags: { a: "1", b: undefined } }))).toEqual([
      { name: "a" },
      { name: "b" },
    ]);
    expect(Object.fromEntries(server.seen[1]?.query ?? [])).toEqual({
      expand: "true",
      computeType: "AKS",
      tags: "a=1,b",
    });
  });

  it.each([
    ["another host", "http://127.0.0.1:1/steal"],
    ["no address", "http://["],
  ])("never follows nextLink to %s", async (_, nextLink) => {
    const server = await start({ "GET /services": { body: { value: [], nextLink } } });
    expect(await failure(collect((await connectTo(server)).list()))).toMatchObject({
      code: "ForeignAddress",
    });
  });

  it("reads a first page that points to itself once, and fails", async () => {
    const server = await start({
      "GET /services": ({ query }) => ({ body: { value: [], nextLink: `${root}/services?${query}` } }),
    });
    expect(await failure(collect((await connectTo(server)).list()))).toMatchObject({
      code: "UnexpectedAnswer",
      message: expect.stringContaining("read before"),
    });
    expect(calls(server)).toEqual(["GET /services"]);
  });

  it("ends at a page that points to an earlier one", async () => {
    const server = await start({
      "GET /services": ({ query }) => ({
        body: { value: [], nextLink: `${root}/services?page=${(Number(query.get("page")) + 1) % 3}` },
      }),
    });
    expect(await failure(collect((await connectTo(server)).list()))).toMatchObject({
      code: "UnexpectedAnswer",
    });
    expect(calls(server)).toHaveLength(4);
  });

  it("ends on pages that go on for ever", async () => {
    const server = await start({
      "GET /services": ({ query }) => ({
        body: { value: [], nextLink: `${root}/services?page=${Number(query.get("page")) + 1}` },
      }),
    });
    expect(await failure(collect((await connectTo(server)).list()))).toMatchObject({
      code: "UnexpectedAnswer",
      message: expect.stringContaining("never ends"),
    });
    expect(calls(server)).toHaveLength(1000);
  });
});

describe("migrate", () => {
  it("names the compute by its ARM id", async () => {
    const server = await start({ "POST /services/migrate": begun("op-1") });
    expect(await (await connectTo(server)).migrate("svc", "k8s")).toEqual({ operationId: "op-1" });
    expect(JSON.parse(server.seen.at(-1)?.body ?? "")).toEqual({
      serviceName: "svc",
      computeTarget: `${scope}/computes/k8s`,
    });
  });

  it("is never sent twice after an open outcome", async () => {
    const server = await start({ "POST /services/migrate": { status: 500 } });
    expect(await failure((await connectTo(server)).migrate("svc", "k8s"))).toMatchObject({
      code: "OutcomeUnknown",
    });
    expect(calls(server)).toHaveLength(1);
  });
});

describe("logs", () => {
  it("asks with Python's spelling of booleans", async () => {
    const server = await start({ "GET /services/svc/logs": { body: { content: "hello" } } });
    expect(await (await connectTo(server)).logs("svc", { tail: 7 })).toBe("hello");
    expect(Object.fromEntries(server.seen.at(-1)?.query ?? [])).toEqual({ tail: "7", init: "False" });
  });

  it("reads a stored operation log without a token", async () => {
    const server = await start({
      "GET /operations/op-1": ({ headers }) => ({
        body: { state: "Failed", operationLog: `http://${headers.host}/blob?sig=secret` },
      }),
      "GET /blob": { body: "line one\nline two" },
    });
    expect(await (await connectTo(server)).operationLog({ operationId: "op-1" })).toBe("line one\nline two");
    expect(server.seen.at(-1)?.headers.authorization).toBeUndefined();
  });

  it("is silent when there is none", async () => {
    const server = await start({});
    expect(await (await connectTo(server)).operationLog({ operationId: "op-1" })).toBe("");
  });

  it("is not fetched in the clear from another machine", async () => {
    const asked: string[] = [];
    const answers: Record<string, string> = {
      discovery: '{"modelmanagement":"http://127.0.0.1:9"}',
      "op-1":
        '{"state":"Failed","operationLog":"http://logs.example/blob?sig=s","streamingOperationLog":"said"}',
    };
    const transport: Transport = async ({ url }) => {
      asked.push(new URL(url).host);
      return { status: 200, headers: {}, text: answers[url.split("/").at(-1)!] ?? "from the clear" };
    };
    const services = await connect(address, settingsFor("http://127.0.0.1:9"), { transport });
    expect(await services.operationLog({ operationId: "op-1" })).toBe("said");
    expect(asked).not.toContain("logs.example");
  });
});
