import { isSecret, withoutSecrets, type Values } from "../host";
import { startWorkspace, type TestWorkspace } from "../workspace";
import type { Operation } from "./table";

jest.setTimeout(60_000);

const URN = "urn:pulumi:prod::ml::pulumi-nodejs:dynamic/azureml:AksWebservice::fraud";
const OPEN = "Anyone who can reach the scoring URI may call it: both key and token authentication are off.";

let workspace: TestWorkspace;
let count = 0;
beforeAll(async () => {
  workspace = await startWorkspace();
});
afterAll(() => workspace.close());

const least = () => ({
  serviceName: `together-${++count}`,
  computeTargetName: "aks",
  models: ["fraud:1"],
  __urn: URN,
});

const create = async (more: Values) => {
  const base = least();
  const inputs = await workspace.checked({ ...base, ...more });
  return { base, inputs, ...(await workspace.host.create(inputs)) };
};

/** The patch, the diff and the outputs when a program goes on to say something else. */
const change = async (made: Awaited<ReturnType<typeof create>>, more: Values) => {
  const { host, emulator } = workspace;
  const news = await workspace.checked({ ...made.base, ...more }, made.inputs);
  host.clearLines();
  const diff = await host.diff(made.id, made.outputs, news);
  const lines = host.lines().map(({ severity, text }) => `${severity}: ${text.replace(/^[\w-]+: /, "")}`);
  emulator.clearRequests();
  const outputs = await host.update(made.id, made.outputs, news);
  expect((await host.diff(made.id, outputs, news)).changes).toBe("none");
  return {
    made: { ...made, inputs: news, outputs },
    diff,
    lines,
    patch: workspace.sent("PATCH", /./),
    outputs: withoutSecrets(outputs) as Values,
  };
};

const replace = (path: string, value: unknown): Operation => ({ op: "replace", path, value });

