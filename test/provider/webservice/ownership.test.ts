import { ResourceInitFailed } from "../../../provider/host/init-failed";
import { failure, initError, plainValues, startStage, STAMP, URN, type Stage, type Values } from "./stage";

jest.setTimeout(30_000);

const MINUTE = 60_000;
let stage: Stage;
beforeEach(async () => {
  stage = await startStage({ operationTime: 50 });
});
afterEach(() => stage.close());

/** What one program's state holds of the service. */
interface State {
  readonly id: string;
  readonly outputs: Values;
  readonly inputs: Values;
}

/** Hidden inputs of the same program in the stacks of two teams. */
const A: Values = { __createdBy: "aaaaaaaaaaaaaaaa", __stack: "acme/shop/a" };
const B: Values = { __createdBy: "bbbbbbbbbbbbbbbb", __stack: "acme/shop/b" };

const create = (news: Values): Promise<State> => stage.create(news);
const up = async (state: State, news: Values): Promise<State> => {
  const inputs = await stage.inputs(news, state.inputs);
  return { id: state.id, inputs, outputs: await stage.update(state.id, state.outputs, inputs) };
};
const refresh = async (state: State): Promise<State> => {
  const { props } = await stage.provider.read(state.id, state.outputs);
  return { ...state, outputs: plainValues(props!) };
};
const destroy = ({ id, outputs }: State): Promise<void> => stage.provider.delete(id, outputs);
const isLive = async (): Promise<boolean> => (await stage.call("GET", "/services/fraud")).status === 200;
const properties = async (): Promise<Values> => (await stage.document())["properties"] as Values;
const warnings = () => stage.lines.filter(({ severity }) => severity === "warning").map(({ text }) => text);
const writes = () => stage.requests().filter((request) => /^(PATCH|DELETE|POST \/services$)/.test(request));

const byPython = async (more: Values = {}): Promise<void> => {
  const body = {
    name: "fraud",
    computeType: "AKS",
    computeName: "aks-prod",
    environmentImageRequest: { modelIds: ["fraud:7"] },
    kvTags: {},
    properties: { team: "risk" },
    ...more,
  };
  expect((await stage.call("POST", "/services", body)).status).toBe(202);
  stage.clock.advance(MINUTE);
  stage.emulator.clearRequests();
};

describe("delete", () => {
  it("leaves what another program has claimed since, and says whose it is", async () => {
    const a = await create(A);
    const b = await create({ ...B, adopt: true });
    await destroy(a);
    expect(await isLive()).toBe(true);
    expect(warnings().at(-1)).toMatch(
      /^"fraud" was not deleted and stays as it is, since it belongs to acme\/shop\/b since \S+ \(property pulumi-claim-1\)\. Delete it with the program that owns it\.$/,
    );
    await destroy(b);
    expect(await isLive()).toBe(false);
  });

  it("leaves what no program made, and says how to delete it", async () => {
    await byPython();
    const a = await create({ ...A, adopt: true });
    expect(writes()).toEqual([]);
    await destroy(a);
    expect(await isLive()).toBe(true);
    expect(warnings().at(-1)).toMatch(
      /since it was neither made nor claimed by a Pulumi program\. To delete it too, set `deleteAdopted: true` and run `pulumi up` before/,
    );
  });

  it("removes what no program made once an `up` has recorded deleteAdopted", async () => {
    await byPython();
    const a = await create({ ...A, adopt: true });
    const recorded = await up(a, { ...A, adopt: true, deleteAdopted: true });
    expect(writes()).toEqual([]);
    await destroy(recorded);
    expect(await isLive()).toBe(false);
  });

  it("leaves another's also with deleteAdopted", async () => {
    await byPython();
    const a = await create({ ...A, adopt: true, deleteAdopted: true });
    const b = await create({ ...B, adopt: true, cpuCores: 0.5 });
    await destroy(a);
    expect(await isLive()).toBe(true);
    await destroy(b);
    expect(await isLive()).toBe(false);
  });

  it("leaves what the Python client has deployed anew, which erases every stamp", async () => {
    const a = await create(A);
    await byPython({ overwrite: true });
    await destroy(a);
    expect(await isLive()).toBe(true);
    expect(warnings().at(-1)).toContain("was neither made nor claimed by a Pulumi program");
  });

  it("leaves a service whose stamp or claims were edited by hand", async () => {
    for (const edited of [
      { "pulumi-created-by": "edited" },
      { "pulumi-created-by": `token-1.${STAMP}`, "pulumi-claim-1": "" },
      { "pulumi-claim-1": "token-1 then me", "pulumi-claim-01": "token-2 then you" },
    ]) {
      await byPython({ overwrite: true, properties: edited });
      const outputs = { __ownerToken: "token-1", deleteAdopted: true };
      await stage.provider.delete(`${stage.emulator.workspaceId}/services/fraud`, outputs);
      expect(await isLive()).toBe(true);
    }
  });
});

