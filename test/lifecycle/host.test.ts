import { PROVIDER_TEXT as OF_THE_SDK } from "../../sdk/provider-text";
import { isSecret, PROVIDER_TEXT } from "./host";
import { startWorkspace, type TestWorkspace } from "./workspace";

jest.setTimeout(60_000);

describe("the stored provider, in Pulumi's own host process", () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await startWorkspace();
  });
  afterAll(() => workspace.close());

  it("is a text that every later version must answer, and that the SDK class stores", () => {
    expect(OF_THE_SDK).toBe('exports.handler=()=>require("pulumi-azureml/provider").aksWebservice;');
    expect(PROVIDER_TEXT).toBe(OF_THE_SDK);
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