describe("settings that concern each other", () => {
  it("autoscaling to a fixed count and back", async () => {
    const made = await create({ autoscaleMaxReplicas: 4 });
    const fixed = await change(made, { numReplicas: 3 });
    expect(fixed.patch).toEqual([
      [replace("/autoScaler/autoscaleEnabled", false), replace("/numReplicas", 3)],
    ]);
    expect(fixed.lines).toEqual([
      "info: autoscaleMaxReplicas is no longer managed; 4 stays.",
      "info: autoscaleEnabled true → false follows from the program's other settings.",
    ]);
    const back = await change(fixed.made, { autoscaleMinReplicas: 2 });
    expect(back.patch).toEqual([
      [replace("/autoScaler/autoscaleEnabled", true), replace("/autoScaler/minReplicas", 2)],
    ]);
    expect(back.outputs).toMatchObject({
      autoscaleEnabled: true,
      autoscaleMinReplicas: 2,
      autoscaleMaxReplicas: 4,
    });
  });

  it("key to token authentication and back", async () => {
    const made = await create({});
    expect(withoutSecrets(made.outputs)).toMatchObject({
      authEnabled: true,
      primaryKey: expect.any(String) as string,
    });
    const token = await change(made, { tokenAuthEnabled: true });
    expect(token.patch).toEqual([[replace("/authEnabled", false), replace("/aadAuthEnabled", true)]]);
    const key = await change(token.made, { tokenAuthEnabled: false });
    expect(key.patch).toEqual([[replace("/authEnabled", true), replace("/aadAuthEnabled", false)]]);
    expect([token.lines, key.lines]).toEqual([
      ["info: authEnabled true → false follows from the program's other settings."],
      ["info: authEnabled false → true follows from the program's other settings."],
    ]);
  });

  it("an endpoint that opens says so, once", async () => {
    const made = await create({});
    const open = await change(made, { authEnabled: false });
    expect(open.patch).toEqual([[replace("/authEnabled", false)]]);
    expect(open.lines).toEqual([`warning: ${OPEN}`]);
    expect((await change(open.made, { authEnabled: false, cpuCores: 1 })).lines).toEqual([]);
  });

  it("a key given where only tokens are taken is no difference, and is set with key authentication", async () => {
    const made = await create({ tokenAuthEnabled: true, primaryKey: "a-key-for-later" });
    const again = await workspace.checked(
      { ...made.base, tokenAuthEnabled: true, primaryKey: "a-key-for-later" },
      made.inputs,
    );
    expect((await workspace.host.diff(made.id, made.outputs, again)).changes).toBe("none");
    const back = await change(made, { authEnabled: true, primaryKey: "a-key-for-later" });
    expect(back.outputs).toMatchObject({
      authEnabled: true,
      tokenAuthEnabled: false,
      primaryKey: "a-key-for-later",
    });
  });

  it("request and limit rise and fall in one patch", async () => {
    const made = await create({ cpuCores: 1, cpuCoresLimit: 1, memoryGb: 1, memoryGbLimit: 1 });
    const resources = (cpu: number, memory: number) => [
      replace("/containerResourceRequirements/cpu", cpu),
      replace("/containerResourceRequirements/cpuLimit", cpu),
      replace("/containerResourceRequirements/memoryInGB", memory),
      replace("/containerResourceRequirements/memoryInGBLimit", memory),
    ];
    const up = await change(made, { cpuCores: 4, cpuCoresLimit: 4, memoryGb: 8, memoryGbLimit: 8 });
    const down = await change(up.made, {
      cpuCores: 0.2,
      cpuCoresLimit: 0.2,
      memoryGb: 0.5,
      memoryGbLimit: 0.5,
    });
    expect([up.patch, down.patch]).toEqual([[resources(4, 8)], [resources(0.2, 0.5)]]);
  });

  it("a request above the limit that is live is refused before anything is sent", async () => {
    const made = await create({ cpuCores: 1, cpuCoresLimit: 2 });
    const news = await workspace.checked({ ...made.base, cpuCores: 3 }, made.inputs);
    workspace.emulator.clearRequests();
    await expect(workspace.host.diff(made.id, made.outputs, news)).rejects.toThrow(
      "OutOfRange: cpuCoresLimit must be at least cpuCores, which is 3; found 2 (number). Raise cpuCoresLimit or lower cpuCores; both can change in one update.",
    );
    expect(workspace.emulator.requests()).toEqual([]);
  });

  it("a setting taken out of the program sends nothing and says what stays", async () => {
    const made = await create({ cpuCores: 0.5, tags: { a: "1" }, properties: { team: "risk" } });
    const out = await change(made, {});
    expect(workspace.emulator.requests()).toEqual([]);
    expect(out.lines).toEqual([
      "info: cpuCores is no longer managed; 0.5 stays.",
      'info: tags is no longer managed; { a: "1" } stays.',
      'info: properties.team is no longer managed; "risk" stays.',
    ]);
    expect(out.outputs).toMatchObject({ cpuCores: 0.5, tags: { a: "1" }, properties: { team: "risk" } });
  });

  it("a property's value is refused at check, and replaces with leave", async () => {
    const made = await create({ properties: { release: "1" } });
    const changed = { ...made.base, properties: { release: "2" } };
    const { failures } = await workspace.host.check(made.inputs, changed);
    expect(failures.map(({ property }) => property)).toEqual(["properties.release"]);
    const leave = await workspace.checked({ ...changed, replaceOnPropertyChange: true }, made.inputs);
    workspace.host.clearLines();
    expect(await workspace.host.diff(made.id, made.outputs, leave)).toEqual({
      changes: "unknown",
      replaces: ["properties"],
      deleteBeforeReplace: true,
    });
    expect(workspace.host.lines()).toMatchObject([
      {
        urn: URN,
        severity: "warning",
        ephemeral: false,
        text:
          'fraud: Replaced because of properties.release "1" → "2": the old service is deleted first, so scoring is down until the new one is Healthy; generated keys change.\n' +
          "The new service will lack what is live and not in the program; write into it what shall stay:\n" +
          '  namespace: "azureml-ws-emulated",',
      },
    ]);
  });
});

describe("what a program gives as a secret", () => {
  const HIDDEN = "a-hidden-value";
  const given = {
    tags: { token: HIDDEN },
    properties: { p: HIDDEN },
    primaryKey: `${HIDDEN}-key`,
    __secrets: ["tags", "properties"],
  };

  it("is a secret wherever the provider hands it back", async () => {
    const made = await create(given);
    const read = await workspace.host.read(made.id, made.outputs);
    const updated = (await change(made, { ...given, cpuCores: 1 })).made.outputs;
    const recorded = (await change(made, { ...given, adopt: true })).made.outputs;
    for (const values of [made.outputs, read.outputs, read.inputs!, updated, recorded]) {
      const shown = Object.entries(values).filter(([, value]) => !isSecret(value));
      expect(JSON.stringify(shown)).not.toContain(HIDDEN);
      expect(JSON.stringify(withoutSecrets(values))).toContain(HIDDEN);
    }
    expect(withoutSecrets(read.inputs)).toEqual(made.inputs);
  });

  it("is in no message of a refusal", async () => {
    const made = await create(given);
    const { failures } = await workspace.host.check(made.inputs, {
      ...made.inputs,
      properties: { p: `${HIDDEN}-2` },
      primaryKey: [HIDDEN],
    });
    expect(failures.length).toBe(2);
    expect(JSON.stringify(failures)).not.toContain(HIDDEN);
    expect(workspace.host.printed()).not.toContain(HIDDEN);
  });
});