describe("an update", () => {
  it("of another's service is refused with both ways on, and sends nothing", async () => {
    const a = await create(A);
    await create({ ...B, adopt: true });
    stage.emulator.clearRequests();
    const error = await failure(up(a, { ...A, cpuCores: 0.5 }));
    expect(error).not.toBeInstanceOf(ResourceInitFailed);
    expect(error.message).toMatch(/^OwnedByAnother: the service "fraud" belongs to acme\/shop\/b since /);
    expect(error.message).toContain("Remove the resource from this program: the service stays");
    expect(error.message).toContain("set `adopt: true` and run `pulumi up`");
    expect(writes()).toEqual([]);
  });

  it("does not take a service back because `adopt: true` is still in the program", async () => {
    await byPython();
    const a = await create({ ...A, adopt: true, cpuCores: 0.3 });
    await create({ ...B, adopt: true, cpuCores: 0.3 });
    stage.emulator.clearRequests();
    const error = await failure(up(a, { ...A, adopt: true, cpuCores: 0.5 }));
    expect(error.message).toContain("remove `adopt: true` and run `pulumi up`, then set it again");
    expect(writes()).toEqual([]);
    const removed = await up(a, { ...A, cpuCores: 0.3 });
    const again = await up(removed, { ...A, adopt: true, cpuCores: 0.3 });
    expect(writes()).toEqual(["PATCH /services/fraud"]);
    await destroy(again);
    expect(await isLive()).toBe(false);
  });

  it("A, B, and A again: each owns it in its turn, and only the last deletes it", async () => {
    const a = await create(A);
    const b = await create({ ...B, adopt: true, tags: { by: "b" } });
    const again = await up(await refresh(a), { ...A, adopt: true });
    expect(await properties()).toEqual({
      "pulumi-created-by": "token-1.aaaaaaaaaaaaaaaa",
      "pulumi-claim-1": expect.stringMatching(/^token-2 \S+ acme\/shop\/b$/) as string,
      "pulumi-claim-2": expect.stringMatching(/^token-1 \S+ acme\/shop\/a$/) as string,
    });
    expect((await failure(up(b, { ...B, adopt: true, tags: { by: "b2" } }))).message).toContain(
      "acme/shop/a",
    );
    await destroy(b);
    expect(await isLive()).toBe(true);
    const changed = await up(again, { ...A, adopt: true, cpuCores: 0.5 });
    expect(changed.outputs).toMatchObject({ cpuCores: 0.5 });
    await destroy(changed);
    expect(await isLive()).toBe(false);
  });

  it("announces the claim in the line of a preview", async () => {
    const a = await create(A);
    await create({ ...B, adopt: true });
    const refreshed = await refresh(a);
    stage.lines.length = 0;
    await stage.provider.diff(a.id, refreshed.outputs, await stage.inputs({ ...A, adopt: true }, a.inputs));
    expect(stage.lines.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Takes the service over: it belongs to acme\/shop\/b .*pulumi-claim-2 is added/),
    ]);
  });

  it("claims a service that nobody owns with its first write, in the same request", async () => {
    await byPython();
    const a = await create({ ...A, adopt: true });
    const claimed = await up(a, { ...A, adopt: true, tags: { a: "1" } });
    expect(stage.bodies("PATCH", /./)).toEqual([
      [
        { op: "replace", path: "/kvTags", value: { a: "1" } },
        {
          op: "add",
          path: "/properties/pulumi-claim-1",
          value: expect.stringMatching(/^token-1 /) as string,
        },
      ],
    ]);
    await up(claimed, { ...A, adopt: true, tags: { a: "2" } });
    expect(stage.bodies("PATCH", /./)[1]).toEqual([{ op: "replace", path: "/kvTags", value: { a: "2" } }]);
  });

  it("claims its own service again after the Python client has erased the stamp", async () => {
    const a = await create(A);
    await byPython({ overwrite: true });
    const claimed = await up(a, { ...A, cpuCores: 0.5 });
    expect(await properties()).toMatchObject({
      "pulumi-claim-1": expect.stringMatching(/^token-1 /) as string,
    });
    await destroy(claimed);
    expect(await isLive()).toBe(false);
  });

  it("sees that another was faster, and says whose the service is", async () => {
    await byPython();
    const a = await create({ ...A, adopt: true });
    const b = await create({ ...B, adopt: true });
    const before = await stage.document();
    await up(b, { ...B, adopt: true, tags: { by: "b" } });
    stage.emulator.clearRequests();
    // A's read comes before the claim of B.
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", status: 200, body: before });
    const error = await failure(up(a, { ...A, adopt: true, tags: { by: "a" } }));
    expect(error).not.toBeInstanceOf(ResourceInitFailed);
    expect(error.message).toMatch(
      /^OwnedByAnother: the service "fraud" belongs to acme\/shop\/b since .*: that program was faster\. Nothing was changed\./,
    );
    expect((await stage.document())["kvTags"]).toEqual({ by: "b" });
  });

  it("of a service that can take no more properties says so", async () => {
    await byPython();
    const a = await create({ ...A, adopt: true });
    stage.emulator.addFault({
      method: "PATCH",
      status: 400,
      body: { code: "TooManyProperties", message: "at most 64 properties" },
    });
    const error = await failure(up(a, { ...A, adopt: true, tags: { a: "1" } }));
    expect(error).not.toBeInstanceOf(ResourceInitFailed);
    expect(error.message).toContain("at most 64 properties");
    expect(error.message).toContain("where it can take no more properties, leave it out of this program");
  });

  it("with 64 claims on the service adds the next one", async () => {
    const claims = Array.from({ length: 64 }, (_, at) => [
      `pulumi-claim-${at + 1}`,
      `t${at} then acme/shop/s${at}`,
    ]);
    await byPython({ properties: Object.fromEntries(claims) as Values });
    const a = await create({ ...A, adopt: true });
    expect(a.outputs["properties"]).toMatchObject({
      "pulumi-claim-65": expect.stringMatching(/^token-1 /) as string,
    });
    await destroy(a);
    expect(await isLive()).toBe(false);
  });

  it("is told that another took the service over while it was at work", async () => {
    const a = await create(A);
    const claim = { op: "add", path: "/properties/pulumi-claim-1", value: "another then acme/shop/c" };
    const live = await stage.document();
    const taken = {
      ...live,
      properties: { ...(live["properties"] as Values), "pulumi-claim-1": claim.value },
    };
    const inputs = await stage.inputs({ ...A, tags: { a: "1" } }, a.inputs);
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", status: 200, body: live });
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", times: 2, status: 200, body: taken });
    const error = await initError(stage.provider.update(a.id, a.outputs, inputs));
    expect(error.reasons[0]).toMatch(/^TakenOver: the service "fraud" belongs to acme\/shop\/c since then/);
  });
});

