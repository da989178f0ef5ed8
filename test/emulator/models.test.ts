import * as http from "node:http";
import * as zlib from "node:zlib";
import { emulated, minimal, operationTime, type Emulated } from "./emulated";

let e: Emulated;
beforeEach(async () => {
  e = await emulated({ uploadLifetime: 60 });
});
afterEach(() => e.close());

const blockBlob = { "x-ms-blob-type": "BlockBlob" };

/** The signed URL of a new artifact. */
async function uploadUrl(container: string, path: string): Promise<string> {
  const artifacts = `${e.url}/artifact/v2.0${e.workspaceId}/artifacts/batch/metadata/LocalUpload/${container}`;
  const answer = await e.plain(
    "POST",
    artifacts,
    { paths: [{ path }] },
    { Authorization: `Bearer ${e.accessToken}` },
  );
  expect(answer.body["artifacts"][path].artifactId).toBe(`LocalUpload/${container}/${path}`);
  return answer.body["artifactContentInformation"][path].contentUri as string;
}

async function upload(container: string, path: string, bytes: string | Uint8Array): Promise<void> {
  const answer = await e.plain("PUT", await uploadUrl(container, path), bytes, blockBlob);
  expect(answer.status).toBe(201);
}

async function register(name: string, more: object = {}) {
  await upload("c-1", "model.pkl", "weights");
  const asset = await e.call("POST", "/assets", {
    name,
    artifacts: [{ prefix: "LocalUpload/c-1/model.pkl" }],
  });
  return await e.call("POST", "/models", {
    name,
    url: `aml://asset/${asset.body["id"]}`,
    mimeType: "application/json",
    ...more,
  });
}

describe("blobs", () => {
  test("what is put can be read, and its size asked for", async () => {
    const url = await uploadUrl("c-1", "a dir/f#1.txt");
    expect((await fetch(url, { method: "HEAD" })).status).toBe(404);
    expect((await e.plain("PUT", url, "hello", blockBlob)).status).toBe(201);
    const head = await fetch(url, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "5"]);
    expect((await e.plain("GET", url)).text).toBe("hello");
  });

  test("the rest of a blob can be read, from a byte on", async () => {
    const url = await uploadUrl("c-1", "a.txt");
    await e.plain("PUT", url, "hello", blockBlob);
    const from = (byte: number) => e.plain("GET", url, undefined, { Range: `bytes=${byte}-` });
    const rest = await from(2);
    expect([rest.status, rest.text, rest.headers.get("content-range")]).toEqual([206, "llo", "bytes 2-4/5"]);
    expect((await from(0)).status).toBe(200);
    expect((await from(5)).status).toBe(416);
  });

  test("artifacts whose ids begin alike are listed in pages", async () => {
    await e.close();
    e = await emulated({ pageSize: 2 });
    for (const path of ["m/a", "m/b/c", "m/d", "n/a"]) await upload("c-1", path, path);
    const list = async (token: string) =>
      (
        await e.plain(
          "GET",
          `${e.url}/artifact/v2.0${e.workspaceId}/artifacts/prefix/contentinfo/LocalUpload/c-1/m${token}`,
          undefined,
          { Authorization: `Bearer ${e.accessToken}` },
        )
      ).body;
    const [first, second] = [await list(""), await list("?continuationToken=2")];
    expect([...first["value"], ...second["value"]].map(({ path }: { path: string }) => path)).toEqual([
      "m/a",
      "m/b/c",
      "m/d",
    ]);
    expect([first["continuationToken"], second["continuationToken"]]).toEqual(["2", null]);
    expect((await e.plain("GET", second["value"][0].contentUri as string)).text).toBe("m/d");
  });

  it.each<[string, (url: string) => string, Record<string, string>, number, string]>([
    ["a changed path", (url) => url.replace("a.txt", "b.txt"), blockBlob, 403, "AuthenticationFailed"],
    ["a later expiry", (url) => url.replace(/se=2026/, "se=2027"), blockBlob, 403, "AuthenticationFailed"],
    ["no signature", (url) => url.replace(/sig=[^&]*/, ""), blockBlob, 403, "AuthenticationFailed"],
    ["no blob type", (url) => url, {}, 400, "MissingRequiredHeader"],
    ["a wrong MD5", (url) => url, { ...blockBlob, "Content-MD5": "AAAA" }, 400, "Md5Mismatch"],
    ["a block of a list", (url) => `${url}&comp=block`, blockBlob, 501, "NotImplemented"],
  ])("%s is refused", async (_, change, headers, status, code) => {
    const url = await uploadUrl("c-1", "a.txt");
    const answer = await e.plain("PUT", change(url), "hello", headers);
    expect([answer.status, answer.headers.get("x-ms-error-code")]).toEqual([status, code]);
    expect((await fetch(url, { method: "HEAD" })).status).toBe(404);
  });

  test("a cut upload leaves nothing, and can be done again", async () => {
    const url = await uploadUrl("c-1", "a.txt");
    const broken = new Promise((resolve) => {
      const options = { method: "PUT", headers: { ...blockBlob, "Content-Length": "1000" } };
      const request = http.request(url, options).on("error", resolve);
      request.write("the first part", () => request.destroy());
    });
    await broken;
    expect((await fetch(url, { method: "HEAD" })).status).toBe(404);
    expect((await e.plain("PUT", url, "whole", blockBlob)).status).toBe(201);
    expect((await e.plain("GET", url)).text).toBe("whole");
  });

  test("an uploaded artifact's URL can be asked for again", async () => {
    await upload("c-1", "a/b.txt", "hello");
    const info = `${e.url}/artifact/v2.0${e.workspaceId}/artifacts/contentinfo/LocalUpload/c-1`;
    const headers = { Authorization: `Bearer ${e.accessToken}` };
    const answer = await e.plain("GET", `${info}/a/b.txt`, undefined, headers);
    expect((await e.plain("GET", answer.body["contentUri"])).text).toBe("hello");
    expect((await e.plain("GET", `${info}/none`, undefined, headers)).status).toBe(404);
  });

  test("an upload URL expires", async () => {
    const url = await uploadUrl("c-1", "a.txt");
    e.clock.pass(60_000);
    const answer = await e.plain("PUT", url, "hello", blockBlob);
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining("Expiry")]);
  });

  test.each(["../x", "a//b", "/a", ""])("the path %j is refused", async (path) => {
    const artifacts = `${e.url}/artifact/v2.0${e.workspaceId}/artifacts/batch/metadata/LocalUpload/c-1`;
    const answer = await e.plain(
      "POST",
      artifacts,
      { paths: [{ path }] },
      { Authorization: `Bearer ${e.accessToken}` },
    );
    expect(answer.status).toBe(400);
  });
});

