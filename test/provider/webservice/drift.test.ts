import { fields } from "../../../provider/schema/fields";
import { startStage, plainValues, type Stage, type Values, withoutProvider } from "./stage";

jest.setTimeout(30_000);

/** What the program says of a setting, and the edit outside Pulumi that takes it away. */
interface Drift {
  readonly said: unknown;
  readonly edit: readonly object[];
  readonly live: unknown;
  readonly also?: Values;
}

const replace = (path: string, value: unknown) => ({ op: "replace", path, value });
const set = (said: unknown, path: string, live: unknown, also: Values = {}): Drift => ({
  said,
  edit: [replace(path, live)],
  live,
  also,
});

const resources = "/containerResourceRequirements";
const probe = "/livenessProbeRequirements";

const drifts: Readonly<Record<string, Drift>> = {
  models: {
    said: ["fraud:7"],
    edit: [replace("/environmentImageRequest", { modelIds: ["fraud:8"] })],
    live: ["fraud:8"],
  },
  autoscaleEnabled: {
    said: true,
    edit: [replace("/autoScaler/autoscaleEnabled", false), replace("/numReplicas", 2)],
    live: false,
  },
  autoscaleMinReplicas: set(2, "/autoScaler/minReplicas", 3),
  autoscaleMaxReplicas: set(5, "/autoScaler/maxReplicas", 6),
  autoscaleRefreshSeconds: set(2, "/autoScaler/refreshPeriodInSeconds", 9),
  autoscaleTargetUtilization: set(50, "/autoScaler/targetUtilization", 90),
  numReplicas: set(3, "/numReplicas", 2),
  cpuCores: set(0.5, `${resources}/cpu`, 0.7),
  cpuCoresLimit: set(2, `${resources}/cpuLimit`, 3, { cpuCores: 1 }),
  memoryGb: set(1, `${resources}/memoryInGB`, 2),
  memoryGbLimit: set(2, `${resources}/memoryInGBLimit`, 3, { memoryGb: 1 }),
  gpuCores: set(1, `${resources}/gpu`, 0),
  collectModelData: set(true, "/dataCollection/storageEnabled", false),
  enableAppInsights: set(true, "/appInsightsEnabled", false),
  authEnabled: set(true, "/authEnabled", false),
  tokenAuthEnabled: {
    said: true,
    edit: [replace("/aadAuthEnabled", false), replace("/authEnabled", true)],
    live: false,
  },
  scoringTimeoutMs: set(1000, "/scoringTimeoutMs", 2000),
  replicaMaxConcurrentRequests: set(4, "/maxConcurrentRequestsPerContainer", 5),
  maxRequestWaitTime: set(100, "/maxQueueWaitMs", 200),
  periodSeconds: set(20, `${probe}/periodSeconds`, 30),
  initialDelaySeconds: set(20, `${probe}/initialDelaySeconds`, 30),
  timeoutSeconds: set(5, `${probe}/timeoutSeconds`, 6),
  successThreshold: set(2, `${probe}/successThreshold`, 3),
  failureThreshold: set(4, `${probe}/failureThreshold`, 5),
  namespace: set("scoring", "/namespace", "elsewhere"),
  tags: set({ release: "1" }, "/kvTags", { release: "1", by: "hand" }),
  description: set("Fraud", "/description", "edited by hand"),
};

/** The image has a test of its own; code is told by the hash of what was uploaded, and tested with the uploads. */
const elsewhere: readonly string[] = ["imageId", "inferenceConfig"];

const images = { images: [{ id: "fraud-image:3" }, { id: "fraud-image:4" }] };

