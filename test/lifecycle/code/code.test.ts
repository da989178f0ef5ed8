import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isSecret, InitFailed, type Values, withoutSecrets } from "../host";
import { startWorkspace, type TestWorkspace } from "../workspace";
import { callWorkspace } from "../../harness/workspace";

jest.setTimeout(60_000);

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const asset = (hash: string, content: Values = {}) => ({ [SIGNATURE]: ASSET, hash, ...content });
const archive = (hash: string, content: Values = {}) => ({ [SIGNATURE]: ARCHIVE, hash, ...content });
/** As the engine hands assets to diff, read and delete, and leaves them in the state. */
const elided = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, function (key, member: unknown) {
      return key === "path" || key === "text" || key === "assets" ? undefined : member;
    }),
  );

let workspace: TestWorkspace;
const folder = mkdtempSync(join(tmpdir(), "code-"));
beforeAll(async () => {
  workspace = await startWorkspace({
    seed: {
      computes: [{ name: "aks" }],
      models: [
        { id: "sk:1", framework: "ScikitLearn" },
        { id: "sk:2", framework: "ScikitLearn" },
        { id: "custom:1", framework: "Custom" },
      ],
    },
  });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await workspace.close();
});
beforeEach(() => workspace.emulator.clearRequests());
afterEach(() => workspace.emulator.clearFaults());

const put = (path: string, text: string): string => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  return join(folder, path);
};

const script = (version: string): string => `VERSION = "${version}"\n\n\ndef run(data):\n    return data\n`;
const inline = {
  baseImage: "registry.example/base:1",
  condaDependencies: { dependencies: ["python=3.10", { pip: ["azureml-defaults"] }] },
};
const sources = (version: string) => {
  put(`${version}/score.py`, script(version));
  put(`${version}/lib/helper.py`, "pass\n");
  return archive(`hash-of-${version}`, { path: join(folder, version) });
};

let made = 0;
const program = (more: Values = {}): Values => ({
  serviceName: `code-${(made += 1)}`,
  computeTargetName: "aks",
  models: ["sk:1"],
  inferenceConfig: { entryScript: "score.py", source: sources("v1"), environment: inline },
  ...more,
});

const config = (more: Values): Values => ({
  entryScript: "score.py",
  source: sources("v1"),
  environment: inline,
  ...more,
});

const deployed = async (news: Values) => {
  const inputs = await workspace.checked(news);
  const { id, outputs } = await workspace.host.create(inputs);
  return { id, outputs: elided(outputs) as Values, inputs };
};

const changed = async (before: Awaited<ReturnType<typeof deployed>>, news: Values) => {
  const inputs = await workspace.checked({ ...before.inputs, ...news }, before.inputs);
  const diff = await workspace.host.diff(before.id, before.outputs, elided(inputs) as Values);
  workspace.emulator.clearRequests();
  const outputs = await workspace.host.update(before.id, before.outputs, inputs);
  return { id: before.id, inputs, diff, outputs: elided(outputs) as Values };
};

/** Method and the last name of each path, for what uploads and changes. */
const requests = (): string[] =>
  workspace.emulator
    .requests()
    .filter(({ method, path }) => method !== "GET" && !/listkeys/.test(path))
    .map(
      ({ method, path }) =>
        `${method} ${path
          .split("/")
          .at(-1)
          ?.replace(/[0-9a-f]{8,16}/g, "#")}`,
    );

interface Answer {
  readonly models: readonly string[];
  readonly code?: { readonly version: string; readonly sha256: string; readonly asset: string };
}

const score = async (outputs: Values): Promise<Answer> => {
  const plain = withoutSecrets(outputs) as Values;
  const headers = {
    Authorization: `Bearer ${String(plain["primaryKey"])}`,
    "content-type": "application/json",
  };
  const answer = await fetch(String(plain["scoringUri"]), { method: "POST", headers, body: "{}" });
  return (await answer.json()) as Answer;
};

