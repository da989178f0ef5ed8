import { failure, startStage, URN, type Stage, type StageOptions, type Values } from "./stage";

jest.setTimeout(60_000);

let stage: Stage;
const start = async (options: StageOptions = {}): Promise<void> => {
  stage = await startStage({
    operationTime: 50,
    config: { "azureml:livePreview": "true" },
    ...options,
  });
};
afterEach(() => stage.close());

const body = (name: string, more: Values = {}) => ({
  name,
  computeType: "AKS",
  computeName: "aks-prod",
  environmentImageRequest: { modelIds: ["fraud:7"] },
  ...more,
});
const byPython = async (name = "fraud", more: Values = {}): Promise<void> => {
  expect((await stage.call("POST", "/services", body(name, more))).status).toBe(202);
  stage.clock.advance(1000);
};
const urnOf = (name: string) => URN.replace(/fraud$/, name);
const given = (more: Values = {}): Values => ({
  serviceName: "fraud",
  computeTargetName: "aks-prod",
  models: ["fraud:7"],
  __urn: URN,
  __createdBy: "5ca1ab1e0ddba115",
  ...more,
});
const check = async (more: Values = {}, old: Values = {}) =>
  (await stage.provider.check(old, given(more))).failures.map(({ reason }) => reason);
const said = () =>
  stage.lines.filter(({ passing }) => !passing).map(({ severity, text }) => `${severity}: ${text}`);
const fresh = () => {
  stage.emulator.clearRequests();
  stage.lines.length = 0;
};
/** A service of the program, and what is done to it by another hand before the diff. */
const drifted = async (program: Values, edit: readonly object[], news: Values = program) => {
  const { id, outputs } = await stage.create(program);
  if (edit.length > 0) await stage.edit("fraud", edit);
  const desired = await stage.inputs(news, await stage.inputs(program));
  await stage.restart();
  fresh();
  return { id, outputs, desired, answer: () => stage.provider.diff(id, outputs, desired) };
};
const replace = (path: string, value: unknown) => ({ op: "replace", path, value });

describe("without the option", () => {
  it("nothing is asked of anyone", async () => {
    await start({ config: {} });
    expect(await check()).toEqual([]);
    const { answer } = await drifted({ numReplicas: 2 }, [replace("/numReplicas", 5)]);
    expect(await answer()).toEqual({ changes: false });
    expect([stage.requests("all"), said()]).toEqual([[], []]);
  });

  it.each([
    ["the environment turns it on", { AZUREML_LIVE_PREVIEW: "1" }, "", true],
    ["the environment decides before the configuration", { AZUREML_LIVE_PREVIEW: "0" }, "true", false],
    ["false is off", {}, "false", false],
  ])("%s", async (_, env, config, on) => {
    await start({
      env: env as Record<string, string>,
      config: config ? { "azureml:livePreview": config } : {},
    });
    await check();
    expect(stage.requests().some((request) => request.startsWith("GET /services"))).toBe(on);
  });
});

