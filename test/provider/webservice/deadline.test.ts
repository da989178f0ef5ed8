import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TransportFault, type HttpRequest, type Transport } from "../../../provider/azure/http";
import {
  failure,
  initError,
  plainValues,
  startStage,
  type Stage,
  type StageOptions,
  type VirtualClock,
} from "./stage";

jest.setTimeout(60_000);

const SECOND = 1_000;
/** What the last look and the explanation of a failure may take beyond `timeouts`. */
const BOUND = 25 * SECOND;

let stage: Stage;
afterEach(() => stage.close());
const open = async (options: StageOptions = {}): Promise<Stage> =>
  (stage = await startStage({ operationTime: 50, ...options }));

/** A network on which some requests get no answer, however long one waits; the time passes meanwhile. */
const hanging =
  (hangs: (request: HttpRequest) => boolean) =>
  (clock: VirtualClock, network: Transport): Transport =>
  async (request) => {
    if (!hangs(request)) return network(request);
    const until = clock.now() + request.timeoutMs;
    while (clock.now() < until && !request.signal?.aborted) {
      clock.advance(SECOND / 2);
      await new Promise(setImmediate);
    }
    throw new TransportFault("TimedOut", true, "ETIMEDOUT");
  };

const elapsed = async (work: Promise<unknown>): Promise<number> => {
  const start = stage.clock.now();
  await work.catch(() => undefined);
  return stage.clock.now() - start;
};

describe("`timeouts` bounds", () => {
  it("the search for a workspace that never answers", async () => {
    await open({ network: hanging(({ url }) => url.includes("discovery")) });
    const creating = stage.provider.create(await stage.inputs({ timeouts: { create: "5s" } }));
    const told = failure(creating);
    expect(await elapsed(creating)).toBeLessThanOrEqual(5 * SECOND + BOUND);
    expect((await told).message).toMatch(/^Cannot connect to the workspace .*: TimedOut/);
  });

  it("polls that get no answer, with all that explains them", async () => {
    let accepted = false;
    await open({
      network: hanging((request) => {
        const hangs = accepted;
        accepted ||= request.method === "POST";
        return hangs;
      }),
    });
    const creating = stage.provider.create(await stage.inputs({ timeouts: { create: "5s" } }));
    const told = initError(creating);
    expect(await elapsed(creating)).toBeLessThanOrEqual(5 * SECOND + BOUND);
    expect((await told).id).toMatch(/\/services\/fraud$/);
    expect((await told).reasons[0]).toMatch(/NoAnswer/);
  });

  it("what explains a deployment that was too slow, where the service cannot be read", async () => {
    let accepted = false;
    await open({
      network: hanging((request) => {
        accepted ||= request.method === "POST";
        return accepted && request.method === "GET" && request.url.includes("/services/");
      }),
    });
    stage.emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "stuck" } });
    const creating = stage.provider.create(await stage.inputs({ timeouts: { create: "5s" } }));
    const told = initError(creating);
    expect(await elapsed(creating)).toBeLessThanOrEqual(5 * SECOND + BOUND);
    expect((await told).reasons[0]).toMatch(/^DeploymentTimedOut: /);
  });

  it("the packing of many files, of which nothing is left behind", async () => {
    const folder = mkdtempSync(join(tmpdir(), "many-files-"));
    const scratch = join(folder, "scratch");
    const source = join(folder, "source");
    for (const made of [scratch, source]) mkdirSync(made);
    for (let file = 0; file < 500; file += 1) writeFileSync(join(source, `f${file}.py`), `x = ${file}`);
    const inherited = process.env["TMPDIR"];
    process.env["TMPDIR"] = scratch;
    let over = false;
    // A second passes at each turn of the event loop once the driver, which comes first, has been sent.
    const passing = (clock: VirtualClock): void => {
      if (over) return;
      clock.advance(SECOND);
      setImmediate(passing, clock);
    };
    await open({
      network: (clock, network) => async (request) => {
        const answer = await network(request);
        if (request.method === "PUT") passing(clock);
        return answer;
      },
    });
    const inferenceConfig = {
      entryScript: "f1.py",
      source: {
        "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7",
        hash: "h",
        path: source,
      },
      environment: { name: "env", baseImage: "example.azurecr.io/base:1", userManagedDependencies: true },
    };
    try {
      const inputs = await stage.inputs({ inferenceConfig, timeouts: { create: "20s" } });
      const error = await failure(stage.provider.create(inputs));
      over = true;
      expect(error.message).toMatch(/TimedOut\.\nExpected it to be packed and uploaded in time/);
      expect(stage.requests().filter((one) => one === "POST /services")).toEqual([]);
      while (readdirSync(scratch).length > 0) await new Promise(setImmediate);
    } finally {
      over = true;
      if (inherited === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = inherited;
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("the minute in which an Unhealthy service may recover", async () => {
    await open();
    stage.emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "crashLoop" } });
    const creating = stage.provider.create(await stage.inputs({ timeouts: { create: "30s" } }));
    expect(Math.round((await elapsed(creating)) / SECOND)).toBe(30);
  });

  it("a create that a later run carries on as the create, and not as an update", async () => {
    await open();
    stage.emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "stuck" } });
    const inputs = await stage.inputs({ timeouts: { create: "90s", update: "1s" } });
    const failed = await initError(stage.provider.create(inputs));
    const outputs = plainValues({ ...failed.properties });
    const resuming = stage.provider.update(failed.id, outputs, inputs);
    expect(Math.round((await elapsed(resuming)) / SECOND)).toBe(90);
  });
});

it("says in mid-create that the workspace is unreachable, and not that the service is slow", async () => {
  let accepted = false;
  await open({
    network: (_, network) => async (request) => {
      if (accepted) throw new TransportFault("Refused", false, "ECONNREFUSED");
      const answer = await network(request);
      accepted = request.method === "POST";
      return answer;
    },
  });
  const error = await initError(stage.provider.create(await stage.inputs({ timeouts: { create: "2m" } })));
  expect(error.id).toMatch(/\/services\/fraud$/);
  expect(error.reasons[0]).toMatch(/^Cannot follow operation \S+: Unreachable/);
  expect(error.reasons[0]).toContain("ECONNREFUSED");
  expect(error.reasons[0]).toContain("run `pulumi up` again to carry on");
});

it("keeps the id of a create that the user interrupts, within seconds", async () => {
  const user = new AbortController();
  await open({
    interrupt: user.signal,
    // The service cannot even be read any more, and the engine does not wait for long.
    network: hanging((request) => {
      if (request.url.includes("/operations/")) user.abort();
      return user.signal.aborted;
    }),
  });
  stage.emulator.addFault({ method: "POST", path: "/services$", operation: { outcome: "stuck" } });
  const creating = stage.provider.create(await stage.inputs());
  expect(await elapsed(creating)).toBeLessThanOrEqual(5 * SECOND);
  const error = await initError(creating);
  expect(error.id).toMatch(/\/services\/fraud$/);
  expect(error.properties).toMatchObject({ __unfinished: true });
  expect(error.reasons[0]).toContain("Interrupted");
  expect(error.reasons[0]).toContain("run `pulumi up` again, which carries on");
});