describe("repair", () => {
  const broken = async (news: Values): Promise<State> => {
    const state = await create({ ...A, adopt: true });
    stage.emulator.addFault({ method: "PATCH", operation: { outcome: "failed" } });
    const inputs = await stage.inputs({ ...A, adopt: true, ...news }, state.inputs);
    const error = await initError(stage.provider.update(state.id, state.outputs, inputs));
    return { id: state.id, inputs, outputs: plainValues({ ...error.properties }) };
  };

  it("posts an adopted service again after a failed update, and keeps every property", async () => {
    await byPython();
    const failed = await broken({ cpuCores: 0.5 });
    const repaired = await up(failed, failed.inputs);
    expect(repaired.outputs).toMatchObject({ state: "Healthy", cpuCores: 0.5 });
    expect(stage.bodies("POST", /\/services$/)).toEqual([expect.objectContaining({ overwrite: true })]);
    expect(await properties()).toEqual({
      team: "risk",
      "pulumi-claim-1": expect.stringMatching(/^token-1 /) as string,
    });
    await destroy(repaired);
    expect(await isLive()).toBe(false);
  });

  it("of a service that nobody owns any more claims it first", async () => {
    const failed = await broken({ cpuCores: 0.5 });
    stage.emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "failed" } });
    await byPython({ overwrite: true, containerResourceRequirements: { cpu: 0.5 } });
    const repaired = await up(failed, failed.inputs);
    expect(repaired.outputs).toMatchObject({ state: "Healthy" });
    expect(writes()).toEqual(["PATCH /services/fraud", "POST /services"]);
    expect(await properties()).toMatchObject({
      "pulumi-claim-1": expect.stringMatching(/^token-1 /) as string,
    });
  });
});