describe("a service with code", () => {
  it("uploads driver and archive, then answers with that code", async () => {
    const { outputs } = await deployed(program());
    expect(requests()).toEqual([
      expect.stringMatching(/^POST #-#$/),
      "PUT driver_#.py",
      expect.stringMatching(/^POST #-#$/),
      "PUT #.tar.gz",
      "POST services",
    ]);
    expect(await score(outputs)).toMatchObject({ models: ["sk:1"], code: { version: "v1" } });
    expect(outputs["inferenceConfig"]).toEqual({
      entryScript: "score.py",
      source: archive("hash-of-v1"),
      environment: inline,
    });
    expect(outputs["environment"]).toMatchObject({
      environmentVariables: { AZUREML_ENTRY_SCRIPT: "src/score.py", AZUREML_SOURCE_DIRECTORY: "src" },
    });
  });

  it("is the same to the next preview and to a refresh", async () => {
    const { id, outputs, inputs } = await deployed(program());
    const seen = elided(inputs) as Values;
    expect(await workspace.host.diff(id, outputs, seen)).toMatchObject({ changes: "none" });
    const read = await workspace.host.read(id, outputs);
    expect(elided(read.outputs)).toEqual(outputs);
    expect(elided(read.inputs)).toEqual(seen);
    expect(await workspace.host.diff(id, read.outputs, seen)).toMatchObject({ changes: "none" });
  });

  it("uploads only the code when one line changes, and keeps its models", async () => {
    const before = await deployed(program({ models: ["sk:1", "custom:1"] }));
    const { models, ...rest } = before.inputs;
    expect(models).toHaveLength(2);
    const after = await changed(
      { ...before, inputs: rest },
      { models: null, inferenceConfig: config({ source: sources("v2") }) },
    );
    expect(after.diff).toEqual({ changes: "unknown", replaces: [], deleteBeforeReplace: false });
    expect(requests()).toEqual([
      expect.stringMatching(/^POST #-#$/),
      "PUT #.tar.gz",
      expect.stringMatching(/^PATCH code-/),
    ]);
    expect(await score(after.outputs)).toMatchObject({
      models: ["sk:1", "custom:1"],
      code: { version: "v2" },
    });
  });

  it("uploads only the driver when the entry script is another", async () => {
    put("v3/score.py", script("v3"));
    put("v3/other.py", script("other"));
    const source = archive("hash-of-v3", { path: join(folder, "v3") });
    const before = await deployed(program({ inferenceConfig: config({ source }) }));
    const after = await changed(before, { inferenceConfig: config({ source, entryScript: "other.py" }) });
    expect(requests()).toEqual([
      expect.stringMatching(/^POST #-#$/),
      "PUT driver_#.py",
      expect.stringMatching(/^PATCH code-/),
    ]);
    expect(await score(after.outputs)).toMatchObject({ code: { version: "other" } });
  });

  it.each<[string, Values]>([
    [
      "environment",
      { inferenceConfig: config({ environment: { ...inline, environmentVariables: { LEVEL: "2" } } }) },
    ],
    ["models", { models: ["sk:2"] }],
    ["environment, to a registered one", { inferenceConfig: config({ environment: "env:3" }) }],
  ])("uploads nothing for another %s", async (_, news) => {
    const before = await deployed(program());
    const after = await changed(before, news);
    expect(requests()).toEqual([expect.stringMatching(/^PATCH code-/)]);
    const seen = elided(after.inputs) as Values;
    expect(await workspace.host.diff(after.id, after.outputs, seen)).toMatchObject({ changes: "none" });
    const read = await workspace.host.read(after.id, after.outputs);
    expect(await workspace.host.diff(after.id, read.outputs, seen)).toMatchObject({ changes: "none" });
  });

  it("sends no code for a change of anything else", async () => {
    const after = await changed(await deployed(program()), { cpuCores: 0.5 });
    expect(workspace.sent("PATCH", /code-/)).toEqual([
      [{ op: "replace", path: "/containerResourceRequirements/cpu", value: 0.5 }],
    ]);
    expect(after.outputs).toMatchObject({ cpuCores: 0.5 });
  });

  it("keeps the code when the program says nothing of it any more", async () => {
    const before = await deployed(program());
    const { inferenceConfig, ...rest } = before.inputs;
    expect(inferenceConfig).toBeDefined();
    const after = await changed({ ...before, inputs: rest }, {});
    expect(requests()).toEqual([]);
    expect(await score(after.outputs)).toMatchObject({ code: { version: "v1" } });
  });

  it("takes one script as an asset, or as text", async () => {
    const file = await deployed(
      program({
        inferenceConfig: config({ source: asset("one", { path: put("one/score.py", script("file")) }) }),
      }),
    );
    expect(await score(file.outputs)).toMatchObject({ code: { version: "file", asset: "score.py" } });
    const text = await deployed(
      program({ inferenceConfig: config({ source: asset("two", { text: script("text") }) }) }),
    );
    expect(await score(text.outputs)).toMatchObject({ code: { version: "text" } });
  });

  it("adds code to a service that had none, in place", async () => {
    const { inferenceConfig, ...plain } = program();
    const before = await deployed(plain);
    const after = await changed(before, { inferenceConfig });
    expect(after.diff.replaces).toEqual([]);
    expect(await score(after.outputs)).toMatchObject({ code: { version: "v1" }, models: ["sk:1"] });
  });

  it("shows code that was deployed outside Pulumi, and brings its own back", async () => {
    const before = await deployed(program());
    const path = `/services/${String(before.inputs["serviceName"])}`;
    const edited = await callWorkspace(workspace.emulator, "PATCH", path, [
      { op: "replace", path: "/environmentImageRequest", value: { modelIds: ["sk:1"] } },
    ]);
    expect(edited.ok).toBe(true);
    const read = await workspace.host.read(before.id, before.outputs);
    expect(read.inputs).not.toHaveProperty("inferenceConfig");
    const diff = await workspace.host.diff(before.id, read.outputs, elided(before.inputs) as Values);
    expect(diff).toMatchObject({ changes: "unknown", replaces: [] });
    const outputs = await workspace.host.update(before.id, read.outputs, before.inputs);
    expect(await score(outputs)).toMatchObject({ code: { version: "v1" } });
  });
});

describe("the password of an image registry", () => {
  const password = "pa55-of-the-registry";
  const environment = {
    ...inline,
    baseImageRegistry: { address: "registry.example", username: "puller", password },
  };

  it("is sent, and is a secret in outputs and refreshed inputs", async () => {
    const inputs = await workspace.checked(program({ inferenceConfig: config({ environment }) }));
    const { id, outputs } = await workspace.host.create(inputs);
    const [body] = workspace.sent("POST", /\/services$/);
    expect(JSON.stringify(body)).toContain(password);
    const held = (values: Values): unknown =>
      (values["inferenceConfig"] as { environment: typeof environment }).environment.baseImageRegistry
        .password;
    expect(isSecret(held(outputs))).toBe(true);
    const hidden = (values: Values): string =>
      JSON.stringify(values, (_, value: unknown) => (isSecret(value) ? "hidden" : value));
    expect(hidden(outputs)).not.toContain(password);
    const read = await workspace.host.read(id, withoutSecrets(elided(outputs)) as Values);
    expect(hidden(read.outputs)).not.toContain(password);
    expect(hidden(read.inputs as Values)).not.toContain(password);
    expect(held(withoutSecrets(read.inputs) as Values)).toBe(password);
  });

  it("goes along when only the models change, since the service never tells it", async () => {
    const before = await deployed(program({ inferenceConfig: config({ environment }) }));
    const plain = { ...before, outputs: withoutSecrets(before.outputs) as Values };
    await changed(plain, { models: ["sk:2"] });
    expect(JSON.stringify(workspace.sent("PATCH", /code-/))).toContain(password);
  });

  it("is sent again when it alone is another, and a variable goes when it is said no more", async () => {
    const variables = { environmentVariables: { A: "1", B: "2" } };
    const before = await deployed(
      program({ inferenceConfig: config({ environment: { ...environment, ...variables } }) }),
    );
    const plain = { ...before, outputs: withoutSecrets(before.outputs) as Values };
    const other = {
      ...environment,
      baseImageRegistry: { ...environment.baseImageRegistry, password: "an0ther-one" },
    };
    const after = await changed(plain, {
      inferenceConfig: config({ environment: { ...other, ...variables } }),
    });
    expect(JSON.stringify(workspace.sent("PATCH", /code-/))).toContain("an0ther-one");
    const rest = { ...after, outputs: withoutSecrets(after.outputs) as Values };
    await changed(rest, {
      inferenceConfig: config({ environment: { ...other, environmentVariables: { A: "1" } } }),
    });
    expect(JSON.stringify(workspace.sent("PATCH", /code-/))).not.toContain('"B"');
    expect(workspace.sent("PATCH", /code-/)).toHaveLength(1);
  });

  it("is in no failure, error or line", async () => {
    const bad = {
      ...environment,
      baseImageRegistry: { ...environment.baseImageRegistry, adress: "x" },
      baseImage: 1,
    };
    const { failures } = await workspace.host.check(
      {},
      program({ inferenceConfig: config({ environment: bad }) }),
    );
    expect(failures.length).toBeGreaterThan(1);
    for (const { property } of failures) expect(property).toBe("");
    workspace.emulator.addFault({
      method: "POST",
      path: "/services$",
      status: 400,
      body: { code: "Bad", message: password },
    });
    const inputs = await workspace.checked(program({ inferenceConfig: config({ environment }) }));
    const error = await workspace.host.create(inputs).catch((reason: Error) => reason.message);
    expect(String(error)).toContain("[secret]");
    expect(JSON.stringify([failures, error, workspace.host.lines()])).not.toContain(password);
    expect(workspace.host.printed()).not.toContain(password);
  });
});

describe("bad input is refused before anything is sent", () => {
  const reasons = async (news: Values): Promise<readonly string[]> => {
    const { failures } = await workspace.host.check({}, news);
    expect(workspace.emulator.requests()).toEqual([]);
    return failures.map(({ reason }) => reason);
  };

  it.each<[string, () => Values, RegExp]>([
    [
      "a missing folder",
      () => ({ source: archive("h", { path: join(folder, "no") }) }),
      /^MissingFile: .*\/no/,
    ],
    ["a missing file", () => ({ source: asset("h", { path: join(folder, "score.py") }) }), /^MissingFile: /],
    ["an empty archive", () => ({ source: archive("h", { assets: {} }) }), /^EmptySource: /],
    [
      "a remote archive",
      () => ({ source: archive("h", { uri: "https://h.example/a.zip" }) }),
      /^RemoteSource: /,
    ],
    ["a path as source", () => ({ source: "./src" }), /inferenceConfig\.source must be an asset or archive/],
    [
      "an entry script that is not there",
      () => ({ entryScript: "main.py" }),
      /^EntryScriptMissing: .*"main\.py".*lib\/helper\.py, score\.py/,
    ],
    [
      "an entry script outside",
      () => ({ entryScript: "../score.py" }),
      /entryScript must be the path of a Python file within source/,
    ],
    ["an absolute entry script", () => ({ entryScript: "/score.py" }), /entryScript must be the path/],
    [
      "another file as entry script",
      () => ({ source: asset("h", { path: put("x/run.py", "") }) }),
      /^EntryScriptMissing: .*run\.py/,
    ],
    [
      "a member that leads out",
      () => ({ source: archive("h", { assets: { "../x": asset("a", { text: "" }) } }) }),
      /^BadEntryName: /,
    ],
    ["no script", () => ({ entryScript: null }), /entryScript must be given/],
    ["no source", () => ({ source: null }), /source must be given/],
    [
      "an environment without a version",
      () => ({ environment: "env" }),
      /environment must be a registered environment/,
    ],
    [
      "an environment without a base",
      () => ({ environment: { condaDependencies: {} } }),
      /baseImage must be given, or baseDockerfile/,
    ],
    [
      "two bases",
      () => ({ environment: { baseImage: "a", baseDockerfile: "FROM a" } }),
      /baseDockerfile must be unset while baseImage is set/,
    ],
    [
      "a reserved variable",
      () => ({ environment: { ...inline, environmentVariables: { AZUREML_ENTRY_SCRIPT: "x" } } }),
      /follows from entryScript/,
    ],
    [
      "a number as variable",
      () => ({ environment: { ...inline, environmentVariables: { A: 1 } } }),
      /a map of text to text/,
    ],
    [
      "a password without a name",
      () => ({ environment: { ...inline, baseImageRegistry: { address: "r", password: "p" } } }),
      /username must be given/,
    ],
    [
      "a misspelt member",
      () => ({ entry_script: "score.py" }),
      /entry_script must be one of entryScript, source, environment/,
    ],
  ])("%s", async (_, more, says) => {
    const [first, ...others] = await reasons(program({ inferenceConfig: config(more()) }));
    expect(first).toMatch(says);
    expect(others).toEqual([]);
  });

  it.each<[string, () => Values, RegExp]>([
    [
      "two models without code",
      () => ({ inferenceConfig: null, models: ["sk:1", "sk:2"] }),
      /^Exclusive: models must be one entry where inferenceConfig is unset/,
    ],
    [
      "code beside an image",
      () => ({ models: null, imageId: "img:1" }),
      /^Exclusive: imageId must be unset while inferenceConfig is set/,
    ],
    ["text as configuration", () => ({ inferenceConfig: "score.py" }), /^WrongType: inferenceConfig must be/],
  ])("%s", async (_, more, says) => {
    expect(await reasons(program(more()))).toEqual([expect.stringMatching(says)]);
  });

  it("whatever is not known yet is accepted", async () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    for (const more of [
      { source: unknown },
      { environment: unknown },
      { environment: { baseImage: unknown } },
    ])
      expect(await reasons(program({ inferenceConfig: config(more) }))).toEqual([]);
    expect(await reasons(program({ inferenceConfig: unknown }))).toEqual([]);
  });
});

describe("what fails on the way", () => {
  const failure = async (news: Values): Promise<Error> => {
    const inputs = await workspace.checked(news);
    return workspace.host.create(inputs).then(
      () => {
        throw new Error("expected a failure, found none");
      },
      (error: Error) => error,
    );
  };

  it("a model of an unsupported framework without code: the service says why, and nothing is made", async () => {
    const error = await failure(program({ inferenceConfig: null, models: ["custom:1"] }));
    expect(error).not.toBeInstanceOf(InitFailed);
    expect(error.message).toMatch(/UnsupportedFramework[^]*custom:1 is Custom/);
  });

  it("an address that has expired twice: nothing is made, and the next run makes it", async () => {
    const news = program();
    workspace.emulator.addFault({ method: "PUT", path: "^/blob/", times: 2, status: 403, body: "<Error/>" });
    const error = await failure(news);
    expect(error).not.toBeInstanceOf(InitFailed);
    expect(error.message).toMatch(/UploadRefused/);
    expect(workspace.sent("POST", /\/services$/)).toEqual([]);
    expect(await score((await deployed(news)).outputs)).toMatchObject({ code: { version: "v1" } });
  });

  it("an address that has expired once, and a cut upload: both are made good", async () => {
    workspace.emulator.addFault({ method: "PUT", path: "^/blob/", times: 1, status: 403, body: "<Error/>" });
    workspace.emulator.addFault({ method: "PUT", path: "^/blob/", times: 1, cutBefore: true });
    expect(await score((await deployed(program())).outputs)).toMatchObject({ code: { version: "v1" } });
  });

  it("an image build: the logs are shown, the service is kept, and the next run repairs it with its code uploaded anew", async () => {
    const news = { ...program(), __createdBy: "5ca1ab1e0ddba115" };
    workspace.emulator.addFault({
      method: "POST",
      path: "/services$",
      operation: { outcome: "failed", phase: "BuildImage", log: ["Could not solve: azureml-defaults==99"] },
    });
    const error = (await failure(news)) as InitFailed;
    expect(error).toBeInstanceOf(InitFailed);
    expect(error.reasons.join("\n")).toMatch(/azureml-defaults==99/);
    const inputs = await workspace.checked(news);
    workspace.emulator.clearRequests();
    const outputs = await workspace.host.update(
      error.id,
      withoutSecrets(elided(error.properties)) as Values,
      inputs,
    );
    expect(requests().filter((request) => request.startsWith("PUT"))).toHaveLength(2);
    expect(await score(outputs)).toMatchObject({ code: { version: "v1" } });
  });

  it("code of many texts: the failure still reaches the engine, with the code's hash", async () => {
    const assets = {
      "score.py": asset("s", { text: script("many") }),
      "big.py": asset("b", { text: "#".repeat(90_000) }),
    };
    const source = archive("many", { assets });
    workspace.emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "failed" } });
    const error = (await failure(program({ inferenceConfig: config({ source }) }))) as InitFailed;
    expect(error).toBeInstanceOf(InitFailed);
    expect(error.properties["inferenceConfig"]).toMatchObject({ source: archive("many", { assets: {} }) });
  });

  it("a name that is taken: known before anything is uploaded", async () => {
    const news = program();
    await deployed(news);
    workspace.emulator.clearRequests();
    expect((await failure(news)).message).toMatch(/^NameTaken: /);
    expect(requests()).toEqual([]);
  });
});
