import { InitFailed, withoutSecrets, type Values } from "../host";
import { startWorkspace, type TestWorkspace } from "../workspace";

jest.setTimeout(60_000);

const URN = "urn:pulumi:prod::ml::pulumi-nodejs:dynamic/azureml:AksWebservice::fraud";

let workspace: TestWorkspace;
let count = 0;
beforeAll(async () => {
  workspace = await startWorkspace();
});
afterAll(() => workspace.close());

const replace = (path: string, value: unknown) => ({ op: "replace", path, value });

/** A resource as the engine keeps it: the inputs of the last `up` or refresh, and its outputs. */
const deploy = async (more: Values) => {
  const { host, emulator, checked, sent } = workspace;
  const least = {
    serviceName: `previewed-${++count}`,
    computeTargetName: "aks",
    models: ["fraud:1"],
    __urn: URN,
    __createdBy: "a-program",
  };
  let inputs = await checked({ ...least, ...more });
  const made = await host.create(inputs);
  let outputs = made.outputs;
  const urlOf = `${emulator.url}/modelmanagement/v1.0${emulator.workspaceId}/services/${least.serviceName}`;
  const headers = { Authorization: `Bearer ${emulator.accessToken}` };
  const planned = async (program: Values) => {
    const news = await checked({ ...least, ...program }, inputs);
    host.clearLines();
    const diff = await host.diff(made.id, outputs, news);
    return { news, diff, lines: host.lines().map(({ text }) => text) };
  };
  return {
    preview: planned,
    /** What an `up` of this program sends, and says besides the preview. */
    up: async (program: Values) => {
      const { news, diff, lines } = await planned(program);
      host.clearLines();
      emulator.clearRequests();
      if (diff.changes !== "none") {
        try {
          outputs = await host.update(made.id, outputs, news);
          inputs = news;
        } catch (error) {
          if (!(error instanceof InitFailed)) throw error;
          outputs = error.properties;
          return { sent: sent("PATCH", /./), lines, said: [], failed: error };
        }
      } else inputs = news;
      const said = host
        .lines()
        .filter(({ ephemeral }) => !ephemeral)
        .map(({ text }) => text);
      return { sent: sent("PATCH", /./), lines, said };
    },
    refresh: async () => {
      const read = await host.read(made.id, outputs);
      outputs = read.outputs;
      inputs = withoutSecrets(read.inputs) as Values;
      return inputs;
    },
    edit: async (...operations: readonly object[]) => {
      const response = await fetch(urlOf, {
        method: "PATCH",
        headers: { ...headers, "Content-Type": "application/json-patch+json" },
        body: JSON.stringify(operations),
      });
      expect(response.ok).toBe(true);
    },
    live: async () => (await (await fetch(urlOf, { headers })).json()) as Values,
    outputs: () => withoutSecrets(outputs) as Values,
    forget: (name: string) =>
      void (outputs = Object.fromEntries(Object.entries(outputs).filter(([key]) => key !== name))),
  };
};

const numReplicasLeft =
  "fraud: numReplicas is 8 on the live service, the program says 3; `pulumi refresh` shows it, `pulumi up` then heals it.";