describe("two backends with equal names", () => {
  /** Both derive the same hash and the same name. */
  const twin: Values = { __createdBy: STAMP, __stack: "organization/shop/dev" };

  it.each([
    ["given keys", { primaryKey: "first-key", secondaryKey: "second-key" }],
    ["generated keys", {}],
  ])("hours apart, with %s: the second is refused, and deletes nothing", async (_, keys) => {
    const first = await create({ ...twin, ...keys });
    stage.clock.advance(120 * MINUTE);
    stage.emulator.clearRequests();
    const error = await failure(create({ ...twin, ...keys }));
    expect(error).not.toBeInstanceOf(ResourceInitFailed);
    expect(error.message).toMatch(
      /^NameTaken: .*made by a resource with this very name in a stack, project and organization of these names/,
    );
    expect(stage.requests().filter((request) => /^(PATCH|DELETE)/.test(request))).toEqual([]);
    expect(await refresh(first)).toMatchObject({ outputs: { primaryKey: first.outputs["primaryKey"] } });
  });

  it("seconds apart with other keys: the second is refused", async () => {
    await create({ ...twin, primaryKey: "first-key", secondaryKey: "second-key" });
    const error = await failure(create({ ...twin, primaryKey: "other-key", secondaryKey: "second-key" }));
    expect(error.message).toMatch(/^NameTaken/);
  });

  it("seconds apart with the same definition: it is said aloud, and the first never deletes it", async () => {
    const first = await create(twin);
    const second = await create(twin);
    expect(warnings()).toEqual([expect.stringContaining("that stack has lost it to this one")]);
    expect((await failure(up(first, { ...twin, cpuCores: 0.5 }))).message).toMatch(/^OwnedByAnother/);
    await destroy(first);
    expect(await isLive()).toBe(true);
    await destroy(second);
    expect(await isLive()).toBe(false);
  });

  it("at once: the one whose service was claimed meanwhile fails and keeps nothing", async () => {
    const made = await stage.inputs(twin);
    const claim = "another then organization/shop/dev";
    const first = await create({ ...twin, serviceName: "other" });
    const live = await stage.document("other");
    const body = { ...live, properties: { ...(live["properties"] as Values), "pulumi-claim-1": claim } };
    stage.emulator.addFault({ method: "GET", path: "/services/fraud$", times: 3, status: 200, body });
    const error = await failure(stage.provider.create(made));
    expect(error).not.toBeInstanceOf(ResourceInitFailed);
    expect(error.message).toMatch(/^TakenOver: the service "fraud" belongs to organization\/shop\/dev/);
    await destroy(first);
  });
});