describe("of a service that is to be made", () => {
  it("lists once, and validates definition and capacity without keys; nothing is changed", async () => {
    await start();
    expect(
      await check({
        primaryKey: "a-key-of-32-letters-0123456789ab",
        secondaryKey: "another-key-of-32-letters-012345",
      }),
    ).toEqual([]);
    expect(stage.requests()).toEqual([
      "GET /services",
      "POST /services/validate",
      "POST /services/validate/resource",
    ]);
    expect(stage.bodies("POST", /validate$/)).toMatchObject([
      {
        type: "Create",
        serviceName: "fraud",
        createRequest: { name: "fraud", keys: { primaryKey: null } },
        updateRequest: null,
      },
    ]);
    expect(JSON.stringify(stage.bodies("POST", /validate/))).not.toContain("-key-of-32-letters");
    expect(said()).toEqual([]);
  });

  it("tells whose a taken name is", async () => {
    await start();
    await byPython("fraud", {
      properties: { "pulumi-created-by": "t.h", "pulumi-claim-1": "u 2026-11-24 acme/fraud/prod" },
    });
    expect(await check()).toEqual([
      expect.stringMatching(
        /^NameTaken: .*belongs to acme\/fraud\/prod since 2026-11-24 \(property pulumi-claim-1\).*alias.*`adopt: true`/,
      ),
    ]);
    expect(await check({ serviceName: "risk" })).toEqual([]);
  });

  it.each(["5ca1ab1e0ddba115", "token.5ca1ab1e0ddba115"])(
    "carries on with its own remainder, stamped %s",
    async (stamp) => {
      await start();
      await byPython("fraud", { properties: { "pulumi-created-by": stamp } });
      expect(await check()).toEqual([]);
      expect(said()).toEqual([expect.stringMatching(/^info: An interrupted create .*carries on with it/)]);
    },
  );

  it("is a replacement of its own service under the same name", async () => {
    await start();
    const { inputs } = await stage.create();
    await stage.restart();
    fresh();
    const changed = { ...given(), computeTargetName: "aks-new" };
    expect((await stage.provider.check(inputs, changed)).failures).toEqual([]);
    expect((await stage.provider.check({}, changed)).failures).toEqual([]);
    expect(stage.requests()).toEqual([
      "GET /services",
      "POST /services/validate",
      "POST /services/validate/resource",
    ]);
  });

  it("is refused in the service's own words, and lacks capacity in a warning", async () => {
    await start({
      seed: {
        computes: [{ name: "aks-prod", cpu: 1 }],
        models: [{ id: "fraud:7", framework: "ScikitLearn" }],
      },
    });
    expect(await check({ computeTargetName: "nowhere" })).toEqual([
      expect.stringMatching(/^RefusedByService: .*nowhere.*Nothing was changed/),
    ]);
    expect(await check({ cpuCores: 2, numReplicas: 1 })).toEqual([]);
    expect(said()).toEqual([expect.stringMatching(/^warning: .*capacity.*not enough cpu/)]);
  });

  it.each([
    ["whose name is not known yet", { serviceName: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, []],
    [
      "whose settings are not known yet",
      { cpuCores: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
      ["GET /services"],
    ],
  ])("%s is not validated", async (_, more, requests) => {
    await start();
    expect(await check(more)).toEqual([]);
    expect(stage.requests()).toEqual(requests);
  });
});

describe("of an adoption", () => {
  it("shows the exact PATCH", async () => {
    await start();
    await byPython("fraud", { properties: { team: "risk" }, kvTags: { a: "0", by: "python" } });
    expect(
      await check({ adopt: true, cpuCores: 0.5, tags: { a: "1" }, properties: { team: "risk", cost: "12" } }),
    ).toEqual([]);
    expect(said()).toEqual([
      'info: Adopts the live service "fraud" and sends one PATCH: replace /containerResourceRequirements/cpu 0.5; ' +
        'replace /kvTags {"a":"1"}; add /properties/cost "12". This removes tags.by from the live service. ' +
        "A property is added that makes the service this stack's.",
    ]);
  });

  it("hides what is secret, and says that keys are set afterwards", async () => {
    await start();
    await byPython();
    await check({
      adopt: true,
      description: "s3cret-words",
      primaryKey: "a-key",
      __secrets: ["description"],
    });
    expect(said()).toEqual([
      expect.stringMatching(
        /replace \/description a secret\. A property is added .* Then primaryKey must be the program's, or is set\.$/,
      ),
    ]);
  });

  it("shows that nothing is sent", async () => {
    await start();
    await byPython();
    await check({ adopt: true });
    expect(said()).toEqual(['info: Adopts the live service "fraud" as it is; no PATCH is sent.']);
  });

  it.each<[string, Values, RegExp]>([
    ["another compute", { computeTargetName: "aks-new" }, /^CannotAdopt: .*computeTargetName is "aks-prod"/],
    ["another value of a property", { properties: { team: "fraud" } }, /^CannotAdopt: .*properties\.team/],
    ["a limit below the live request", { cpuCoresLimit: 0.05 }, /^OutOfRange: .*cpuCoresLimit/],
  ])("is refused for %s", async (_, more, expected) => {
    await start();
    await byPython("fraud", { properties: { team: "risk" }, containerResourceRequirements: { cpu: 0.4 } });
    expect(await check({ adopt: true, ...more })).toEqual([expect.stringMatching(expected)]);
  });
});

describe("of a service of the program", () => {
  it("shows drift that neither program nor state know, and the way to heal it", async () => {
    await start();
    const { answer } = await drifted({ numReplicas: 3 }, [replace("/numReplicas", 8)]);
    expect(await answer()).toEqual({ changes: false });
    expect(said()).toEqual([
      "warning: numReplicas is 8 on the live service, the program says 3; `pulumi refresh` shows it, `pulumi up` then heals it.",
    ]);
    expect(stage.requests()).toEqual(["GET /services"]);
  });

  it.each<[string, Values, readonly object[]]>([
    ["a setting that the program does not manage", { cpuCores: 1 }, [replace("/scoringTimeoutMs", 8000)]],
    ["replicas under autoscaling", { autoscaleMaxReplicas: 5 }, [replace("/autoScaler/minReplicas", 3)]],
    ["properties of others", { properties: { a: "1" } }, [{ op: "add", path: "/properties/b", value: "2" }]],
    ["nothing", { cpuCores: 1, tags: { a: "1" }, primaryKey: "a-given-key" }, []],
  ])("does not call %s drift", async (_, program, edit) => {
    await start();
    const { answer } = await drifted(program, edit);
    await answer();
    expect(said()).toEqual([]);
  });

  it("validates an update's own PATCH, and names what the update takes from others", async () => {
    await start();
    const { answer } = await drifted({ tags: { a: "1" } }, [replace("/kvTags", { a: "1", on: "call" })], {
      tags: { a: "2" },
    });
    await answer();
    expect(stage.requests()).toEqual(["GET /services", "POST /services/validate"]);
    expect(stage.bodies("POST", /validate$/)).toEqual([
      {
        type: "Update",
        serviceName: "fraud",
        createRequest: null,
        updateRequest: [replace("/kvTags", { a: "2" })],
      },
    ]);
    expect(said()).toEqual([
      'warning: tags is {"a":"1","on":"call"} on the live service, the program says {"a":"2"}, and {"a":"1"} was last known: ' +
        "this update sets the program's, and removes tags.on.",
    ]);
  });

  it("throws where the service would refuse what the program changed, and only warns where it changed nothing", async () => {
    await start({
      seed: { computes: [{ name: "aks-prod" }], models: [{ id: "fraud:7", framework: "ScikitLearn" }] },
    });
    const { id, outputs, desired, answer } = await drifted({}, [], { models: ["gone:1"] });
    expect((await failure(answer())).message).toMatch(/^RefusedByService: .*gone:1/);
    const inputs = { ...desired, models: ["fraud:7"], cpuCores: 0.5 };
    const refreshed = {
      ...outputs,
      cpuCores: 1,
      __managed: { ...(outputs["__managed"] as Values), cpuCores: 0.5 },
    };
    stage.emulator.addFault({
      path: "/services/validate",
      status: 200,
      body: { error: { message: "No." } },
    } as never);
    fresh();
    expect(await stage.provider.diff(id, refreshed, inputs)).toEqual({});
    expect(said()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^warning: RefusedByService: .*No\./)]),
    );
  });

  it("says that it was deleted outside Pulumi, or claimed by another program", async () => {
    await start();
    const { answer } = await drifted({}, [
      { op: "add", path: "/properties/pulumi-claim-1", value: "t 2026-11-24 acme/risk/prod" },
    ]);
    await answer();
    expect(said()).toEqual([
      expect.stringMatching(/^warning: Another program .*acme\/risk\/prod.*destroy leaves it/),
    ]);
    await stage.close();
    await start();
    const gone = await drifted({}, []);
    await stage.call("DELETE", "/services/fraud");
    stage.clock.advance(60_000);
    await gone.answer();
    expect(said()).toEqual([expect.stringMatching(/^warning: ServiceGone: .*pulumi refresh/)]);
  });
});

