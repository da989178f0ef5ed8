import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";

const PLATFORM = {
  computeTargetName: "aks-of-the-platform",
  workspaceId:
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/ml" +
    "/providers/Microsoft.MachineLearningServices/workspaces/ml",
};
const REFERENCE = "pulumi:pulumi:StackReference";

/** The service that the example's program registers in a stack, with Pulumi's own mocks in the engine's place. */
const serviceIn = async (stack: string, config: Readonly<Record<string, string>>) => {
  const registered: MockResourceArgs[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (made) => {
        registered.push(made);
        return made.type === REFERENCE
          ? { id: made.name, state: { ...made.inputs, outputs: PLATFORM } }
          : { id: `${made.name}-id`, state: made.inputs as object };
      },
      call: () => ({}),
    },
    "environments",
    stack,
    false,
    "acme",
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`environments:${key}`, value])),
  );
  let outputs!: { scoringUri: pulumi.Output<unknown>; primaryKey: pulumi.Output<unknown> };
  jest.isolateModules(() => {
    // The program must see the mocks of this module's copy of the SDK.
    jest.doMock("@pulumi/pulumi", () => pulumi);
    outputs = jest.requireActual("../../examples/environments/index");
  });
  await (outputs.scoringUri as unknown as { promise(): Promise<unknown> }).promise();
  const service = registered.find(({ type }) => type.endsWith("AksWebservice"));
  if (!service) throw new Error("the program registered no service");
  return {
    service: service.inputs as Readonly<Record<string, unknown>>,
    references: registered.filter(({ type }) => type === REFERENCE).map(({ name }) => name),
    primaryKey: outputs.primaryKey,
  };
};

describe("the environments example", () => {
  it.each([
    ["dev", { numReplicas: 1, cpuCores: 0.1, memoryGb: 0.5 }],
    ["staging", { autoscaleMinReplicas: 1, autoscaleMaxReplicas: 3, enableAppInsights: true }],
    ["prod", { autoscaleMinReplicas: 3, autoscaleMaxReplicas: 10, cpuCoresLimit: 2, collectModelData: true }],
    ["somebodys-own", { numReplicas: 1 }],
  ])("gives %s its own name and settings", async (stack, settings) => {
    const { service, references } = await serviceIn(stack, { computeTargetName: "aks" });
    expect(service).toMatchObject({
      ...settings,
      serviceName: `fraud-${stack}`,
      computeTargetName: "aks",
      tags: { environment: stack, team: "risk" },
    });
    expect(references).toEqual([]);
  });

  it("takes workspace and compute from the platform's stack, by a reference", async () => {
    const { service, references } = await serviceIn("prod", {
      platformStack: "full-infrastructure/prod",
      model: "fraud:6",
    });
    expect(references).toEqual(["acme/full-infrastructure/prod"]);
    expect(service).toMatchObject({ ...PLATFORM, models: ["fraud:6"] });
  });

  it("keeps a key of the stack's own a secret", async () => {
    const { primaryKey } = await serviceIn("staging", {
      computeTargetName: "aks",
      primaryKey: "a-given-key",
    });
    expect(await pulumi.isSecret(primaryKey)).toBe(true);
  });

  it("says which setting a stack lacks", async () => {
    await expect(serviceIn("dev", {})).rejects.toThrow(/environments:computeTargetName/);
  });
});