describe("a state of version 0.1", () => {
  const old = (state: State): State => {
    const outputs = Object.entries(state.outputs).filter(([name]) => name !== "__ownerToken");
    return { ...state, outputs: Object.fromEntries(outputs) };
  };
  const made = async (): Promise<State> => {
    const state = await create({ ...A, adopt: true });
    await byPython({ overwrite: true, properties: { "pulumi-created-by": A["__createdBy"] } });
    const refreshed = old(await refresh(state));
    // What is read next is another run of the program.
    await stage.restart();
    return refreshed;
  };

  it("owns its service, also after the resource was renamed", async () => {
    const renamed = { ...A, __createdBy: "cccccccccccccccc", __urn: URN.replace("::fraud", "::scoring") };
    const recorded = await up(await made(), { ...renamed, adopt: true, timeouts: { delete: "5m" } });
    expect(recorded.outputs).toMatchObject({ __ownerToken: "aaaaaaaaaaaaaaaa" });
    const changed = await up(recorded, { ...renamed, adopt: true, cpuCores: 0.5 });
    expect(stage.bodies("PATCH", /./)).toEqual([
      [{ op: "replace", path: "/containerResourceRequirements/cpu", value: 0.5 }],
    ]);
    await destroy(changed);
    expect(await isLive()).toBe(false);
  });

  it("owns its service also when nothing but a destroy follows", async () => {
    await destroy(await made());
    expect(await isLive()).toBe(false);
  });

  it("that adopted a service does not own it, and claims it with a token of its own", async () => {
    await byPython();
    const state = old(await create({ ...A, adopt: true }));
    const claimed = await up(state, { ...A, adopt: true, cpuCores: 0.5 });
    expect(await properties()).toMatchObject({
      "pulumi-claim-1": expect.stringMatching(/^token-2 /) as string,
    });
    expect(claimed.outputs).toMatchObject({ __ownerToken: "token-2" });
  });
});

describe("a replacement that keeps its name", () => {
  const moved = (news: Values = {}): Values => ({ ...A, computeTargetName: "aks-test", ...news });
  const preview = async ({ id, outputs, inputs }: State, news: Values) =>
    stage.provider.diff(id, outputs, await stage.inputs(news, inputs));

  it("goes on where delete removes the old service", async () => {
    expect(await preview(await create(A), moved())).toMatchObject({ deleteBeforeReplace: true });
  });

  it.each<[string, Values, RegExp]>([
    [
      "another's",
      { properties: { "pulumi-claim-1": "x then acme/shop/b" } },
      /belongs to acme\/shop\/b since then/,
    ],
    [
      "nobody's",
      {},
      /neither made nor claimed .*set `deleteAdopted: true` and run `pulumi up` before this change/,
    ],
  ])("of %s service is refused at preview", async (_, more, reason) => {
    await byPython(more);
    const a = await create({ ...A, adopt: true });
    const seen = { ...a, outputs: { ...a.outputs, properties: more["properties"] ?? {} } };
    const error = await failure(preview(seen, moved({ adopt: true })));
    expect(error.message).toMatch(/^CannotReplace: "fraud" would be replaced because of computeTargetName/);
    expect(error.message).toMatch(reason);
  });

  it("names what was added since the last read when it deletes the old service", async () => {
    const a = await create(A);
    await stage.call("PATCH", "/services/fraud", [{ op: "add", path: "/kvTags/onCall", value: "alice" }]);
    await preview(a, moved());
    await destroy(a);
    expect(await isLive()).toBe(false);
    expect(warnings()).toContainEqual(
      "tags.onCall was added to the live service since the last run, and the new one will lack it.",
    );
  });

  it("of a service that was lost since the last read fails at its delete, and only there", async () => {
    const a = await create(A);
    await byPython({ overwrite: true });
    expect(await preview(a, moved())).toMatchObject({ deleteBeforeReplace: true });
    expect((await failure(destroy(a))).message).toMatch(
      /^CannotReplace: "fraud" would be replaced because of computeTargetName.*neither made nor claimed/,
    );
    expect(await isLive()).toBe(true);
    await destroy(a);
    expect(warnings()).toContainEqual(expect.stringContaining("was not deleted and stays as it is"));
  });

  it("of nobody's service goes on with a recorded deleteAdopted", async () => {
    await byPython();
    const a = await create({ ...A, adopt: true, deleteAdopted: true });
    expect(await preview(a, moved({ adopt: true }))).toMatchObject({ deleteBeforeReplace: true });
  });

  it("is refused under retainOnDelete, and one that gets a new name is not", async () => {
    const a = await create({ ...A, __retainOnDelete: true });
    expect((await failure(preview(a, moved({ __retainOnDelete: true })))).message).toMatch(
      /^CannotReplace: .*`retainOnDelete` keeps the old service/,
    );
    expect(await preview(a, moved({ __retainOnDelete: true, serviceName: "fraud-2" }))).toMatchObject({
      deleteBeforeReplace: false,
    });
  });

  it("that only drift asks for is left alone with a warning: a refresh must go through", async () => {
    await byPython();
    const a = await create({ ...A, adopt: true });
    const drifted = { ...a, outputs: { ...a.outputs, computeTargetName: "aks-other" } };
    stage.lines.length = 0;
    expect(await preview(drifted, { ...A, adopt: true })).toEqual({ changes: false });
    expect(warnings()).toEqual([expect.stringMatching(/^CannotReplace: /)]);
  });
});