describe("models", () => {
  test("each registration of a name is its next version, also after a delete", async () => {
    const first = await register("m", { framework: "Onnx", kvTags: { a: "1" }, description: "d" });
    expect(first.body).toMatchObject({
      id: "m:1",
      version: 1,
      framework: "Onnx",
      kvTags: { a: "1" },
      description: "d",
    });
    expect((await register("m")).body["id"]).toBe("m:2");
    expect((await e.call("DELETE", "/models/m:2")).status).toBe(200);
    expect((await e.call("GET", "/models/m:2")).status).toBe(404);
    expect((await e.call("DELETE", "/models/m:2")).status).toBe(204);
    expect((await register("m")).body["id"]).toBe("m:3");
    expect((await e.call("GET", "/models/m:1")).body).toEqual(first.body);
  });

  test("after a registration any other model exists as before, without a seed; a deleted version does not", async () => {
    await register("fraud");
    await register("fraud");
    await e.call("DELETE", "/models/fraud:1");
    const status = async (id: string) => (await e.call("GET", `/models/${id}`)).status;
    expect([await status("fraud:1"), await status("fraud:2")]).toEqual([404, 200]);
    expect([await status("fraud:7"), await status("other:1")]).toEqual([200, 200]);
    expect((await e.call("POST", "/services", minimal("svc-a"))).status).toBe(202);
    const request = { ...minimal("svc-b"), environmentImageRequest: { modelIds: ["fraud:7"] } };
    expect((await e.call("POST", "/services", request)).status).toBe(202);
  });

  test("with a seed only its models and the registered ones exist, and a registration goes on from the seed's", async () => {
    await e.close();
    e = await emulated({ seed: { models: [{ id: "fraud:7" }] } });
    expect((await register("fraud")).body["id"]).toBe("fraud:8");
    const status = async (id: string) => (await e.call("GET", `/models/${id}`)).status;
    expect([await status("fraud:7"), await status("fraud:8")]).toEqual([200, 200]);
    expect([await status("fraud:1"), await status("fraud:9")]).toEqual([404, 404]);
  });

  test("a list has the newest first, by name, tag and page", async () => {
    for (const n of [1, 2, 3]) await register("m", { kvTags: { n: String(n) } });
    await register("other");
    const ids = async (query: string) =>
      ((await e.call("GET", `/models?${query}`)).body["value"] as { id: string }[]).map((m) => m.id);
    expect(await ids("name=m")).toEqual(["m:3", "m:2", "m:1"]);
    expect(await ids("name=m&latestVersionOnly=true")).toEqual(["m:3"]);
    expect(await ids("tags=n=2")).toEqual(["m:2"]);
    expect(await ids("name=m&count=2")).toEqual(["m:3", "m:2"]);
    expect(await ids("name=m&count=2&$skipToken=2")).toEqual(["m:1"]);
  });

  it.each([
    ["a name with a space", { name: "a b" }, "InvalidModelName"],
    ["an asset that does not exist", { url: "aml://asset/none" }, "AssetNotFound"],
    ["a tag that is a number", { kvTags: { a: 1 } }, "InvalidType"],
  ])("%s is refused", async (_, change, code) => {
    const answer = await register("m", change);
    expect([answer.status, answer.body["details"][0].code]).toEqual([400, code]);
    expect((await register("m")).body["id"]).toBe("m:1");
  });

  test("an asset needs artifacts that were made", async () => {
    const answer = await e.call("POST", "/assets", {
      name: "m",
      artifacts: [{ prefix: "LocalUpload/none" }],
    });
    expect([answer.status, answer.body["details"][0].code]).toEqual([400, "ArtifactNotFound"]);
  });

  test("an asset can be read", async () => {
    const asset = /aml:\/\/asset\/(.*)/.exec((await register("m")).body["url"])?.[1];
    const { status, body } = await e.call("GET", `/assets/${asset}`);
    expect([status, body["name"], body["artifacts"]]).toEqual([
      200,
      "m",
      [{ prefix: "LocalUpload/c-1/model.pkl" }],
    ]);
    expect((await e.call("GET", "/assets/none")).status).toBe(404);
    expect((await e.call("POST", "/assets", { name: "m" })).status).toBe(400);
  });

  test("tags and description can change, the framework cannot", async () => {
    await register("m");
    const patch = (path: string, value: unknown) =>
      e.call("PATCH", "/models/m:1", [{ op: "replace", path, value }]);
    expect((await patch("/kvTags", { b: "2" })).body).toMatchObject({ kvTags: { b: "2" }, tags: { b: "2" } });
    expect((await patch("/description", "new")).body["description"]).toBe("new");
    expect((await patch("/framework", "Onnx")).status).toBe(400);
    expect((await patch("/properties", { p: "1" })).body["properties"]).toEqual({ p: "1" });
    expect((await patch("/properties", { p: "1", q: "2" })).body["properties"]).toEqual({ p: "1", q: "2" });
    for (const value of [{ p: "2", q: "2" }, { p: "1" }, { p: 1, q: "2" }])
      expect((await patch("/properties", value)).status).toBe(400);
  });

  test("a model that a service uses cannot be deleted", async () => {
    await register("m", { framework: "Onnx" });
    await e.deploy("svc-a", { environmentImageRequest: { modelIds: ["m:1"] } });
    expect((await e.call("DELETE", "/models/m:1")).status).toBe(409);
    await e.call("DELETE", "/services/svc-a");
    e.clock.pass(operationTime);
    expect((await e.call("DELETE", "/models/m:1")).status).toBe(200);
  });
});

