import {
  addressInputs,
  parseWorkspaceId,
  resolveAddress,
  workspaceIdOf,
} from "../../../provider/core/address";
import { UNKNOWN } from "../../../provider/core/values";
import { without, WORKSPACE } from "./settings";

const parts = { subscriptionId: "sub-1", resourceGroupName: "rg-1", workspaceName: "ws-1" };
const withoutSubscription = without(parts, "subscriptionId");
const other = WORKSPACE.replace("ws-1", "ws-2");

describe("the workspace's address", () => {
  it.each<[string, object, Record<string, string>, Record<string, string>, string]>([
    ["an id", { workspaceId: WORKSPACE }, {}, {}, WORKSPACE],
    [
      "an id in lower case, brought to the service's",
      { workspaceId: WORKSPACE.toLowerCase() },
      {},
      {},
      WORKSPACE,
    ],
    ["an id with spaces and slashes around it", { workspaceId: ` ${WORKSPACE}//\n` }, {}, {}, WORKSPACE],
    [
      "an address of the studio",
      {
        workspaceId: `https://ml.azure.com/endpoints?wsid=${WORKSPACE}&tid=00000000-0000-0000-0000-000000000001`,
      },
      {},
      {},
      WORKSPACE,
    ],
    [
      "an address of the studio, encoded",
      { workspaceId: `https://ml.azure.com/?tid=x&wsid=${encodeURIComponent(WORKSPACE)}#home` },
      {},
      {},
      WORKSPACE,
    ],
    [
      "an address of the studio that leaves the provider out",
      {},
      {
        "azureml:workspaceId":
          "https://ml.azure.com/home?wsid=/subscriptions/sub-1/resourcegroups/rg-1/workspaces/ws-1/",
      },
      {},
      WORKSPACE,
    ],
    ["three parts", parts, {}, {}, WORKSPACE],
    ["an id and parts that agree", { workspaceId: WORKSPACE, ...parts }, {}, {}, WORKSPACE],
    ["the stack's id", {}, { "azureml:workspaceId": WORKSPACE }, {}, WORKSPACE],
    [
      "the stack's parts",
      {},
      {
        "azureml:subscriptionId": "sub-1",
        "azureml:resourceGroupName": "rg-1",
        "azureml:workspaceName": "ws-1",
      },
      {},
      WORKSPACE,
    ],
    [
      "a subscription from azureml's configuration",
      withoutSubscription,
      { "azureml:subscriptionId": "sub-1", "azure-native:subscriptionId": "x" },
      { ARM_SUBSCRIPTION_ID: "y" },
      WORKSPACE,
    ],
    [
      "a subscription from azure-native's configuration",
      withoutSubscription,
      { "azure-native:subscriptionId": "sub-1" },
      { ARM_SUBSCRIPTION_ID: "y" },
      WORKSPACE,
    ],
    [
      "a subscription from the environment",
      withoutSubscription,
      {},
      { ARM_SUBSCRIPTION_ID: "sub-1" },
      WORKSPACE,
    ],
    [
      "a name, the rest from the stack",
      { workspaceName: "ws-1" },
      { "azureml:subscriptionId": "sub-1", "azureml:resourceGroupName": "rg-1" },
      {},
      WORKSPACE,
    ],
    ["the program over the stack", { workspaceId: other }, { "azureml:workspaceId": WORKSPACE }, {}, other],
    ["an unknown id", { workspaceId: UNKNOWN }, {}, {}, UNKNOWN],
    ["an unknown part", { ...parts, workspaceName: UNKNOWN }, {}, {}, UNKNOWN],
  ])("%s", (_what, inputs, config, env, expected) => {
    expect(resolveAddress({ ...inputs }, {}, { config, env })).toEqual({
      workspaceId: expected,
      refusals: [],
    });
  });

  it("round-trips through its parts", () => {
    expect(workspaceIdOf(parseWorkspaceId(WORKSPACE)!)).toBe(WORKSPACE);
    expect(parseWorkspaceId(WORKSPACE)).toEqual(parts);
  });

  it.each([
    "",
    "ws-1",
    "/",
    `${WORKSPACE}?x`,
    `${WORKSPACE}\nx`,
    `${WORKSPACE}/services/x`,
    WORKSPACE.replace("sub-1", ""),
    WORKSPACE.replace("providers/Microsoft.MachineLearningServices/", ""),
    "https://",
    "https://ml.azure.com/home",
    "https://ml.azure.com/home?wsid=ws-1",
  ])("does not read %j as an id", (id) => expect(parseWorkspaceId(id)).toBeUndefined());

  it("is made of these inputs", () => {
    expect([...addressInputs].sort()).toEqual([...Object.keys(parts), "workspaceId"].sort());
  });
});