describe("a service that nobody has claimed yet", () => {
  it("is not deleted by a resource of the program whose place another has just taken", async () => {
    await byPython();
    const old = await create({ ...A, adopt: true, deleteAdopted: true });
    await stage.restart();
    const renamed = { ...A, __createdBy: "cccccccccccccccc", __urn: URN.replace("::fraud", "::scoring") };
    const taken = await create({ ...renamed, adopt: true, deleteAdopted: true });
    await destroy(old);
    expect(await isLive()).toBe(true);
    expect(warnings()).toEqual([
      '"fraud" was not deleted: another resource of this program has just adopted it.',
    ]);
    await destroy(taken);
    expect(await isLive()).toBe(false);
  });
});

describe("a preview after a refresh", () => {
  it("refuses a change of what another program owns, and a refresh goes through", async () => {
    await byPython();
    const a = await create({ ...A, adopt: true });
    const seen = {
      ...a,
      outputs: { ...a.outputs, properties: { "pulumi-claim-1": "x then acme/shop/b" } },
    };
    const news = await stage.inputs({ ...A, adopt: true, cpuCores: 0.9 }, a.inputs);
    expect((await failure(stage.provider.diff(a.id, seen.outputs, news))).message).toMatch(
      /^OwnedByAnother: the service "fraud" belongs to acme\/shop\/b since then .*Or take it over/,
    );
    const same = await stage.inputs({ ...A, adopt: true }, a.inputs);
    expect(await stage.provider.diff(a.id, seen.outputs, same)).toEqual({ changes: false });
  });
});

describe("stamps and claims", () => {
  it("are never drift", async () => {
    const a = await create(A);
    await stage.edit("fraud", [
      { op: "add", path: "/properties/pulumi-claim-1", value: "x then acme/shop/b" },
    ]);
    const refreshed = await refresh(a);
    expect(await stage.provider.diff(a.id, refreshed.outputs, a.inputs)).toEqual({ changes: false });
    const { inputs } = await stage.provider.read(a.id, a.outputs);
    expect(inputs).not.toHaveProperty("properties");
  });

  it("are refused as properties of a program", async () => {
    const given = { ...A, properties: { "pulumi-created-by": "me", "pulumi-claim-4": "me", team: "risk" } };
    const error = await failure(stage.inputs(given));
    expect(
      error.message.match(/Reserved: properties\.pulumi-\S+ must be left to the provider/g),
    ).toHaveLength(2);
  });
});
