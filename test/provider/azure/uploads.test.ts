import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startEmulator, type Emulator } from "../../../emulator/index";
import { connect } from "../../../provider/azure/connect";
import type { Webservices } from "../../../provider/azure/webservices";
import {
  address,
  failure,
  fakeWorkspace,
  scope,
  settingsFor,
  testClock,
  type FakeWorkspace,
  type Responder,
} from "./fake-workspace";

const artifacts = `/artifact/v2.0${scope}/artifacts`;
const batch = `POST ${artifacts}/batch/metadata/LocalUpload/c1`;

let fake: FakeWorkspace | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

/** A workspace whose storage is the same server, below /blob. */
async function start(routes: Record<string, Responder>, history = true): Promise<Webservices> {
  fake = await fakeWorkspace({
    "GET /discovery": ({ headers }) => ({
      body: {
        modelmanagement: `http://${headers.host}`,
        ...(history ? { history: `http://${headers.host}/` } : {}),
      },
    }),
    [batch]: ({ headers, body }, earlier) => {
      const [{ path }] = (JSON.parse(body) as { paths: [{ path: string }] }).paths;
      return {
        body: {
          artifacts: {},
          artifactContentInformation: {
            [path]: {
              contentUri: `http://${headers.host}/blob/${path}?sig=${encodeURIComponent(`s3cret+/${earlier}=`)}`,
            },
          },
          errors: {},
        },
      };
    },
    ...routes,
  });
  return connect(address, settingsFor(fake.url), { clock: testClock() });
}

const content = (text: string, onSent?: (bytes: number) => void) => ({
  size: Buffer.byteLength(text),
  open: async function* () {
    for (const piece of text.match(/.{1,4}/gs) ?? []) yield Buffer.from(piece);
  },
  ...(onSent ? { onSent } : {}),
});

const puts = () => (fake?.seen ?? []).filter(({ method }) => method === "PUT");

describe("upload", () => {
  it("asks for an address with the token, and puts one block blob there without it", async () => {
    const services = await start({ "PUT /blob/a.py": () => ({ status: 201 }) });
    const sent: number[] = [];
    expect(
      await services.upload(
        "c1",
        "a.py",
        content("0123456789", (bytes) => sent.push(bytes)),
      ),
    ).toBe("aml://artifact/LocalUpload/c1/a.py");
    expect(fake?.seen[1]).toMatchObject({
      body: '{"paths":[{"path":"a.py"}]}',
      headers: {
        authorization: "Bearer access-token-1",
        "content-type": "application/json-patch+json; charset=utf-8",
      },
    });
    expect(puts()).toEqual([
      expect.objectContaining({
        body: "0123456789",
        headers: expect.objectContaining({
          "content-length": "10",
          "content-type": "application/octet-stream",
          "x-ms-blob-type": "BlockBlob",
        }),
      }),
    ]);
    expect(puts()[0]?.headers).not.toHaveProperty("authorization");
    expect(sent).toEqual([4, 8, 10]);
  });

  it("sends an empty file", async () => {
    const services = await start({ "PUT /blob/a.py": () => ({ status: 201 }) });
    await services.upload("c1", "a.py", content(""));
    expect(puts()[0]).toMatchObject({ body: "", headers: { "content-length": "0" } });
  });

  it("starts a cut one again from its beginning", async () => {
    const services = await start({
      "PUT /blob/a.py": (_, earlier) => (earlier === 0 ? { cut: true } : { status: 201 }),
    });
    await services.upload("c1", "a.py", content("0123456789"));
    expect(puts().map(({ body }) => body)).toEqual(["0123456789", "0123456789"]);
  });

  it("gets a fresh address once when one has expired", async () => {
    const services = await start({
      "PUT /blob/a.py": (_, earlier) => (earlier === 0 ? { status: 403, body: "<Error/>" } : { status: 201 }),
    });
    await services.upload("c1", "a.py", content("x"));
    expect(puts().map(({ query }) => query.get("sig"))).toEqual(["s3cret+/0=", "s3cret+/1="]);
  });

  it("gives up after two refused addresses, without showing one", async () => {
    const services = await start({ "PUT /blob/a.py": () => ({ status: 403, body: "<Error/>" }) });
    const error = await failure(services.upload("c1", "a.py", content("x")));
    expect(error).toMatchObject({ code: "UploadRefused" });
    expect(String(error)).not.toContain("s3cret");
    expect(puts()).toHaveLength(2);
  });

  it("asks for the address of an artifact that is there already", async () => {
    const host = { now: "" };
    const services = await start({
      [batch]: ({ headers }) => {
        host.now = String(headers.host);
        return {
          body: {
            artifacts: {},
            artifactContentInformation: {},
            errors: {
              "a.py": { error: { code: "UserError", message: "Resource Conflict: it already exists." } },
            },
          },
        };
      },
      [`GET ${artifacts}/contentinfo/LocalUpload/c1/a.py`]: () => ({
        body: { contentUri: `http://${host.now}/blob/a.py?sig=1` },
      }),
      "PUT /blob/a.py": () => ({ status: 201 }),
    });
    await services.upload("c1", "a.py", content("x"));
    expect(puts()).toHaveLength(1);
  });

  it.each<[string, Record<string, Responder>, string, RegExp]>([
    [
      "the storage's own reason",
      {
        "PUT /blob/a.py": () => ({
          status: 400,
          headers: { "x-ms-error-code": "InvalidBlobType" },
          body: "<?xml?><Error><Code>InvalidBlobType</Code><Message>Not this type: s3cret+/0= or s3cret%2B%2f0%3D</Message></Error>",
        }),
      },
      "UploadRefused",
      /InvalidBlobType: Not this type/,
    ],
    [
      "the workspace's own reason",
      {
        [batch]: () => ({ body: { errors: { "a.py": { error: { code: "Quota", message: "full" } } } } }),
      },
      "UnexpectedAnswer",
      /Quota: full/,
    ],
    [
      "an address over another channel",
      {
        [batch]: () => ({
          body: { artifactContentInformation: { "a.py": { contentUri: "file:///etc/passwd" } } },
        }),
      },
      "ForeignAddress",
      /file:/,
    ],
    [
      "no address at all",
      { [batch]: () => ({ body: {} }) },
      "UnexpectedAnswer",
      /the address to upload a\.py to/,
    ],
  ])("fails with %s", async (_, routes, code, says) => {
    const services = await start(routes);
    const error = await failure(services.upload("c1", "a.py", content("x")));
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) });
    expect(String(error)).not.toContain("s3cret");
  });

  it("says so when the workspace names no place for uploads", async () => {
    const services = await start({}, false);
    expect(await failure(services.upload("c1", "a.py", content("x")))).toMatchObject({
      code: "DiscoveryFailed",
    });
  });

  it("passes on what the content itself fails with, and does not try again", async () => {
    const services = await start({ "PUT /blob/a.py": () => ({ status: 201 }) });
    let opened = 0;
    const broken = {
      size: 10,
      open: async function* () {
        opened += 1;
        yield Buffer.from("0");
        throw new Error("the disk is gone");
      },
    };
    expect(await failure(services.upload("c1", "a.py", broken))).toMatchObject({
      message: "the disk is gone",
    });
    expect(opened).toBe(1);
  });
});