describe("what another hand changed meanwhile", () => {
  it("stays beside a change of the program, is named, and heals after a refresh", async () => {
    const service = await deploy({ numReplicas: 3, tags: { a: "1" } });
    await service.edit(replace("/numReplicas", 8));
    const program = { numReplicas: 3, tags: { a: "2" } };
    const up = await service.up(program);
    expect(up.sent).toEqual([[replace("/kvTags", { a: "2" })]]);
    expect(up.said).toContain(numReplicasLeft);
    expect(await service.live()).toMatchObject({ numReplicas: 8 });
    expect(service.outputs()).toMatchObject({ numReplicas: 3, tags: { a: "2" } });
    expect((await service.up(program)).sent).toEqual([]);

    await service.refresh();
    expect((await service.up(program)).sent).toEqual([[replace("/numReplicas", 3)]]);
  });

  it("stays over many runs with ignoreChanges, with a refresh between and without", async () => {
    const service = await deploy({ numReplicas: 3 });
    await service.edit(replace("/numReplicas", 8));
    const ignoring = { numReplicas: 3, __ignoreChanges: ["numReplicas"] };
    for (const cpuCores of [0.2, 0.3, 0.4]) {
      const up = await service.up({ ...ignoring, cpuCores });
      expect(up.sent).toEqual([[replace("/containerResourceRequirements/cpu", cpuCores)]]);
      expect(up.said).toEqual([]);
    }
    // The engine fills an ignored input from the old ones, which a refresh has renewed.
    expect(await service.refresh()).toMatchObject({ numReplicas: 8 });
    const refreshed = { ...ignoring, numReplicas: 8 };
    expect((await service.up({ ...refreshed, cpuCores: 0.4 })).sent).toEqual([]);
    expect((await service.up({ ...refreshed, cpuCores: 0.5 })).sent).toEqual([
      [replace("/containerResourceRequirements/cpu", 0.5)],
    ]);
    expect(await service.live()).toMatchObject({ numReplicas: 8 });
  });

  it("is left to others under ignoreChanges, with what it implies", async () => {
    const service = await deploy({ numReplicas: 2 });
    await service.edit(replace("/autoScaler/autoscaleEnabled", true));
    const ignoring = { numReplicas: 2, __ignoreChanges: ["numReplicas"] };
    const up = await service.up({ ...ignoring, cpuCores: 0.3 });
    expect({ sent: up.sent, said: up.said }).toEqual({
      sent: [[replace("/containerResourceRequirements/cpu", 0.3)]],
      said: [],
    });
    await service.refresh();
    expect((await service.up({ ...ignoring, cpuCores: 0.4 })).sent).toEqual([
      [replace("/containerResourceRequirements/cpu", 0.4)],
    ]);
    expect(await service.live()).toMatchObject({ autoScaler: { autoscaleEnabled: true } });
  });

  it("is named where the program changes it too", async () => {
    const service = await deploy({ cpuCores: 0.5, tags: { a: "1", b: "2" } });
    await service.edit(
      replace("/containerResourceRequirements/cpu", 2),
      replace("/kvTags", { a: "1", b: "bob" }),
    );
    const up = await service.up({ cpuCores: 0.6, tags: { a: "1", b: "2", c: "3" } });
    expect(up.said).toEqual([
      "fraud: cpuCores was changed to 2 on the live service since the last run; 0.6 takes its place.",
      'fraud: tags.b was changed to "bob" on the live service since the last run; "2" takes its place.',
    ]);
  });

  it("is not sent again where it is what the program wants by now", async () => {
    const service = await deploy({ cpuCores: 0.2, description: "a" });
    await service.edit(replace("/description", "b"));
    expect((await service.up({ cpuCores: 0.3, description: "b" })).sent).toEqual([
      [replace("/containerResourceRequirements/cpu", 0.3)],
    ]);
    expect(service.outputs()).toMatchObject({ description: "b" });
  });

  it("keeps an update from changing what excludes it", async () => {
    const service = await deploy({ numReplicas: 3 });
    await service.edit(replace("/autoScaler/autoscaleEnabled", true));
    await expect(service.up({ numReplicas: 4 })).rejects.toThrow(
      "ChangedMeanwhile: numReplicas cannot be changed alone, as the preview showed: on the live service autoscaleEnabled is true",
    );
    await service.refresh();
    expect((await service.up({ numReplicas: 4 })).sent).toEqual([
      [replace("/autoScaler/autoscaleEnabled", false), replace("/numReplicas", 4)],
    ]);
  });

  it("stays where a switch excludes what the program says, whatever is sent beside it", async () => {
    const service = await deploy({ numReplicas: 3 });
    await service.edit(replace("/autoScaler/autoscaleEnabled", true));
    const program = { numReplicas: 3, cpuCores: 0.2 };
    const up = await service.up(program);
    expect(up.sent).toEqual([[replace("/containerResourceRequirements/cpu", 0.2)]]);
    expect(up.said.join()).toContain("autoscaleEnabled is true on the live service, the program says false");
    expect((await service.preview(program)).diff.changes).toBe("none");
  });
});

