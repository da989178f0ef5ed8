import fc from "fast-check";
import * as fs from "node:fs";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { emulated, minimal, type Emulated } from "./emulated";

jest.setTimeout(120_000);

let folder: string;
let e: Emulated;
beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "emulator-hostile-"));
  e = await emulated({ data: folder });
});
afterEach(async () => {
  await e.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

/** The emulator answers as before, shows its log, and its state can be read by the next one. */
async function isWhole(): Promise<void> {
  const [list, models, images, log] = [
    await e.call("GET", "/services"),
    await e.call("GET", "/models"),
    await e.call("GET", "/images"),
    await e.plain("GET", `${e.url}/_emulator/requests`),
  ];
  expect([list, models, images, log].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  await e.close();
  e = await emulated({ data: folder });
  expect((await e.call("GET", "/services")).text.replaceAll(/:[0-9]{4,5}\//g, ":0/")).toBe(
    list.text.replaceAll(/:[0-9]{4,5}\//g, ":0/"),
  );
}

describe("a body that is nested deeper than the API's documents", () => {
  const body = (depth: number): string =>
    `{"name":"svc-a","computeType":"AKS","computeName":"aks-a","environmentImageRequest":{"modelIds":["sk:1"],"x":${nested(depth)}}}`;

  test("is a 400 that says so, and nothing else changes", async () => {
    await e.deploy("svc-b");
    const answer = await e.call("POST", "/services", body(100_000));
    expect([answer.status, answer.body["message"]]).toEqual([
      400,
      "The request's body is nested deeper than 64 levels.",
    ]);
    expect((await e.call("GET", "/services")).body["value"]).toHaveLength(1);
    expect(e.requests().find(({ method, status }) => method === "POST" && status === 400)?.body).toBe(
      body(100_000),
    );
    await isWhole();
  });

  test("the limit is on depth, not on brackets within texts", async () => {
    const kvTags = { a: nested(1000), b: '"[\\"', c: "{\\\\" };
    expect((await e.call("POST", "/services", { ...minimal("svc-a"), kvTags })).status).toBe(202);
    expect(await e.service("svc-a")).toMatchObject({ kvTags });
    expect((await e.call("POST", "/services", body(62).replace("svc-a", "svc-b"))).status).toBe(202);
    expect((await e.call("POST", "/services", body(63).replace("svc-a", "svc-c"))).status).toBe(400);
    await isWhole();
  });

  test("a scoring input is one too", async () => {
    const { scoringUri } = await e.deploy("svc-a", { authEnabled: false });
    const headers = { "Content-Type": "application/json" };
    expect((await e.plain("POST", scoringUri, nested(100_000), headers)).status).toBe(400);
    await isWhole();
  });
});

describe("members of a wrong type", () => {
  const unreadable = { toString: 1, valueOf: null };
  const image = (members: object) => ({
    ...minimal("svc-a"),
    environmentImageRequest: { modelIds: ["sk:1"], driverProgram: "score.py", ...members },
  });
  it.each<[string, string, unknown]>([
    ["POST", "/services", { ...minimal("svc-a"), autoScaler: { minReplicas: unreadable } }],
    ["POST", "/services", image({ assets: [{ id: unreadable, url: unreadable }] })],
    ["POST", "/services", image({ assets: [{ id: "a", url: unreadable }] })],
    ["POST", "/services", image({ assets: "score.py" })],
    ["POST", "/services", image({ assets: [1] })],
    ["POST", "/services", image({ driverProgram: 1 })],
    ["POST", "/services", image({ environment: "env" })],
    ["POST", "/services/validate", { type: "Update", serviceName: unreadable }],
    ["POST", "/services/migrate", { serviceName: unreadable, computeTarget: "/computes/a" }],
    ["POST", "/images", { name: "image", modelIds: [unreadable] }],
    ["POST", "/assets", { name: "asset", artifacts: [{ prefix: unreadable }] }],
    ["PATCH", "/models/sk:1", [{ op: "add", path: unreadable, value: "x" }]],
    ["PATCH", "/models/sk:1", [{ op: "add", path: "/description", value: unreadable }]],
    ["PATCH", "/models/sk:1", [{ op: "add", path: "/kvTags", value: unreadable }]],
    ["PATCH", "/models/sk:1", [{ op: "add", path: "/description/x", value: "x" }]],
  ])("%s %s %j is a 400", async (method, path, body) => {
    expect((await e.call(method, path, body)).status).toBe(400);
    await isWhole();
  });

  test("a patch below a member that an earlier operation made a text is a 400", async () => {
    await e.deploy("svc-a");
    const patch = [
      { op: "add", path: "/autoScaler", value: "text" },
      { op: "add", path: "/autoScaler/minReplicas", value: 2 },
    ];
    expect((await e.call("PATCH", "/services/svc-a", patch)).status).toBe(400);
    await isWhole();
  });

  test("a lone surrogate in an artifact's path is a 400", async () => {
    const url = `${e.url}/artifact/v2.0${e.workspaceId}/artifacts/batch/metadata/LocalUpload/c`;
    const body = JSON.stringify({ paths: [{ path: "\ud800" }] });
    const answer = await e.plain("POST", url, body, { Authorization: `Bearer ${e.accessToken}` });
    expect(answer.status).toBe(400);
    await isWhole();
  });
});

test("tags and properties may have the names of inherited members", async () => {
  await e.deploy("svc-a");
  for (const key of ["__proto__", "toString", "constructor"]) {
    const patch = [
      { op: "add", path: `/kvTags/${key}`, value: "tag" },
      { op: "add", path: `/properties/${key}`, value: "property" },
    ];
    expect((await e.call("PATCH", "/services/svc-a", patch)).status).toBe(200);
    const { text } = await e.call("GET", "/services/svc-a");
    expect(text).toContain(`"${key}":"tag"`);
    expect(text).toContain(`"${key}":"property"`);
  }
  const remove = { op: "remove", path: "/kvTags/hasOwnProperty" };
  expect((await e.call("PATCH", "/services/svc-a", [remove])).status).toBe(400);
  await isWhole();
});

it.each([
  "count=-1",
  "count=0.000001",
  "count=1e999",
  "count=x",
  "$skipToken=-3",
  "$skipToken=0.5",
  "$skipToken=x",
])("a list with %s still ends", async (query) => {
  for (const name of ["one", "two"]) await e.call("POST", "/images", { name });
  let next: string | undefined = `/images?${query}`;
  for (let pages = 0; next !== undefined; pages += 1) {
    expect(pages).toBeLessThan(3);
    const answer = await e.call("GET", next);
    expect(answer.status).toBe(200);
    next = (answer.body["nextLink"] as string | undefined)?.replace(/^.*workspaces\/[^/]+/, "");
  }
});

test("a code archive that unpacks to more than the memory holds has no version, and the service is made", async () => {
  const artifacts = `${e.url}/artifact/v2.0${e.workspaceId}/artifacts/batch/metadata/LocalUpload/c`;
  const headers = { Authorization: `Bearer ${e.accessToken}` };
  const made = await e.plain("POST", artifacts, { paths: [{ path: "code.tar.gz" }] }, headers);
  const url = made.body["artifactContentInformation"]["code.tar.gz"].contentUri as string;
  await e.plain("PUT", url, bomb(), { "x-ms-blob-type": "BlockBlob" });
  const asset = { id: "code", url: "aml://artifact/LocalUpload/c/code.tar.gz", unpack: true };
  const environment = { environmentVariables: { AZUREML_ENTRY_SCRIPT: "score.py" } };
  const request = { modelIds: [], driverProgram: "driver", assets: [asset], environment };
  await e.deploy("svc-a", { environmentImageRequest: request, authEnabled: false });
  const scored = await e.plain("POST", `${e.url}/api/v1/service/svc-a/score`, {});
  expect(scored.body["code"]).toMatchObject({ asset: "code", version: null });
});

/** An archive whose script says that it is 8 GiB long, and begins to be. */
function bomb(): Buffer {
  const header = Buffer.alloc(512);
  header.write("score.py");
  header.write("77777777777", 124);
  header.write("0", 156);
  return gzipSync(Buffer.concat([header, Buffer.alloc(32 * 1024 * 1024, 'VERSION = "1"\n')]));
}

test("code whose file is gone from the folder has no version, and ends no process", async () => {
  const artifacts = `${e.url}/artifact/v2.0${e.workspaceId}/artifacts/batch/metadata/LocalUpload/c`;
  const headers = { Authorization: `Bearer ${e.accessToken}` };
  const made = await e.plain("POST", artifacts, { paths: [{ path: "code.tar.gz" }] }, headers);
  const url = made.body["artifactContentInformation"]["code.tar.gz"].contentUri as string;
  await e.plain("PUT", url, "bytes", { "x-ms-blob-type": "BlockBlob" });
  for (const blob of fs.readdirSync(path.join(folder, "blobs"))) fs.rmSync(path.join(folder, "blobs", blob));
  const asset = { id: "code", url: "aml://artifact/LocalUpload/c/code.tar.gz", unpack: true };
  const environment = { environmentVariables: { AZUREML_ENTRY_SCRIPT: "score.py" } };
  const request = { modelIds: [], driverProgram: "driver", assets: [asset], environment };
  await e.deploy("svc-a", { environmentImageRequest: request });
  await isWhole();
});

test("a change that cannot be kept is not answered as if it were", async () => {
  const silent = jest.spyOn(console, "error").mockImplementation(() => undefined);
  fs.mkdirSync(path.join(folder, "state.json.new"));
  expect((await e.call("POST", "/services", minimal("svc-a"))).status).toBe(500);
  fs.rmdirSync(path.join(folder, "state.json.new"));
  expect((await e.call("GET", "/services")).status).toBe(200);
  silent.mockRestore();
});

describe("what is no request of the API", () => {
  /** The status of what a raw connection is answered; null when it is cut without an answer. */
  async function raw(text: string): Promise<number | null> {
    const socket = connect(Number(new URL(e.url).port), "127.0.0.1");
    let answer = "";
    socket.on("data", (piece: Buffer) => (answer += piece.toString("latin1")));
    socket.on("error", () => undefined);
    socket.write(text, "latin1");
    await once(socket, "close");
    const status = /^HTTP\/1\.1 ([0-9]+)/.exec(answer)?.[1];
    return status === undefined ? null : Number(status);
  }
  const request = (line: string, headers = "", body = ""): string =>
    `${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n${body}`;

  it.each<[string, string, number | null]>([
    ["slashes only", request("GET //"), 404],
    ["many slashes", request("GET ///_emulator//requests"), 400],
    ["another host's URL", request("GET http://elsewhere.invalid/discovery"), 404],
    ["a broken percent", request("GET /%zz"), 404],
    ["half a character", request("GET /%c3"), 404],
    ["a null character", request("GET /discovery%00"), 404],
    ["dots", request("GET /../../etc/passwd"), 404],
    ["an asterisk", request("OPTIONS *"), 404],
    ["a backslash", request("GET \\\\elsewhere\\discovery"), 400],
    ["an inherited name as control", request("GET /_emulator/constructor"), 400],
    ["no HTTP", "hello\r\n\r\n", 400],
    ["a header without an end", request("GET /discovery", `X: ${"x".repeat(100_000)}\r\n`), 431],
    ["two lengths", request("POST /discovery", "Content-Length: 1\r\nContent-Length: 2\r\n", "x"), 400],
    ["a length below nothing", request("POST /discovery", "Content-Length: -1\r\n"), 400],
    ["a broken chunk", request("POST /discovery", "Transfer-Encoding: chunked\r\n", "zz\r\n"), 400],
    ["an upgrade", request("GET /discovery", "Connection: upgrade\r\nUpgrade: websocket\r\n"), 200],
    ["a tunnel", request("CONNECT elsewhere.invalid:443"), null],
    ["an unknown expectation", request("GET /discovery", "Expect: cake\r\n"), 417],
  ])("%s is answered, and the next request too", async (_, text, status) => {
    expect(await raw(text)).toBe(status);
    await isWhole();
  });

  test("connections that say nothing, and bodies that do not end, keep nobody else waiting", async () => {
    const sockets: Socket[] = [];
    for (let count = 0; count < 200; count += 1) {
      const socket = connect(Number(new URL(e.url).port), "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write(count % 2 === 0 ? "POST /" : "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{");
      sockets.push(socket);
    }
    await isWhole();
    for (const socket of sockets) socket.destroy();
  });
});

/** A good body of each call that reads one. */
const bodies: readonly (readonly [string, string, object])[] = [
  [
    "POST",
    "/services",
    {
      name: "svc-a",
      description: "text",
      kvTags: { a: "b" },
      properties: { a: "b" },
      computeType: "AKS",
      computeName: "aks-a",
      keys: { primaryKey: "one", secondaryKey: "two" },
      environmentImageRequest: {
        driverProgram: "driver",
        modelIds: ["sk:1"],
        assets: [
          { id: "driver", url: "aml://artifact/a/b/c", mimeType: "application/x-python", unpack: false },
        ],
        environment: { name: "env", environmentVariables: { AZUREML_ENTRY_SCRIPT: "score.py" } },
      },
      autoScaler: { autoscaleEnabled: true, minReplicas: 1, maxReplicas: 2, targetUtilization: 70 },
      containerResourceRequirements: { cpu: 1, cpuLimit: 2, memoryInGB: 1, memoryInGBLimit: 2, gpu: 1 },
      dataCollection: { eventHubEnabled: true, storageEnabled: true },
      livenessProbeRequirements: { periodSeconds: 1, initialDelaySeconds: 1, timeoutSeconds: 1 },
      authEnabled: true,
      aadAuthEnabled: false,
      appInsightsEnabled: true,
      namespace: "here",
      scoringTimeoutMs: 1,
      overwrite: true,
    },
  ],
  [
    "POST",
    "/services",
    { ...minimal("svc-a"), environmentImageRequest: null, imageId: "image:1", numReplicas: 1 },
  ],
  ["POST", "/services/validate", { type: "Create", serviceName: "svc-a", createRequest: minimal("svc-a") }],
  ["POST", "/services/validate", { type: "Update", serviceName: "svc-b" }],
  ["POST", "/services/validate/resource", minimal("svc-a")],
  ["POST", "/services/migrate", { serviceName: "svc-b", computeTarget: "/computes/a" }],
  ["POST", "/services/svc-b/regenerateKeys", { keyType: "Primary", keyValue: "one" }],
  [
    "PATCH",
    "/services/svc-b",
    [
      { op: "replace", path: "/autoScaler", value: { minReplicas: 1 } },
      { op: "add", path: "/autoScaler/maxReplicas", value: 3 },
      { op: "replace", path: "/environmentImageRequest", value: { modelIds: ["sk:1"], assets: [{}] } },
      { op: "add", path: "/properties/new", value: "text" },
    ],
  ],
  ["PATCH", "/services/svc-b", [{ op: "replace", path: "/kvTags", value: { a: "b" } }]],
  ["POST", "/images", { name: "image", modelIds: ["sk:1"], assets: [{ id: "a" }] }],
  [
    "POST",
    "/assets",
    { name: "asset", artifacts: [{ prefix: "LocalUpload/c", id: "x" }], kvTags: { a: "b" } },
  ],
  ["POST", "/models", { name: "sk", url: "aml://asset/a", kvTags: { a: "b" }, framework: "Onnx" }],
  ["PATCH", "/models/sk:1", [{ op: "replace", path: "/kvTags", value: { a: "b" } }]],
  ["PATCH", "/models/sk:1", [{ op: "replace", path: "/sampleInputData", value: { a: "b" } }]],
];

const odd: readonly unknown[] = [
  null, true, -1, 0.5, 1e308, "", "x", "\ud800", "/__proto__/x", [], [null], [[]], {}, { toString: 1, valueOf: null },
  { a: { toJSON: "x" } },
]; // prettier-ignore

/** The document with an odd value in the place of each of its members, one after the other, and of itself. */
function* withOdd(document: unknown): Generator<unknown> {
  yield* odd;
  if (typeof document !== "object" || document === null) return;
  for (const [key, member] of Object.entries(document))
    for (const value of withOdd(member))
      yield Array.isArray(document)
        ? document.map((entry, at) => (at === Number(key) ? value : entry) as unknown)
        : { ...document, [key]: value };
}

it.each(bodies)("%s %s answers no server error, whatever any member is", async (method, where, body) => {
  const memory = await emulated();
  await memory.deploy("svc-b");
  for (const wrong of withOdd(body)) {
    const text = JSON.stringify(wrong);
    const { status } = await memory.call(method, where, text);
    expect({ text, status }).not.toMatchObject({ status: 500 });
    memory.clock.pass(10_000);
    expect((await memory.call("GET", "/services")).status).toBe(200);
  }
  expect((await memory.call("GET", "/models")).status).toBe(200);
  expect((await memory.call("GET", "/images")).status).toBe(200);
  expect((await memory.plain("GET", `${memory.url}/_emulator/requests`)).status).toBe(200);
  await memory.close();
});

describe("any request", () => {
  const names = [
    "name", "computeType", "computeName", "environmentImageRequest", "modelIds", "assets", "environment", "driverProgram",
    "autoScaler", "minReplicas", "maxReplicas", "containerResourceRequirements", "cpu", "keys", "primaryKey", "kvTags",
    "properties", "description", "numReplicas", "imageId", "type", "serviceName", "createRequest", "computeTarget",
    "keyType", "keyValue", "artifacts", "prefix", "id", "url", "paths", "path", "op", "value", "framework", "overwrite",
  ]; // prettier-ignore
  const text = fc.oneof(
    fc.constantFrom(
      "svc-a",
      "AKS",
      "aks-a",
      "sk:1",
      "Create",
      "Primary",
      "add",
      "replace",
      "remove",
      "",
      "__proto__",
    ),
    fc.constantFrom(
      "/autoScaler",
      "/autoScaler/minReplicas",
      "/kvTags/x",
      "/properties/x",
      "/kvTags",
      "/imageId",
    ),
    fc.constantFrom(
      "/environmentImageRequest",
      "/environmentImageRequest/assets",
      "/computes/a",
      "LocalUpload",
    ),
    fc.string({ unit: "binary" }),
  );
  const key = fc.oneof(
    fc.constantFrom(...names),
    fc.constantFrom("__proto__", "toString", "toJSON", "valueOf"),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      text,
      fc.constantFrom(null, true, false, 0, -1, 1, 0.5, 1e308),
      // What cannot be made a text or a number.
      fc.constant({ toString: 1, valueOf: null }),
      fc.array(tie("value"), { maxLength: 4 }),
      fc
        .array(fc.tuple(key, tie("value")), { maxLength: 6 })
        .map((entries) => Object.fromEntries(entries.map(([name, member]) => [name, member]))),
    ),
  }));
  /** A good request, of which some members are anything. */
  const nearly = fc
    .dictionary(fc.constantFrom(...names), value, { maxKeys: 3 })
    .map((members) => ({ ...minimal("svc-a"), ...members }));
  const patch = fc.array(fc.record({ op: text, path: text, value }, { requiredKeys: [] }), { maxLength: 4 });
  const paths = [
    "/services", "/services/svc-a", "/services/validate", "/services/validate/resource", "/services/migrate",
    "/services/validate/name/svc-a", "/services/svc-a/listkeys", "/services/svc-a/regenerateKeys",
    "/services/svc-a/token", "/services/svc-a/logs", "/images", "/images/image:1", "/assets", "/assets/a", "/models",
    "/models/sk:1", "/operations/x",
  ]; // prettier-ignore
  const query = fc.oneof(
    fc.constant(""),
    fc.webQueryParameters().map((parameters) => `?${parameters}`),
    fc
      .tuple(fc.constantFrom("tags", "properties", "count", "$skipToken", "offset", "tail", "name"), text)
      .map(([name, member]) => `?${new URLSearchParams({ [name]: member }).toString()}`),
  );
  const hostile = fc.record({
    method: fc.constantFrom("GET", "POST", "PATCH", "DELETE", "PUT", "OPTIONS"),
    path: fc.oneof(
      fc.constantFrom(...paths),
      fc.string({ unit: "binary" }).map((piece) => `/services/${encodeURIComponent(piece)}`),
    ),
    query,
    body: fc.oneof(
      fc.oneof(nearly, patch, value).map((body) => JSON.stringify(body)),
      fc.string({ unit: "binary" }),
    ),
  });

  test("is answered with no server error, and leaves a state that can be read", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 8 }), async (requests) => {
        for (const { method, path: where, query: asked, body } of requests) {
          const sends = method !== "GET";
          const answer = await e.call(method, `${where}${asked}`, sends ? body : undefined);
          expect({ status: answer.status, text: answer.text }).not.toMatchObject({ status: 500 });
        }
        e.clock.pass(10_000);
        expect((await e.call("GET", "/services")).status).toBe(200);
      }),
      { numRuns: 100 },
    );
    await isWhole();
  });
});
