import { openSemaphores } from "../../../provider/webservice/concurrency";
import { failure, startStage, URN, type Stage, type Values } from "./stage";

describe("permits", () => {
  const openNamed = (most: number) => {
    const semaphores = openSemaphores();
    const begun: string[] = [];
    const ask = (name: string, queue = "aks") => {
      const permit = semaphores.acquire(queue, most);
      void permit.granted.then(() => begun.push(name));
      return permit;
    };
    /** What has begun once everything that can go on has. */
    const now = async (): Promise<readonly string[]> => {
      await new Promise(setImmediate);
      return begun;
    };
    return { ask, now };
  };

  it("come in the order in which they were asked for, so many at once", async () => {
    const { ask, now } = openNamed(2);
    const [a, b, c] = ["a", "b", "c", "d", "e"].map((name) => ask(name));
    expect([a!.isFree, b!.isFree, c!.isFree]).toEqual([true, true, false]);
    expect(await now()).toEqual(["a", "b"]);
    b!.release();
    expect(await now()).toEqual(["a", "b", "c"]);
    c!.release();
    a!.release();
    expect(await now()).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("of one cluster do not keep those of another waiting", async () => {
    const { ask, now } = openNamed(1);
    ask("a");
    ask("b");
    expect(ask("c", "another").isFree).toBe(true);
    expect(await now()).toEqual(["a", "c"]);
  });

  it("that somebody gives up waiting for are the next one's, and a place is given up once", async () => {
    const { ask, now } = openNamed(1);
    const [a, b] = ["a", "b", "c", "d"].map((name) => ask(name));
    b!.release();
    a!.release();
    a!.release();
    expect(await now()).toEqual(["a", "c"]);
  });
});

describe("azureml:changesPerCluster", () => {
  let stage: Stage;
  let interrupt: AbortController;
  const open = async (most: string, env: Record<string, string> = {}): Promise<void> => {
    interrupt = new AbortController();
    const config: Record<string, string> = most === "" ? {} : { "azureml:changesPerCluster": most };
    stage = await startStage({ config, env, interrupt: interrupt.signal });
  };
  afterEach(() => stage.close());

  const inputsOf = (names: readonly string[]): Promise<readonly Values[]> =>
    Promise.all(
      names.map((serviceName) => stage.inputs({ serviceName, __urn: URN.replace("fraud", serviceName) })),
    );
  const posted = (): readonly string[] =>
    stage.bodies("POST", /\/services$/).map((body) => String((body as Values)["name"]));
  const waits = (): readonly string[] =>
    stage.lines.filter(({ text }) => text.startsWith("Waits")).map(({ urn }) => urn.split("::").at(-1)!);

  it("lets the next one begin when one has ended, and says so on its row", async () => {
    await open("1");
    const gate = stage.emulator.gate({ method: "POST", path: "/services$" });
    const [a, b] = (await inputsOf(["svc-a", "svc-b"])).map((inputs) => stage.provider.create(inputs));
    await gate.reached;
    expect(posted()).toEqual(["svc-a"]);
    expect(waits()).toEqual(["svc-b"]);
    gate.open();
    await Promise.all([a, b]);
    expect(posted()).toEqual(["svc-a", "svc-b"]);
    const [first, second] = stage.lines.filter(({ urn }) => urn.endsWith("::svc-b"));
    expect(first).toMatchObject({
      severity: "info",
      passing: true,
      text: "Waits for its turn: azureml:changesPerCluster lets one service of aks-prod change at once",
    });
    expect(second!.text).toMatch(/^Its turn has come \(\d+s\)$/);
  });

  it("holds for creates, updates and deletes together, but not for another cluster's", async () => {
    await open("1");
    const { id, outputs, inputs } = await stage.create({ serviceName: "old" });
    const gone = await stage.create({ serviceName: "gone" });
    const gate = stage.emulator.gate({ method: "POST", path: "/services$" });
    const [made, other] = await Promise.all([
      stage.inputs({ serviceName: "new" }),
      stage.inputs({ serviceName: "elsewhere", computeTargetName: "aks-test" }),
    ]);
    const news = await stage.inputs({ serviceName: "old", cpuCores: 0.5 }, inputs);
    const create = stage.provider.create(made);
    await gate.reached;
    const changes = [stage.update(id, outputs, news), stage.provider.delete(gone.id, gone.outputs)];
    await stage.provider.create(other);
    const before = stage.requests().filter((one) => /^(PATCH|DELETE)/.test(one));
    gate.open();
    await Promise.all([create, ...changes]);
    expect(before).toEqual([]);
    expect(stage.requests().filter((one) => /^(PATCH|DELETE)/.test(one))).toEqual([
      "PATCH /services/old",
      "DELETE /services/gone",
    ]);
  });

  it("goes on after a failure", async () => {
    await open("1");
    stage.emulator.addFault({ method: "POST", path: "/services$", status: 400 });
    const [a, b] = (await inputsOf(["svc-a", "svc-b"])).map((inputs) => stage.provider.create(inputs));
    expect((await failure(a!)).message).toMatch(/create service "svc-a"/);
    expect(await b).toMatchObject({ id: `${stage.emulator.workspaceId}/services/svc-b` });
  });

  it("keeps nobody waiting who sends nothing", async () => {
    await open("1");
    const { id, outputs, inputs } = await stage.create({ serviceName: "old" });
    const gate = stage.emulator.gate({ method: "POST", path: "/services$" });
    const create = stage.provider.create(await stage.inputs({ serviceName: "new" }));
    await gate.reached;
    const news = await stage.inputs({ serviceName: "old", deleteAdopted: true }, inputs);
    expect(await stage.update(id, outputs, news)).toMatchObject({ deleteAdopted: true });
    gate.open();
    await create;
  });

  it("does not spend the operation's own time", async () => {
    await open("1");
    const gate = stage.emulator.gate({ method: "POST", path: "/services$" });
    const first = stage.provider.create(await stage.inputs({ serviceName: "svc-a" }));
    await gate.reached;
    const second = stage.provider.create(
      await stage.inputs({ serviceName: "svc-b", timeouts: { create: "1m" } }),
    );
    while (waits().length === 0) await new Promise(setImmediate);
    stage.clock.advance(30 * 60_000);
    gate.open();
    await first;
    expect(await second).toMatchObject({ outs: { state: "Healthy" } });
  });

  it("leaves at an interrupt, with nothing sent", async () => {
    await open("1");
    const gate = stage.emulator.gate({ method: "POST", path: "/services$", holds: "operation" });
    const [a, b] = (await inputsOf(["svc-a", "svc-b"])).map((inputs) =>
      failure(stage.provider.create(inputs)),
    );
    await gate.reached;
    while (waits().length === 0) await new Promise(setImmediate);
    interrupt.abort();
    expect((await b!).message).toMatch(
      /^Cannot change service "svc-b": Interrupted\.\n.*nothing was sent\.\nRun again to carry on\.$/,
    );
    expect((await a!).name).toBe("ResourceInitFailed");
    expect(posted()).toEqual(["svc-a"]);
  });

  it.each(["0", "-1", "1.5", "two", "1e3", "9".repeat(30)])("refuses %s in a preview", async (value) => {
    await open(value);
    const { failures } = await stage.provider.check(
      {},
      { serviceName: "svc-a", computeTargetName: "aks", models: ["m:1"] },
    );
    expect(failures).toEqual([
      {
        property: "azureml:changesPerCluster",
        reason:
          `BadFormat: azureml:changesPerCluster must be an integer of at least 1; found the text "${value}". ` +
          "Correct or remove it. A destroy reads the configuration of the last `pulumi up`: there set AZUREML_CHANGES_PER_CLUSTER.",
      },
    ]);
  });

  it("is the environment's before the configuration's, which a destroy refuses, too", async () => {
    await open("1", { AZUREML_CHANGES_PER_CLUSTER: "many" });
    const { message } = await failure(
      stage.provider.delete(`${stage.emulator.workspaceId}/services/svc-a`, {}),
    );
    expect(message).toMatch(
      /^BadFormat: AZUREML_CHANGES_PER_CLUSTER must be an integer of at least 1; found/,
    );
    expect(stage.requests("all")).toEqual([]);
  });

  it("unset, or empty, is no limit", async () => {
    await open("", { AZUREML_CHANGES_PER_CLUSTER: "" });
    const gates = [1, 2, 3].map(() => stage.emulator.gate({ method: "POST", path: "/services$" }));
    const creates = (await inputsOf(["svc-a", "svc-b", "svc-c"])).map((inputs) =>
      stage.provider.create(inputs),
    );
    await Promise.all(gates.map(({ reached }) => reached));
    for (const gate of gates) gate.open();
    await Promise.all(creates);
    expect(waits()).toEqual([]);
  });
});
