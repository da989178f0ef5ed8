import { MODEL_PROVIDER_TEXT, PROVIDER_TEXT as OF_THE_SDK } from "../../sdk/provider-text";
import { isSecret, PROVIDER_TEXT, startHost } from "./host";
import { startWorkspace, type TestWorkspace } from "./workspace";

jest.setTimeout(60_000);

describe("the stored provider, in Pulumi's own host process", () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await startWorkspace();
  });
  afterAll(() => workspace.close());

  it("is a text that every later version must answer, small, and that the SDK class stores", () => {
    const text = (name: string): string =>
      `exports.handler=()=>{try{return require("pulumi-azureml/provider").${name}}catch(e){` +
      'if(e.code!=="MODULE_NOT_FOUND")throw e;throw Object.assign(Error("PackageNotFound: run `npm ci`, or ' +
      '`npm install pulumi-azureml`, in the folder of Pulumi.yaml, then this command again."),' +
      '{stack:"see the error",toString:()=>"pulumi-azureml"})}};';
    expect([OF_THE_SDK, MODEL_PROVIDER_TEXT]).toEqual([text("aksWebservice"), text("model")]);
    expect(PROVIDER_TEXT).toBe(OF_THE_SDK);
    expect(OF_THE_SDK.length).toBeLessThan(450);
  });

  it("says what is missing, and what to do, where the package is not installed", async () => {
    const text = OF_THE_SDK.replace("pulumi-azureml/provider", "not-installed/provider");
    const host = await startHost({ text });
    const tries = [host.read("id"), host.delete("id", {}), host.check({}, {})];
    const said = (await Promise.allSettled(tries)).map(
      (one) => one.status === "rejected" && String(one.reason),
    );
    await host.close();
    for (const message of said)
      expect(message).toMatch(
        /^Error: PackageNotFound: run `npm ci`, or `npm install pulumi-azureml`, .*\.$/,
      );
    expect(host.printed()).not.toMatch(/PackageNotFound|\bat /);
  });

  it("is answered in the words of the first version, and no difference beside those of this one", async () => {
    const first = 'exports.handler=()=>require("pulumi-azureml/provider").aksWebservice;';
    const { host, emulator } = workspace;
    const inputs = await workspace.checked({ serviceName: "old", computeTargetName: "aks", models: ["m:1"] });
    const { id, outputs } = await host.create(inputs);
    const env = { AZUREML_DISCOVERY_URL: emulator.discoveryUrl, AZUREML_ACCESS_TOKEN: emulator.accessToken };
    const old = await startHost({ text: first, env });
    expect((await old.read(id, { ...outputs, __provider: first })).id).toBe(id);
    await old.close();
    const provider = (await import("pulumi-azureml/provider")).aksWebservice;
    await provider.configure({ config: { get: () => undefined } });
    expect(
      await provider.diff(id, { ...outputs, __provider: first }, { ...inputs, __provider: OF_THE_SDK }),
    ).toEqual({ changes: false });
  });

  it("goes through a whole life", async () => {
    const { host, emulator } = workspace;
    const inputs = await workspace.checked({
      serviceName: "life",
      computeTargetName: "aks",
      models: ["m:1"],
    });
    const { id, outputs } = await host.create(inputs);
    expect(id).toBe(`${emulator.workspaceId}/services/life`);
    expect(isSecret(outputs["primaryKey"])).toBe(true);
    expect(await host.diff(id, outputs, inputs)).toEqual({
      changes: "none",
      replaces: [],
      deleteBeforeReplace: false,
    });
    const read = await host.read(id, outputs);
    expect(read.id).toBe(id);
    expect(read.inputs).toEqual(inputs);
    const wanted = await workspace.checked({ ...inputs, cpuCores: 0.5 }, inputs);
    const updated = await host.update(id, outputs, wanted);
    expect(updated).toMatchObject({ cpuCores: 0.5, state: "Healthy" });
    expect(workspace.sent("PATCH", /\/services\/life$/)).toEqual([
      [{ op: "replace", path: "/containerResourceRequirements/cpu", value: 0.5 }],
    ]);
    await host.delete(id, updated);
    expect((await host.read(id, updated)).id).toBe("");
    expect(host.printed()).toBe("");
  });
});