describe("what this run itself has written", () => {
  it("is not judged by the list from before", async () => {
    await start();
    const { id, outputs, inputs } = await stage.create({ numReplicas: 3 });
    fresh();
    expect(await stage.provider.diff(id, outputs, inputs)).toEqual({ changes: false });
    await stage.provider.delete(id, outputs);
    expect(await check()).toEqual([]);
    expect(said()).toEqual([]);
  });
});

describe("what cannot be asked is one warning and never a failure", () => {
  const forty = Array.from({ length: 40 }, (_, n) => ({ serviceName: `svc-${n}`, __urn: urnOf(`svc-${n}`) }));

  it("asks one list for forty services, and validates each", async () => {
    await start();
    for (const one of forty) expect(await check(one)).toEqual([]);
    const lists = stage.requests().filter((request) => request.startsWith("GET"));
    expect([lists, stage.requests().length]).toEqual([["GET /services"], 81]);
  });

  it.each<[string, StageOptions, RegExp]>([
    ["no credential", { env: { AZUREML_ACCESS_TOKEN: "wrong" } }, /Unauthorized|CredentialRefused/],
    [
      "a workspace that hangs",
      {
        network: (clock, network) => async (request) => {
          if (!/\/services/.test(request.url)) return network(request);
          clock.advance(61_000);
          return new Promise(() => undefined);
        },
      },
      /TimedOut/,
    ],
    [
      "a workspace that cannot be reached",
      { env: { AZUREML_DISCOVERY_URL: "http://127.0.0.1:1/discovery" } },
      /Unreachable|DiscoveryFailed/,
    ],
  ])("%s", async (_, options, expected) => {
    await start(options);
    for (const one of forty.slice(0, 5)) expect(await check(one)).toEqual([]);
    expect(said()).toEqual([expect.stringMatching(/^warning: LivePreviewUnavailable: /)]);
    expect(said()[0]).toMatch(expected);
  });

  it("a list that is forbidden", async () => {
    await start();
    stage.emulator.addFault({ method: "GET", path: "/services", status: 403 } as never);
    for (const one of forty.slice(0, 5)) expect(await check(one)).toEqual([]);
    expect(said()).toEqual([expect.stringMatching(/^warning: LivePreviewUnavailable: .*Forbidden/)]);
  });

  it("a validation that hangs takes 60 s of a run at most, all resources together", async () => {
    await start({
      network: (clock, network) => async (request) => {
        if (!/\/validate/.test(request.url)) return network(request);
        // A hanging answer: the alarm of the deadline rings.
        clock.advance(31_000);
        return new Promise(() => undefined);
      },
    });
    const before = stage.clock.now();
    for (const one of forty) expect(await check(one)).toEqual([]);
    expect(stage.clock.now() - before).toBeLessThan(70_000);
    expect(said()).toEqual([
      expect.stringMatching(/^warning: ValidationSkipped: .*TimedOut/),
      expect.stringMatching(/^warning: ValidationSkipped: .*60 s a run/),
    ]);
  });
});

describe("an open endpoint", () => {
  const OPEN =
    "warning: Anyone who can reach the scoring URI may call it: both key and token authentication are off.";

  it("is warned of in each preview that makes it so, without the option too", async () => {
    await start({ config: {} });
    await check({ authEnabled: false });
    await check({ authEnabled: false });
    expect(said()).toEqual([OPEN, OPEN]);
    const { answer } = await drifted({}, [], { authEnabled: false });
    await answer();
    expect(said()).toEqual([OPEN]);
  });

  it.each([
    {},
    { authEnabled: true },
    { authEnabled: false, tokenAuthEnabled: true },
    { authEnabled: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
  ])("is not %j", async (settings) => {
    await start({ config: {} });
    await check(settings);
    expect(said()).toEqual([]);
  });
});