describe("against storage that refuses before it has read", () => {
  it("still gets a fresh address for a large upload", async () => {
    const size = 4 * 1024 * 1024;
    let asked = 0;
    const storage = createServer((request, response) => {
      asked += 1;
      if (asked === 1) return void response.writeHead(403, { connection: "close" }).end("<Error/>");
      request.resume().on("end", () => response.writeHead(201).end());
    });
    await new Promise<void>((done) => storage.listen(0, "127.0.0.1", done));
    const { port } = storage.address() as AddressInfo;
    const services = await start({
      [batch]: () => ({
        body: { artifactContentInformation: { big: { contentUri: `http://127.0.0.1:${port}/big?sig=1` } } },
      }),
    });
    const zeros = {
      size,
      open: async function* () {
        for (let at = 0; at < size; at += 65_536) yield Buffer.alloc(65_536);
      },
    };
    try {
      expect(await services.upload("c1", "big", zeros)).toBe("aml://artifact/LocalUpload/c1/big");
      expect(asked).toBeGreaterThanOrEqual(2);
    } finally {
      storage.closeAllConnections();
      storage.close();
    }
  });
});

describe("against the emulator", () => {
  let emulator: Emulator;
  afterEach(() => emulator.close());
  const open = async (options: object) => {
    emulator = await startEmulator({
      workspaceId:
        "/subscriptions/sub-1/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws",
      ...options,
    });
    const env = { AZUREML_ACCESS_TOKEN: emulator.accessToken, AZUREML_DISCOVERY_URL: emulator.discoveryUrl };
    return connect(address, { config: {}, env }, { clock: testClock(Date.now()) });
  };

  it("uploads, and again to the same place", async () => {
    const services = await open({});
    for (const text of ["one", "two"])
      expect(await services.upload("c1", "lib/a.py", content(text))).toBe(
        "aml://artifact/LocalUpload/c1/lib/a.py",
      );
  });

  it("starts again after the connection was cut", async () => {
    const services = await open({});
    emulator.addFault({ method: "PUT", path: "^/blob/", times: 1, cutBefore: true });
    await services.upload("c1", "a.py", content("one"));
    expect(emulator.requests().map(({ method }) => method)).toEqual(["GET", "POST", "PUT", "PUT"]);
  });
});
