import { fieldOf } from "../../../provider/schema/fields";
import { withoutSecrets, type Values } from "../host";
import { startWorkspace, type TestWorkspace } from "../workspace";

jest.setTimeout(60_000);

/** Defaults that the Python class documents, as a service shows them that was made without a word about them. */
const documented: readonly (readonly [string, unknown])[] = [
  ["autoscaleEnabled", true],
  ["autoscaleMinReplicas", 1],
  ["autoscaleMaxReplicas", 10],
  ["autoscaleRefreshSeconds", 1],
  ["autoscaleTargetUtilization", 70],
  ["collectModelData", false],
  ["authEnabled", true],
  ["cpuCores", 0.1],
  ["memoryGb", 0.5],
  ["enableAppInsights", false],
  ["scoringTimeoutMs", 60000],
  ["replicaMaxConcurrentRequests", 1],
  ["maxRequestWaitTime", 500],
  ["gpuCores", 0],
  ["periodSeconds", 10],
  ["initialDelaySeconds", 310],
  ["timeoutSeconds", 2],
  ["successThreshold", 1],
  ["failureThreshold", 3],
  ["tokenAuthEnabled", false],
];

describe("documented defaults", () => {
  let workspace: TestWorkspace;
  let outputs: Values;
  let body: Values;
  beforeAll(async () => {
    workspace = await startWorkspace();
    const inputs = await workspace.checked({
      serviceName: "bare",
      computeTargetName: "aks",
      models: ["m:1"],
    });
    outputs = withoutSecrets((await workspace.host.create(inputs)).outputs) as Values;
    [body] = workspace.sent("POST", /\/services$/) as [Values];
  });
  afterAll(() => workspace.close());

  it.each(documented)("%s is %p, by the service and not by us", (input, value) => {
    expect(outputs[input]).toBe(value);
    // It depends on numReplicas, so that no row has it.
    if (input !== "autoscaleEnabled") expect(fieldOf(input)!.default).toBe(value);
    const path = fieldOf(input)!.wire!.split(".");
    const sent = path.reduce<unknown>((at, key) => (at as Values | null | undefined)?.[key], body);
    expect(sent ?? null).toBeNull();
  });

  it("blobfuseEnabled is true: nothing is sent, and the service never tells", () => {
    expect(fieldOf("blobfuseEnabled")!.default).toBe(true);
    expect(body).not.toHaveProperty("storageInitEnabled");
    expect(outputs).not.toHaveProperty("blobfuseEnabled");
  });

  it.each(["primaryKey", "secondaryKey"])("%s is generated", (key) => {
    expect(outputs[key]).toMatch(/^[A-Za-z0-9]{32}$/);
  });

  // Only what says who made the service is there.
  it("properties has none", () =>
    expect(Object.keys(outputs["properties"] as object)).toEqual(["pulumi-created-by"]));

  it.each(["tags", "description", "cpuCoresLimit", "memoryGbLimit"])("%s has none", (input) => {
    const value = outputs[input];
    expect(value === undefined || Object.keys(value as object).length === 0).toBe(true);
  });

  it("namespace has none: nothing is sent, and the service is in the cluster's", () => {
    expect(body["namespace"] ?? null).toBeNull();
    expect(outputs["namespace"]).toMatch(/./);
  });

  it("the fixed number of replicas has none, and leaves autoscaling on", () => {
    expect(body["numReplicas"]).toBeNull();
    expect(outputs["autoscaleEnabled"]).toBe(true);
  });
});
