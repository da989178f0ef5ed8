import { outputsOf } from "../../../provider/core/outputs";
import { serializeService } from "../../../sdk/functions/serialize-service";
import recorded from "./serialized-by-azureml-core.json";

const workspaceId =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-emulated" +
  "/providers/Microsoft.MachineLearningServices/workspaces/ws-emulated";

/** Service documents, and what AksWebservice of azureml-core 1.61.0.post4 made of each. */
const cases = Object.entries(recorded).map(([name, { document, serialized }]) => ({
  name,
  document,
  serialized,
}));

describe("serializeService", () => {
  it.each(cases)("gives what the Python class gives for $name", ({ document, serialized }) => {
    expect(serializeService(outputsOf({ document, before: {}, workspaceId }))).toEqual(serialized);
  });

  it("names exactly the class's members", () => {
    expect(Object.keys(serializeService({})).sort()).toEqual(Object.keys(cases[0]!.serialized).sort());
  });

  it("tells no key", () => {
    const keys = { primaryKey: "p-secret", secondaryKey: "s-secret" };
    const outputs = outputsOf({ document: cases[0]!.document, before: {}, keys, workspaceId });
    expect(outputs["primaryKey"]).toBe("p-secret");
    expect(JSON.stringify(serializeService(outputs))).not.toMatch(/secret/);
  });

  it.each([
    ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05+00:00"],
    ["2024-01-02T03:04:05.000Z", "2024-01-02T03:04:05+00:00"],
    ["2024-01-02T03:04:05.1234567Z", "2024-01-02T03:04:05.123456+00:00"],
    ["2024-01-02T03:04:05.5+0530", "2024-01-02T03:04:05.500000+05:30"],
    ["2024-01-02T03:04:05", "2024-01-02T03:04:05"],
    ["", null],
    [undefined, null],
    ["yesterday", "yesterday"],
  ])("writes the time %p as %p", (createdTime, expected) => {
    expect(serializeService({ createdTime })["createdTime"]).toBe(expected);
  });

  it.each<[string, object | undefined, object | null]>([
    ["none", undefined, null],
    ["a reference", { name: "e", version: "4" }, { name: "e", version: "4" }],
    ["a reference without version", { name: "e" }, { name: "e", version: null }],
  ])("shows %s as environment", (_, environment, expected) => {
    expect(serializeService({ environment })["environmentDetails"]).toEqual(expected);
  });

  it("fills in an environment as the class does, and keeps variables whole", () => {
    const environment = {
      name: "e",
      docker: { baseImage: "b", baseImageRegistry: { address: "a" }, sharedVolumes: false },
      environmentVariables: { A: "1" },
      inferencingStackVersion: "latest",
    };
    expect(serializeService({ environment })["environmentDetails"]).toMatchObject({
      version: null,
      environmentVariables: { A: "1" },
      python: { interpreterPath: "python" },
      docker: {
        baseImage: "b",
        sharedVolumes: false,
        baseImageRegistry: { address: "a", username: null },
        platform: { os: "Linux", architecture: "amd64" },
      },
      inferencingStackVersion: "latest",
    });
  });
});