describe("tags", () => {
  it("of other hands stay beside a change of another setting, and are named where their map is replaced", async () => {
    const service = await deploy({ tags: { a: "1" }, memoryGb: 1 });
    await service.edit(replace("/kvTags", { a: "1", z: "9" }));
    const memory = await service.up({ tags: { a: "1" }, memoryGb: 2 });
    expect(memory.sent).toEqual([[replace("/containerResourceRequirements/memoryInGB", 2)]]);
    expect(await service.live()).toMatchObject({ kvTags: { a: "1", z: "9" } });
    const tags = await service.up({ tags: { a: "2" }, memoryGb: 2 });
    expect(tags.sent).toEqual([[replace("/kvTags", { a: "2" })]]);
    expect(tags.said).toEqual(['fraud: tags replaces the whole map; live entries that go: z: "9".']);
  });

  it("are never emptied by ignoreChanges of one entry, which keeps its live value", async () => {
    const service = await deploy({});
    await service.edit(replace("/kvTags", { x: "1", y: "2" }));
    await service.refresh();
    // What the engine makes of `tags: { a: "1" }` where the old inputs have none.
    const emptied = await service.up({ tags: {}, __ignoreChanges: ["tags.a"] });
    expect(emptied.sent).toEqual([]);
    expect(emptied.lines).toEqual([
      "fraud: tags stays as it is: ignoreChanges names every entry of it that the program gives.",
    ]);
    expect((await service.up({ tags: {}, __ignoreChanges: ["tags.a"] })).sent).toEqual([]);
    await service.edit(replace("/kvTags", { x: "1", a: "other's" }));
    expect((await service.up({ tags: { b: "1" }, __ignoreChanges: ["tags.a"] })).sent).toEqual([
      [replace("/kvTags", { b: "1", a: "other's" })],
    ]);
  });
});

describe("an update that did not finish", () => {
  const failing = async () => {
    const service = await deploy({ cpuCores: 0.2, description: "a" });
    workspace.emulator.addFault({ method: "PATCH", operation: { outcome: "failed" } });
    const { failed } = await service.up({ cpuCores: 0.3, description: "a" });
    expect(failed?.properties).toMatchObject({ __sending: ["cpuCores"], __unfinished: true });
    return service;
  };

  it("goes on with what it was sending and the new difference, and leaves the rest alone", async () => {
    const service = await failing();
    await service.edit(replace("/description", "b"), replace("/containerResourceRequirements/cpu", 0.1));
    const up = await service.up({ cpuCores: 0.3, description: "a", memoryGb: 2 });
    expect(up.lines).toEqual([
      "fraud: The last run did not finish: what it was sending is sent where it is not live yet (cpuCores); " +
        "new in this one: memoryGb.",
    ]);
    expect(up.sent).toEqual([
      [
        replace("/containerResourceRequirements/cpu", 0.3),
        replace("/containerResourceRequirements/memoryInGB", 2),
      ],
    ]);
    expect(up.said.join()).toContain('description is "b" on the live service, the program says "a"');
    expect(service.outputs()).not.toHaveProperty("__sending");
  });

  it("is compared with the live service whole where an earlier version left it", async () => {
    const service = await failing();
    service.forget("__sending");
    await service.edit(replace("/description", "b"));
    const up = await service.up({ cpuCores: 0.3, description: "a" });
    expect(up.lines).toEqual([
      "fraud: The last run did not finish: this one sends every setting of the program that is not live yet.",
    ]);
    expect(up.sent).toEqual([[replace("/description", "a")]]);
  });

  it("posts its definition again with the live values of what it leaves alone", async () => {
    const service = await failing();
    workspace.emulator.clearRequests();
    const up = await service.up({ cpuCores: 0.3, description: "a" });
    expect(up.sent).toEqual([]);
    expect(workspace.sent("POST", /services$/)).toMatchObject([{ overwrite: true, description: "a" }]);
    expect(await service.live()).toMatchObject({ state: "Healthy" });
  });
});