describe("a setting that was changed outside Pulumi", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({ operationTime: 50 });
  });
  afterAll(() => stage.close());

  it("is tested for each row that a service can be changed in", () => {
    const inPlace = fields.filter((row) => row.mutability === "inPlace" && !elsewhere.includes(row.input));
    const known = Object.keys(drifts);
    expect(inPlace.map((row) => row.input).filter((input) => !known.includes(input))).toEqual([]);
  });

  it.each(Object.entries(drifts))("%s: refresh shows it, one PATCH heals it", async (input, drift) => {
    await healed(stage, { [input]: drift.said, ...drift.also }, input, drift);
  });

  it("imageId: refresh shows it, one PATCH heals it", async () => {
    const other = await startStage({
      operationTime: 50,
      seed: { ...images, models: [], computes: [{ name: "aks-prod" }] },
    });
    const drift = set("fraud-image:3", "/imageId", "fraud-image:4");
    await healed(other, { models: undefined, imageId: drift.said }, "imageId", drift);
    await other.close();
  });

  it("primaryKey: refresh shows it, and the key is set again", async () => {
    const made = await stage.create({ serviceName: "key-drift", primaryKey: "said-by-the-program" });
    await stage.call("POST", "/services/key-drift/regenerateKeys", {
      keyType: "Primary",
      keyValue: "rotated",
    });
    stage.clock.advance(1000);
    const { props, inputs } = await refreshed(stage, made);
    expect(inputs["primaryKey"]).toBe("rotated");
    expect(await stage.provider.diff(made.id, props, made.inputs)).not.toEqual({ changes: false });
    const after = await stage.update(made.id, props, made.inputs);
    expect(after["primaryKey"]).toBe("said-by-the-program");
  });
});

const refreshed = async (stage: Stage, made: { id: string; outputs: Values }) => {
  const read = await stage.provider.read(made.id, made.outputs);
  return { props: plainValues(read.props!), inputs: plainValues(read.inputs!) };
};

const healed = async (stage: Stage, news: Values, input: string, drift: Drift): Promise<void> => {
  const serviceName = `drift-${input.toLowerCase().slice(0, 20)}`;
  const made = await stage.create({ ...news, serviceName });
  await stage.edit(serviceName, drift.edit);

  const { props, inputs } = await refreshed(stage, made);
  expect(inputs[input]).toEqual(drift.live);
  expect(props[input]).toEqual(drift.live);
  expect(await stage.provider.diff(made.id, props, made.inputs)).not.toEqual({ changes: false });

  stage.emulator.clearRequests();
  const after = await stage.update(made.id, props, made.inputs);
  expect(after[input]).toEqual(drift.said);
  expect(stage.requests().filter((request) => request.startsWith("PATCH"))).toHaveLength(1);

  const again = await refreshed(stage, { id: made.id, outputs: after });
  expect(again.inputs[input]).toEqual(drift.said);
  expect(await stage.provider.diff(made.id, again.props, made.inputs)).toEqual({ changes: false });
};

describe("what is never drift", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({ operationTime: 50 });
  });
  afterAll(() => stage.close());

  it.each<[string, Values, readonly object[]]>([
    [
      "the live replica count while autoscaling is on",
      { autoscaleMinReplicas: 1 },
      [replace("/autoScaler/minReplicas", 4), replace("/autoScaler/minReplicas", 1)],
    ],
    [
      "a property of the service or of another tool",
      { properties: { team: "risk" } },
      [{ op: "add", path: "/properties/azureml.git.dirty", value: "True" }],
    ],
    [
      "a setting that the program does not manage",
      {},
      [replace(`${resources}/cpu`, 3), replace("/kvTags", { by: "hand" })],
    ],
  ])("%s", async (what, news, edit) => {
    const serviceName = `calm-${what.length}`;
    const made = await stage.create({ ...news, serviceName });
    await stage.edit(serviceName, edit);
    const { props, inputs } = await refreshed(stage, made);
    expect(props).not.toEqual(made.outputs);
    const said = withoutProvider(made.inputs);
    expect(inputs).toEqual(said);
    expect(await stage.provider.diff(made.id, props, made.inputs)).toEqual({ changes: false });
  });

  it("the stamp of the resource that made it", async () => {
    const made = await stage.create({ serviceName: "stamped", properties: { team: "risk" } });
    expect((await stage.document("stamped"))["properties"]).toMatchObject({
      team: "risk",
      "pulumi-created-by": expect.any(String),
    });
    const { props, inputs } = await refreshed(stage, made);
    expect(inputs["properties"]).toEqual({ team: "risk" });
    expect(await stage.provider.diff(made.id, props, made.inputs)).toEqual({ changes: false });
  });
});
