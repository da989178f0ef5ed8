import type { OperationFault } from "../../../emulator/server/fault-rule";
import { ResourceInitFailed } from "../../../provider/host/init-failed";
import { asset } from "../model/stage";
import { failure, initError, plainValues, startStage, type Stage, type Values } from "./stage";

jest.setTimeout(30_000);

const MINUTE = 60_000;
let stage: Stage;
beforeEach(async () => {
  stage = await startStage({ operationTime: 50 });
});
afterEach(() => stage.close());

const made = async (news: Values = {}) => {
  const all = await stage.create(news);
  stage.emulator.clearRequests();
  return all;
};
const change = async (old: Values, news: Values) => stage.inputs(news, old);
const onPatch = (fault: object) => stage.emulator.addFault({ method: "PATCH", ...fault });

describe("update", () => {
  it("sends one PATCH for many settings and verifies it", async () => {
    const { id, outputs, inputs } = await made();
    const news = await change(inputs, {
      cpuCores: 0.5,
      memoryGb: 2,
      tags: { a: "1" },
      properties: { b: "2" },
    });
    const after = await stage.update(id, outputs, news);
    expect(after).toMatchObject({ cpuCores: 0.5, memoryGb: 2, tags: { a: "1" }, state: "Healthy" });
    expect(stage.bodies("PATCH", /./)).toHaveLength(1);
  });

  it("makes no request for a setting of the provider alone", async () => {
    const { id, outputs, inputs } = await made();
    const after = await stage.update(id, outputs, await change(inputs, { timeouts: { delete: "1m" } }));
    expect(after).toMatchObject({ timeouts: { delete: "1m" }, state: "Healthy" });
    expect(stage.requests("all")).toEqual([]);
  });

  it("waits for another operation on the service to end", async () => {
    const { id, outputs, inputs } = await made();
    await stage.call("PATCH", "/services/fraud", [{ op: "replace", path: "/scoringTimeoutMs", value: 5 }]);
    const after = await stage.update(id, outputs, await change(inputs, { cpuCores: 0.5 }));
    expect(after).toMatchObject({ cpuCores: 0.5, scoringTimeoutMs: 5 });
  });

  it("that the service refuses is a plain error, so that the state stays as it was", async () => {
    const { id, outputs, inputs } = await made();
    onPatch({
      status: 400,
      body: { code: "No", message: "too big", details: [{ code: "Quota", message: "4 cores" }] },
    });
    const error = await failure(stage.provider.update(id, outputs, await change(inputs, { cpuCores: 64 })));
    expect(error).not.toBeInstanceOf(ResourceInitFailed);
    expect(error.message).toMatch(/^Cannot update service "fraud": BadRequest \(HTTP 400/);
    expect(error.message).toContain("Quota: 4 cores");
  });

  it("that fails after it was accepted is an init error with the id, the outputs and the keys wrapped", async () => {
    const { id, outputs, inputs } = await made();
    onPatch({ operation: { outcome: "failed" } });
    const error = await initError(
      stage.provider.update(id, outputs, await change(inputs, { cpuCores: 0.5 })),
    );
    expect(error.id).toBe(id);
    expect(error.properties).toMatchObject({ __unfinished: true, name: "fraud", state: "Failed" });
    expect(typeof error.properties["__provider"]).toBe("string");
    expect(JSON.stringify(error.properties["primaryKey"])).toContain("4dabf18193072939515e22adb298388d");
    expect(plainValues({ ...error.properties })["primaryKey"]).toBe(outputs["primaryKey"]);
  });

  it("keeps the outputs when the failed service cannot even be read", async () => {
    const { id, outputs, inputs } = await made();
    onPatch({ operation: { outcome: "failed" } });
    stage.emulator.addFault({ method: "GET", path: "/services/fraud", times: 1, latency: 1 });
    stage.emulator.addFault({
      method: "GET",
      path: "/services/fraud",
      times: 99,
      status: 403,
      body: { code: "Forbidden", message: "gone" },
    });
    const error = await initError(
      stage.provider.update(id, outputs, await change(inputs, { cpuCores: 0.5 })),
    );
    expect(error.properties).toMatchObject({
      name: "fraud",
      cpuCores: outputs["cpuCores"],
      scoringUri: outputs["scoringUri"],
    });
  });

  it("ends at its deadline, also with a setting raised meanwhile", async () => {
    const { id, outputs, inputs } = await made();
    onPatch({ operation: { outcome: "stuck" } });
    const start = stage.clock.now();
    const news = await change(inputs, { cpuCores: 0.5, timeouts: { update: "5m" } });
    const error = await initError(stage.provider.update(id, outputs, news));
    expect(Math.round((stage.clock.now() - start) / MINUTE)).toBe(5);
    expect(error.reasons[0]).toMatch(/^DeploymentTimedOut: .*operation \S+ has not ended/);
    expect(error.reasons.at(-1)).toContain("Run `pulumi up` again to go on waiting");
  });

  it("after a failure looks at the service even if only a local setting has changed since", async () => {
    const { id, outputs, inputs } = await made();
    onPatch({ operation: { outcome: "failed" } });
    const news = await change(inputs, { cpuCores: 0.5 });
    const failed = await initError(stage.provider.update(id, outputs, news));
    stage.emulator.clearRequests();
    const later = await change(news, { cpuCores: 0.5, timeouts: { update: "2h" } });
    const after = await stage.update(id, plainValues({ ...failed.properties }), later);
    expect(after).toMatchObject({ state: "Healthy", cpuCores: 0.5 });
    expect(after).not.toHaveProperty("__unfinished");
  });

  it("of another setting leaves a key that was changed on the live service meanwhile", async () => {
    const { id, outputs, inputs } = await made({ primaryKey: "the-programs-own-key" });
    await stage.call("POST", "/services/fraud/regenerateKeys", {
      keyType: "Primary",
      keyValue: "a-key-set-by-hand",
    });
    stage.clock.advance(MINUTE);
    stage.emulator.clearRequests();
    const news = await change(inputs, { primaryKey: "the-programs-own-key", cpuCores: 0.5 });
    await stage.update(id, outputs, news);
    expect(stage.bodies("POST", /regenerateKeys$/)).toEqual([]);
  });

  it.each<[string, OperationFault, RegExp]>([
    [
      "fails",
      {
        outcome: "failed",
        error: { code: "KeyVaultDown", statusCode: 500, message: "no vault", details: [] },
      },
      /^KeyNotChanged: the primary key of the service "fraud" was not changed: operation \S+ ended Failed\. The service itself is Healthy[^]*KeyVaultDown: no vault/,
    ],
    ["is lost", { outcome: "lost" }, /^KeyNotChanged: .*operation \S+ has not ended/],
  ])("whose change of a key %s says so, and sets it at the next run", async (_, operation, says) => {
    const { id, outputs, inputs } = await made();
    stage.emulator.addFault({ method: "POST", path: "/regenerateKeys$", operation });
    const news = await change(inputs, { primaryKey: "the-programs-own-key" });
    const error = await initError(stage.provider.update(id, outputs, news));
    expect(error.reasons[0]).toMatch(says);
    expect(error.reasons.join()).not.toMatch(/CrashLoop|the-programs-own-key/);
    stage.emulator.clearRequests();
    const after = await stage.update(id, plainValues({ ...error.properties }), news);
    expect(after).toMatchObject({ primaryKey: "the-programs-own-key", state: "Healthy" });
    expect(await (await stage.call("POST", "/services/fraud/listkeys")).json()).toMatchObject({
      primaryKey: "the-programs-own-key",
    });
  });

  it("whose change of a key does not end says so", async () => {
    const { id, outputs, inputs } = await made();
    stage.emulator.addFault({ method: "POST", path: "/regenerateKeys$", operation: { outcome: "stuck" } });
    const news = await change(inputs, { primaryKey: "the-programs-own-key", timeouts: { update: "5m" } });
    const error = await initError(stage.provider.update(id, outputs, news));
    expect(error.reasons[0]).toMatch(/^KeyNotChanged: .*operation \S+ has not ended[^]*TimedOut/);
  });

  it("of a service that was deleted outside says so", async () => {
    const { id, outputs, inputs } = await made();
    await stage.call("DELETE", "/services/fraud");
    stage.clock.advance(MINUTE);
    const error = await failure(stage.provider.update(id, outputs, await change(inputs, { cpuCores: 0.5 })));
    expect(error.message).toMatch(
      /^ServiceGone: the service "fraud" was deleted outside Pulumi\. Run `pulumi refresh`/,
    );
  });

  it("of a service that is now of another type is refused by name", async () => {
    const { id, outputs, inputs } = await made();
    stage.emulator.addFault({
      method: "GET",
      path: "/services/fraud$",
      status: 200,
      body: { computeType: "ACI", name: "fraud" },
    });
    const error = await failure(stage.provider.update(id, outputs, await change(inputs, { cpuCores: 0.5 })));
    expect(error.message).toMatch(/^NotAnAksService: .*type ACI/);
    expect(stage.bodies("PATCH", /./)).toEqual([]);
  });
});

describe("repair", () => {
  const broken = async (news: Values = {}) => {
    const all = await made({ autoscaleMaxReplicas: 4, ...news });
    onPatch({
      operation: { outcome: "failed", log: ["pulling"], containerLog: "ModuleNotFoundError: torch" },
    });
    const wanted = await change(all.inputs, { autoscaleMaxReplicas: 4, cpuCores: 0.5, ...news });
    const error = await initError(stage.provider.update(all.id, all.outputs, wanted));
    stage.emulator.clearRequests();
    return { ...all, wanted, error, outputs: plainValues({ ...error.properties }) };
  };

  it("posts the definition again with overwrite: what is managed, and the live rest", async () => {
    const { id, outputs, wanted } = await broken();
    await stage.update(id, outputs, wanted);
    expect(stage.bodies("POST", /\/services$/)).toEqual([
      expect.objectContaining({
        overwrite: true,
        autoScaler: expect.objectContaining({ autoscaleEnabled: true, maxReplicas: 4 }),
        containerResourceRequirements: expect.objectContaining({ cpu: 0.5, memoryInGB: 0.5 }),
        numReplicas: null,
        environmentImageRequest: { modelIds: ["fraud:7"] },
      }),
    ]);
  });

  it("never posts over a service in a state that it does not know", async () => {
    const { id, outputs, wanted } = await broken();
    const body = { ...(await stage.document()), state: "Retired" };
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", times: 9, status: 200, body });
    const error = await failure(stage.provider.update(id, outputs, wanted));
    expect(error.message).toContain('the service "fraud" is not Healthy: Retired');
    expect(stage.bodies("POST", /\/services$/)).toEqual([]);
  });

  it("keeps the keys that callers use", async () => {
    const { id, outputs, wanted } = await broken();
    const after = await stage.update(id, outputs, wanted);
    expect(after["primaryKey"]).toBe(outputs["primaryKey"]);
    expect(await (await stage.call("POST", "/services/fraud/listkeys")).json()).toMatchObject({
      primaryKey: outputs["primaryKey"],
    });
  });

  it("uploads the code again, whose files may be missing behind their names", async () => {
    const inferenceConfig = {
      entryScript: "score.py",
      source: asset("h1", { text: "def run(data): return data" }),
      environment: "AzureML-sklearn:1",
    };
    const { id, outputs, wanted } = await broken({ models: undefined, inferenceConfig });
    const urlsOf = (body: unknown): string[] =>
      (body as { environmentImageRequest: { assets: { url: string }[] } }).environmentImageRequest.assets.map(
        ({ url }) => url,
      );
    const before = urlsOf(await stage.document());
    await stage.update(id, outputs, wanted);
    const [posted] = stage.bodies("POST", /\/services$/);
    expect(urlsOf(posted)).toHaveLength(2);
    expect(urlsOf(posted).filter((url) => before.includes(url))).toEqual([]);
    expect(stage.bodies("PUT", /blob/)).toHaveLength(2);
  });

  it("with a fixed number of replicas sends no number of the autoscaler", async () => {
    const { id, outputs, wanted } = await broken({ autoscaleMaxReplicas: undefined, numReplicas: 2 });
    expect(await stage.update(id, outputs, wanted)).toMatchObject({ state: "Healthy", numReplicas: 2 });
  });

  it("is a patch alone where something differs", async () => {
    const { id, outputs, wanted } = await broken();
    const news = await change(wanted, { autoscaleMaxReplicas: 4, cpuCores: 0.7 });
    expect(await stage.update(id, outputs, news)).toMatchObject({ state: "Healthy", cpuCores: 0.7 });
    expect(stage.bodies("POST", /\/services$/)).toEqual([]);
  });

  it("follows a change of tags that took effect at once", async () => {
    const { id, outputs, wanted } = await broken();
    const news = await change(wanted, { autoscaleMaxReplicas: 4, cpuCores: 0.5, tags: { fix: "1" } });
    expect(await stage.update(id, outputs, news)).toMatchObject({ state: "Healthy", tags: { fix: "1" } });
  });

  it("of a service that another program owns is refused, with nothing sent", async () => {
    const { id, outputs, wanted } = await broken();
    const error = await failure(stage.provider.update(id, { ...outputs, __ownerToken: "another" }, wanted));
    expect(error).not.toBeInstanceOf(ResourceInitFailed);
    expect(error.message).toMatch(/^OwnedByAnother: the service "fraud" was made by another Pulumi resource/);
    expect(stage.requests().filter((request) => /^(POST|PATCH|DELETE)/.test(request))).toEqual([]);
  });

  it("is asked for again after a refresh, which makes the engine forget the failure", async () => {
    const { id, outputs, wanted } = await broken();
    const { props } = await stage.provider.read(id, outputs);
    const refreshed = plainValues(props!);
    expect(refreshed).toMatchObject({ __unfinished: true });
    expect(await stage.provider.diff(id, refreshed, wanted)).toEqual({ changes: true });
    expect(await stage.update(id, refreshed, wanted)).toMatchObject({ state: "Healthy" });
  });

  it("is not needed once the service is Healthy by itself", async () => {
    const { id, outputs, wanted } = await broken();
    await stage.edit("fraud", [{ op: "replace", path: "/scoringTimeoutMs", value: 1234 }]);
    const { props } = await stage.provider.read(id, outputs);
    expect(props).not.toHaveProperty("__unfinished");
    expect(await stage.provider.diff(id, plainValues(props!), wanted)).toEqual({ changes: false });
  });
});
