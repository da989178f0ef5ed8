import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withoutSecrets, type Values } from "../host";
import { startWorkspace, type TestWorkspace } from "../workspace";

jest.setTimeout(60_000);

const MODEL_TEXT = 'exports.handler=()=>require("pulumi-azureml/provider").model;';
const asset = (hash: string, content: Values) => ({
  "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
  hash,
  ...content,
});

const folder = mkdtempSync(join(tmpdir(), "model-host-"));
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await startWorkspace({}, { text: MODEL_TEXT });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await workspace.close();
});
beforeEach(() => workspace.emulator.clearRequests());
afterEach(() => workspace.emulator.clearFaults());

const program = (name: string, more: Values = {}): Values => ({
  modelName: name,
  source: asset("h1", { path: put("m.pkl", "one") }),
  framework: "ScikitLearn",
  __urn: `urn:pulumi:dev::p::pulumi-nodejs:dynamic/azureml:Model::${name}`,
  __createdBy: "5ca1ab1e0ddba115",
  ...more,
});

it("a model goes through a whole life in Pulumi's own host process", async () => {
  const { host, emulator } = workspace;
  const inputs = await workspace.checked(program("life", { tags: { a: "1" } }));
  const { id, outputs } = await host.create(inputs);
  expect(id).toBe(`${emulator.workspaceId}/models/life:1`);
  expect(await host.diff(id, outputs, inputs)).toMatchObject({ changes: "none" });
  const read = await host.read(id, outputs);
  expect(read.inputs).toEqual(inputs);

  const tagged = await workspace.checked({ ...inputs, tags: { a: "2" } }, inputs);
  const updated = await host.update(id, outputs, tagged);
  expect(updated).toMatchObject({ tags: { a: "2" }, modelId: "life:1" });

  const other = await workspace.checked({ ...inputs, source: asset("h2", { text: "two" }) }, inputs);
  expect(await host.diff(id, updated, other)).toEqual({
    changes: "unknown",
    replaces: ["source"],
    deleteBeforeReplace: false,
  });
  const next = await host.create(
    await workspace.checked({ ...inputs, source: asset("h2", { text: "two" }) }),
  );
  expect(next.outputs).toMatchObject({ modelId: "life:2" });
  await host.delete(id, updated);
  expect((await host.read(id, updated)).id).toBe("");
  expect((await host.read(next.id, next.outputs)).id).toBe(next.id);
  expect(host.printed()).toBe("");
});

it("a secret among its settings is in no failure and no line", async () => {
  const inputs = program("secret", { tags: { k: "s3cret-tag" }, __secrets: ["tags"] });
  const { failures } = await workspace.host.check({}, { ...inputs, tags: { k: "s3cret-tag", n: 1 } });
  expect(failures).toHaveLength(1);
  expect(JSON.stringify(failures)).not.toContain("s3cret");
  workspace.emulator.addFault({
    method: "POST",
    path: "/models$",
    status: 400,
    body: { code: "Bad", message: "not s3cret-tag" },
  });
  const failed = await workspace.host
    .create(await workspace.checked(inputs))
    .catch((error: Error) => error.message);
  expect(String(failed)).toMatch(/not \[secret\]/);
  const { outputs } = await workspace.host.create(await workspace.checked(inputs));
  expect(JSON.stringify(outputs["tags"])).toContain("1b47061264138c4ac30d75fd1eb44270");
  expect(withoutSecrets(outputs)).toMatchObject({ tags: { k: "s3cret-tag" } });
});

it.each<[string, object, RegExp]>([
  [
    "expired addresses",
    { method: "PUT", path: "^/blob/", times: 2, status: 403, body: "<Error/>" },
    /UploadRefused/,
  ],
  ["a storage that is down", { method: "PUT", path: "^/blob/", times: 6, status: 503 }, /upload "m\.pkl"/],
])(
  "after %s nothing is registered, and the next run registers it",
  async (what, fault, says) => {
    const name = what.replaceAll(" ", "-");
    workspace.emulator.addFault(fault);
    const inputs = await workspace.checked(program(name));
    const error = await workspace.host.create(inputs).catch((reason: Error) => reason.message);
    expect(String(error)).toMatch(says);
    expect(workspace.sent("POST", /\/(assets|models)$/)).toEqual([]);
    workspace.emulator.clearFaults();
    expect((await workspace.host.create(inputs)).outputs).toMatchObject({ modelId: `${name}:1` });
  },
  60_000,
);