describe("code", () => {
  const request = (asset: string, script: string, unpack = true) => ({
    driverProgram: "driver.py",
    assets: [
      { id: "driver.py", url: "aml://artifact/LocalUpload/c-2/driver.py", mimeType: "application/x-python" },
      {
        id: asset,
        url: `aml://artifact/LocalUpload/c-2/${asset}`,
        mimeType: "application/octet-stream",
        unpack,
      },
    ],
    modelIds: [],
    environment: { name: "env", environmentVariables: { AZUREML_ENTRY_SCRIPT: script } },
  });
  const scored = async () => (await e.plain("POST", `${e.url}/api/v1/service/svc-a/score`, {})).body["code"];

  function tar(files: Record<string, string>): Buffer {
    const blocks = Object.entries(files).flatMap(([name, text]) => {
      const header = Buffer.alloc(512);
      header.write(name.slice(-100), 0);
      header.write(Buffer.byteLength(text).toString(8).padStart(11, "0"), 124);
      header.write("0", 156);
      header.write("ustar", 257);
      if (name.length > 100) header.write(name.slice(0, -101), 345);
      const content = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512);
      content.write(text);
      return [header, content];
    });
    return zlib.gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
  }

  /** An entry of another type before the file: GNU's long name, or pax headers. */
  function withLongName(type: "L" | "x", path: string, text: string): Buffer {
    const record = (length: number): string => `${length} path=${path}\n`;
    const length = record(0).length + String(path.length).length - 1;
    const content = type === "L" ? `${path}\0` : record(length);
    const plain = zlib.gunzipSync(tar({ name: content, "short.py": text }));
    plain.write(type, 156);
    return zlib.gzipSync(plain);
  }

  it.each(["L", "x"] as const)("a name in an entry of its own, of type %s", async (type) => {
    const script = `src/${"n".repeat(200)}/score.py`;
    await upload("c-2", "driver.py", "import x");
    await upload("c-2", "a.tar.gz", withLongName(type, script, 'VERSION = "5"'));
    await e.deploy("svc-a", { authEnabled: false, environmentImageRequest: request("a.tar.gz", script) });
    expect((await scored()).version).toBe("5");
  });

  test("the endpoint shows which code answers, and the new code after an update", async () => {
    await upload("c-2", "driver.py", "import x");
    const archive = (version: string) =>
      tar({ "src/big.bin": "x".repeat(200_000), "src/score.py": `VERSION = "${version}"\n` });
    await upload("c-2", "one.tar.gz", archive("1.0"));
    await e.deploy("svc-a", {
      authEnabled: false,
      environmentImageRequest: request("one.tar.gz", "src/score.py"),
    });
    const first = await scored();
    expect(first).toEqual({
      asset: "one.tar.gz",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      version: "1.0",
    });
    await upload("c-2", "two.tar.gz", archive("2.0"));
    const value = request("two.tar.gz", "src/score.py");
    await e.call("PATCH", "/services/svc-a", [{ op: "replace", path: "/environmentImageRequest", value }]);
    expect(await scored()).toEqual(first);
    e.clock.pass(operationTime);
    const second = await scored();
    expect([second.version, second.sha256 === first.sha256]).toEqual(["2.0", false]);
  });

  it.each([
    ["a single script", "score.py", 'VERSION = "3"', "score.py", false, "3"],
    ["no version", "score.py", "pass", "score.py", false, null],
    [
      "a long path",
      "a.tar.gz",
      tar({ [`${"d".repeat(60)}/${"f".repeat(97)}.py`]: "VERSION = '4'" }),
      `${"d".repeat(60)}/${"f".repeat(97)}.py`,
      true,
      "4",
    ],
    ["an archive without the script", "a.tar.gz", tar({ "src/other.py": "" }), "src/score.py", true, null],
    ["no archive at all", "a.tar.gz", "garbage", "src/score.py", true, null],
  ])("%s", async (_, asset, content, script, unpack, version) => {
    await upload("c-2", "driver.py", "import x");
    await upload("c-2", asset, content);
    await e.deploy("svc-a", { authEnabled: false, environmentImageRequest: request(asset, script, unpack) });
    expect((await scored()).version).toBe(version);
  });

  test("code that was never uploaded fails the build", async () => {
    const environmentImageRequest = request("one.tar.gz", "src/score.py");
    const accepted = await e.call("POST", "/services", { ...minimal("svc-a"), environmentImageRequest });
    e.clock.pass(operationTime);
    const operation = await e.operation(accepted);
    expect([operation["state"], operation["error"].code]).toEqual(["Failed", "ImageBuildFailed"]);
    expect(operation["operationDetails"].subOperationType).toBe("BuildImage");
  });
});

