import recorded from "../../contract/cases.json";
import { InitFailed, withoutSecrets, type Values } from "../host";
import { startWorkspace, type TestWorkspace } from "../workspace";
import { callWorkspace } from "../../harness/workspace";

jest.setTimeout(60_000);

const migrateTo = { computeTargetName: "k8s-a", acknowledgeIrreversible: true };

describe("a migration through the host", () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await startWorkspace();
  });
  afterAll(() => workspace.close());
  afterEach(() => workspace.emulator.clearFaults());

  const deployed = async (name: string) => {
    const inputs = await workspace.checked({ serviceName: name, computeTargetName: "aks", models: ["m:1"] });
    const { id, outputs } = await workspace.host.create(inputs);
    const wanted = await workspace.checked({ ...inputs, migrateTo }, inputs);
    workspace.emulator.clearRequests();
    return { id, inputs, outputs, wanted };
  };
  const posts = () => workspace.sent("POST", /\/services\/migrate$/);
  const patches = () => workspace.sent("PATCH", /./);

  it("says at preview what will happen, without a request", async () => {
    const { host, emulator } = workspace;
    const { id, outputs, wanted } = await deployed("previewed");
    host.clearLines();
    expect(await host.diff(id, outputs, wanted)).toEqual({
      changes: "unknown",
      replaces: [],
      deleteBeforeReplace: false,
    });
    expect(host.lines()).toEqual([
      expect.objectContaining({
        severity: "warning",
        text: expect.stringMatching(/"k8s-a".*CANNOT BE UNDONE/) as string,
      }),
    ]);
    expect(emulator.requests()).toEqual([]);
  });

  it("sends what the Python client sends, follows the operation, and keeps the keys", async () => {
    const { host, emulator } = workspace;
    const { id, outputs, wanted } = await deployed("moved");
    const updated = await host.update(id, outputs, wanted);
    const one = recorded.find(({ name }) => name === "migrate")!;
    const [{ body }] = one.requests.filter(({ path }) => path.endsWith("/migrate")) as unknown as [
      { body: unknown },
    ];
    const asRecorded = JSON.parse(
      JSON.stringify(body).replace("svc-a", "moved").replace("{workspace}", emulator.workspaceId),
    ) as unknown;
    expect(posts()).toEqual([asRecorded]);
    expect(patches()).toEqual([]);
    expect(withoutSecrets(updated)).toMatchObject({
      state: "Migrated",
      migrateTo,
      primaryKey: (withoutSecrets(outputs) as Values)["primaryKey"],
    });
  });

  it("is none afterwards, also after a refresh, and refuses changes with the next step", async () => {
    const { host, emulator } = workspace;
    const { id, outputs, wanted } = await deployed("left");
    const updated = await host.update(id, outputs, wanted);
    const refreshed = await host.read(id, updated);
    emulator.clearRequests();
    for (const live of [updated, refreshed.outputs])
      expect((await host.diff(id, live, wanted)).changes).toBe("none");
    const changed = await workspace.checked({ ...wanted, cpuCores: 2 }, wanted);
    await expect(host.diff(id, refreshed.outputs, changed)).rejects.toThrow(
      /Immutable: cpuCores .*migrated.*pulumi state delete/,
    );
    expect(emulator.requests()).toEqual([]);
  });

  it("keeps the service in the state when it fails, and tries again", async () => {
    const { host, emulator } = workspace;
    const { id, outputs, wanted } = await deployed("failing");
    emulator.addFault({ path: "services/migrate", operation: { outcome: "failed" } });
    const failed = await host.update(id, outputs, wanted).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(InitFailed);
    expect((failed as Error).message).toMatch(
      /^MigrationFailed: the migration of "failing" \(operation .*\) ended Failed; the service is Healthy[^]*Remove migrateTo to stay/,
    );
    const { properties } = failed as InitFailed;
    expect(properties).toMatchObject({ state: "Healthy" });
    expect((await host.diff(id, properties, wanted)).changes).not.toBe("none");
    expect(await host.update(id, properties, wanted)).toMatchObject({ state: "Migrated" });
    expect(posts()).toHaveLength(2);
  });

  /** As another hand, or a run that was killed, begins it. */
  const beginElsewhere = async (name: string) => {
    const { emulator } = workspace;
    const answer = await callWorkspace(emulator, "POST", "/services/migrate", {
      serviceName: name,
      computeTarget: `${emulator.workspaceId}/computes/k8s-a`,
    });
    expect(answer.status).toBe(202);
    workspace.emulator.clearRequests();
  };

  it("goes on with a migration that an interrupted run has begun, and begins no second one", async () => {
    const { host } = workspace;
    const { id, outputs, wanted } = await deployed("interrupted");
    await beginElsewhere("interrupted");
    expect(await host.update(id, outputs, wanted)).toMatchObject({ state: "Migrated" });
    expect(posts()).toEqual([]);
  });

  it("refuses a change of a service that another hand has migrated since, and does not drop it in silence", async () => {
    const { host } = workspace;
    const { id, inputs, outputs } = await deployed("elsewhere");
    await beginElsewhere("elsewhere");
    await host.read(id, outputs);
    expect((await host.read(id, outputs)).outputs).toMatchObject({ state: "Migrated" });
    const changed = await workspace.checked({ ...inputs, cpuCores: 2 }, inputs);
    await expect(host.update(id, outputs, changed)).rejects.toThrow(/^Migrated: the service "elsewhere"/);
    expect(patches()).toEqual([]);
  });

  it("needs no repair after a failure, once another hand has migrated it", async () => {
    const { host, emulator } = workspace;
    const { id, outputs, wanted } = await deployed("helped");
    emulator.addFault({ path: "services/migrate", operation: { outcome: "failed" } });
    const failed = await host.update(id, outputs, wanted).catch((error: unknown) => error as InitFailed);
    await beginElsewhere("helped");
    const { outputs: refreshed } = await host.read(id, (failed as InitFailed).properties);
    const { outputs: settled } = await host.read(id, refreshed);
    expect(settled).toMatchObject({ state: "Migrated" });
    expect((await host.diff(id, settled, wanted)).changes).toBe("none");
  });

  it("leaves keys as they were known, since the old API may not tell them any more", async () => {
    const { host, emulator } = workspace;
    const { id, outputs, wanted } = await deployed("keyed");
    const updated = await host.update(id, outputs, wanted);
    emulator.clearRequests();
    const { outputs: refreshed } = await host.read(id, updated);
    expect(workspace.sent("POST", /listkeys/)).toEqual([]);
    expect(refreshed["primaryKey"]).toEqual(outputs["primaryKey"]);
  });

  it.each([
    [404, "the route is gone"],
    [410, "the service has been retired"],
  ])("says so when Azure answers %i, and nothing has changed", async (status, message) => {
    const { host, emulator } = workspace;
    const name = `retired-${status}`;
    const { id, outputs, wanted } = await deployed(name);
    emulator.addFault({ path: "services/migrate", status, body: { code: "Gone", message } });
    const failed = await host.update(id, outputs, wanted).catch((error: unknown) => error);
    expect(failed).not.toBeInstanceOf(InitFailed);
    expect((failed as Error).message).toMatch(
      new RegExp(`migrate service "${name}"[^]*${message}[^]*Azure may have ended`),
    );
    expect((await host.read(id, outputs)).outputs).toMatchObject({ state: "Healthy" });
  });

  it("asks nothing of a service that is not Healthy", async () => {
    const { host, emulator } = workspace;
    const { id, outputs, wanted } = await deployed("ill");
    const url = `${emulator.url}/modelmanagement/v1.0${emulator.workspaceId}/services/ill`;
    emulator.addFault({
      method: "GET",
      path: "/services/ill$",
      status: 200,
      body: await unhealthy(url, emulator.accessToken),
    });
    await expect(host.update(id, outputs, wanted)).rejects.toThrow(/NotHealthy: "ill" must be Healthy/);
    expect(posts()).toEqual([]);
  });

  it.each<[string, Values]>([
    ["adopted", { adopt: true }],
    ["deployed over by the resource that made it, when its state was lost", {}],
  ])("is not %s", async (_, more) => {
    const { host } = workspace;
    const name = more["adopt"] ? "adopted" : "lost";
    const inputs = await workspace.checked({
      ...{ serviceName: name, computeTargetName: "aks", models: ["m:1"] },
      __createdBy: "0123456789abcdef",
    });
    const { id, outputs } = await host.create(inputs);
    await host.update(id, outputs, await workspace.checked({ ...inputs, migrateTo }, inputs));
    const again = await workspace.checked({ ...inputs, ...more });
    await expect(host.create(again)).rejects.toThrow(new RegExp(`^Migrated: the service "${name}"`));
    expect((await host.read(id, outputs)).outputs).toMatchObject({ state: "Migrated" });
  });
});

const unhealthy = async (url: string, token: string): Promise<unknown> => {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  return { ...((await answer.json()) as object), state: "Unhealthy" };
};
