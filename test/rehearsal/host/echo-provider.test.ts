import { echoProvider } from "../../../rehearsal/host/echo-provider";
import { Secret } from "../../../rehearsal/values/property";
import type { PropertyMap } from "../../../rehearsal/values/property";

const SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";
const urn = (type: string, name: string): string => `urn:pulumi:dev::p::${type}::${name}`;

describe("resources of other packages", () => {
  it.each<[string, string, PropertyMap, string]>([
    ["azure-native:resources:ResourceGroup", "rg", { resourceGroupName: "ml" }, "/resourceGroups/ml"],
    [
      "azure-native:machinelearningservices:Workspace",
      "ws",
      { resourceGroupName: "ml", workspaceName: new Secret("risk") },
      "/resourceGroups/ml/providers/Microsoft.MachineLearningServices/workspaces/risk",
    ],
    [
      "azure-native:containerservice:ManagedCluster",
      "aks",
      { resourceGroupName: "ml", resourceName: "aks-prod" },
      "/resourceGroups/ml/providers/Microsoft.ContainerService/managedClusters/aks-prod",
    ],
  ])("%s gets an id of Azure's shape", async (type, name, inputs, id) => {
    const made: string[] = [];
    const provider = echoProvider({ subscriptionId: SUBSCRIPTION }, (told) => made.push(told));
    const { id: given, outputs } = await provider.create(urn(type, name), inputs);
    expect(given).toBe(`/subscriptions/${SUBSCRIPTION}${id}`);
    expect(outputs).toMatchObject(inputs);
    expect(made).toEqual([urn(type, name)]);
  });

  it("makes up the same name every time where none is given", async () => {
    const provider = echoProvider({ subscriptionId: SUBSCRIPTION }, () => undefined);
    const ids = await Promise.all(
      [1, 2].map(() => provider.create(urn("azure-native:resources:ResourceGroup", "rg"), {})),
    );
    expect(ids[0]?.id).toMatch(/\/resourceGroups\/rg[0-9a-f]{8}$/);
    expect(ids[1]?.id).toBe(ids[0]?.id);
  });

  it("keeps the id in an update and what is there in a read", async () => {
    const provider = echoProvider({ subscriptionId: SUBSCRIPTION }, () => undefined);
    const change = {
      urn: urn("random:index:Pet", "p"),
      id: "kept",
      oldInputs: {},
      oldOutputs: {},
      newInputs: { a: 1 },
    };
    expect(await provider.update(change)).toEqual({ id: "kept", outputs: { a: 1 } });
    expect(await provider.read(change.urn, "kept", {}, { b: 2 })).toEqual({ id: "kept", outputs: { b: 2 } });
  });
});