describe("images", () => {
  test("a build is an operation whose location ends with the image's id", async () => {
    const assets = [{ id: "score.py", url: "aml://artifact/x" }];
    const accepted = await e.call("POST", "/images", { name: "img", modelIds: ["sk:1"], assets });
    const operation = await e.operation(accepted);
    expect(operation["resourceLocation"]).toMatch(/\/images\/img:1$/);
    expect((await e.call("GET", "/images/img:1")).body["creationState"]).toBe("Running");
    e.clock.pass(operationTime);
    expect((await e.call("GET", "/images/img:1")).body).toMatchObject({
      creationState: "Succeeded",
      modelIds: ["sk:1"],
      assets: [{ ...assets[0], mimeType: "application/octet-stream", unpack: false }],
    });
    expect((await e.call("GET", "/images?name=img")).body["value"]).toHaveLength(1);
    expect((await e.call("DELETE", "/images/img:1")).status).toBe(200);
  });

  it.each([
    ["a name with a capital", { name: "Img" }, 400],
    ["a model that does not exist", { name: "img", modelIds: ["none"] }, 400],
  ])("%s is refused", async (_, body, status) => {
    expect((await e.call("POST", "/images", body)).status).toBe(status);
  });

  test("a build can fail", async () => {
    e.addFault({ method: "POST", path: "/images$", operation: { outcome: "failed", phase: "BuildImage" } });
    const accepted = await e.call("POST", "/images", { name: "img" });
    e.clock.pass(operationTime);
    expect((await e.operation(accepted))["error"].code).toBe("ImageBuildFailed");
    expect((await e.call("GET", "/images/img:1")).body["creationState"]).toBe("Failed");
  });
});
