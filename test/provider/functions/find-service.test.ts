import { connect } from "../../../provider/azure/connect";
import { serviceFunctions } from "../../../provider/functions/functions";
import { systemClock } from "../../../provider/azure/clock";
import { service, startEmulated, type Emulated } from "./emulated";

describe("which service is meant", () => {
  let emulated: Emulated;
  beforeAll(async () => {
    emulated = await startEmulated([service("fraud")]);
  });
  afterAll(() => emulated.close());

  const withEnvironment = (more: Record<string, string>) =>
    serviceFunctions({ clock: systemClock, env: { ...emulated.env, ...more }, connect });

  it.each<[string, (id: string) => Promise<Readonly<Record<string, unknown>>>]>([
    ["its id", (id) => withEnvironment({}).getService(`${id}/services/fraud`)],
    ["its name and a workspace", (id) => withEnvironment({}).getService("fraud", { workspaceId: id })],
    [
      "its name and the configuration",
      (id) => withEnvironment({}).getService("fraud", { config: { "azureml:workspaceId": id } }),
    ],
    [
      "its name and the environment",
      (id) => withEnvironment({ AZUREML_WORKSPACE_ID: id }).getService("fraud"),
    ],
    [
      "its id, whatever else is configured",
      (id) =>
        withEnvironment({ AZUREML_WORKSPACE_ID: "nonsense" }).getService(`${id}/services/fraud`, {
          workspaceId: "nonsense",
        }),
    ],
    [
      "the configuration before the environment",
      (id) =>
        withEnvironment({ AZUREML_WORKSPACE_ID: "nonsense" }).getService("fraud", {
          config: { "azureml:workspaceId": id },
        }),
    ],
    [
      "the three parts of the workspace",
      (id) => {
        const [, , subscription, , group, , , , name] = id.split("/");
        return withEnvironment({ ARM_SUBSCRIPTION_ID: subscription! }).getService("fraud", {
          config: { "azureml:resourceGroupName": group!, "azureml:workspaceName": name! },
        });
      },
    ],
  ])("is told by %s", async (_, get) => {
    expect(await get(emulated.emulator.workspaceId)).toMatchObject({
      id: `${emulated.emulator.workspaceId}/services/fraud`,
      name: "fraud",
      computeTargetName: "aks",
      state: "Healthy",
      tags: { owner: "risk" },
    });
  });

  it.each<[string, unknown, object, RegExp]>([
    ["no workspace at all", "fraud", {}, /^BadAddress: .*In a script, pass \{ workspaceId \} or set/],
    ["a GUID for the workspace", "fraud", { workspaceId: "0f" }, /^BadAddress: .*found the text "0f"/],
    ["half a workspace", "fraud", { config: { "azureml:workspaceName": "w" } }, /resourceGroupName/],
    ["an empty name", "", {}, /^BadAddress: .*found the text ""/],
    ["a path", "a/b", {}, /^BadAddress: .*found the text "a\/b"/],
    ["no text", 7, {}, /^BadAddress: .*found 7 \(number\)/],
  ])("is refused for %s, before any request", async (_, name, where, text) => {
    emulated.emulator.clearRequests();
    await expect(withEnvironment({}).getService(name as string, where)).rejects.toThrow(text);
    expect(emulated.asked()).toEqual([]);
  });

  it.each<[string, (functions: Emulated["functions"]) => Promise<unknown>]>([
    ["getService", (f) => f.getService("nobody", emulated.where)],
    ["getKeys", (f) => f.getKeys("nobody", emulated.where)],
    ["regenerateKey", (f) => f.regenerateKey("nobody", "Primary", undefined, emulated.where)],
    ["getLogs", (f) => f.getLogs("nobody", {}, emulated.where)],
    ["getAccessToken", (f) => f.getAccessToken("nobody", emulated.where)],
    ["runService", (f) => f.runService("nobody", { data: 1 }, {}, emulated.where)],
    ["addTags", (f) => f.addTags("nobody", { a: "b" }, emulated.where)],
    ["removeTags", (f) => f.removeTags("nobody", "a", emulated.where)],
    ["addProperties", (f) => f.addProperties("nobody", { a: "b" }, emulated.where)],
  ])("%s says that a service is missing", async (_, ask) => {
    await expect(ask(emulated.functions)).rejects.toMatchObject({
      code: "NotFound",
      status: 404,
      message: expect.stringMatching(/"nobody"/) as unknown,
    });
  });

  it("tells no key in what it reads", async () => {
    const values = await emulated.functions.getService("fraud", emulated.where);
    expect(Object.keys(values).filter((name) => /key/i.test(name))).toEqual([]);
  });
});
