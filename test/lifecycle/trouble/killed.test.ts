import { startEmulator, type Emulator, type Gate, type GateRule } from "../../../emulator/index";
import type { Values } from "../host";
import { startHostFor } from "../workspace";
import { callWorkspace } from "../../harness/workspace";

jest.setTimeout(60_000);

const SERVICE = {
  serviceName: "fraud",
  computeTargetName: "aks",
  models: ["m:1"],
  cpuCores: 0.5,
  __createdBy: "us",
};

const created = (emulator: Emulator) =>
  emulator
    .requests()
    .filter(({ method, path, status }) => method === "POST" && path.endsWith("/services") && status === 202);

const stateOf = async (emulator: Emulator): Promise<unknown> => {
  const answer = await callWorkspace(emulator, "GET", "/services/fraud");
  return ((await answer.json()) as Values)["state"];
};

const OPERATION = { method: "GET", path: "/operations/" };

/** A create whose process is killed while it follows the operation it began; the operation waits at the gate. */
const killedCreate = async (emulator: Emulator): Promise<{ inputs: Values; deployment: Gate }> => {
  const host = await startHostFor(emulator);
  const { inputs } = await host.check({}, SERVICE);
  const deployment = emulator.gate({ method: "POST", path: "/services$", holds: "operation" });
  const poll = emulator.gate(OPERATION);
  const create = host.create(inputs).catch((error: Error) => error);
  await poll.reached;
  await host.close();
  expect(await create).toBeInstanceOf(Error);
  poll.open();
  return { inputs, deployment };
};

describe("a provider process that is killed in the middle of a create", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await startEmulator({ operationTime: 0 });
  });
  afterEach(() => emulator.close());

  const createAgain = async (inputs: Values) => {
    const host = await startHostFor(emulator);
    const made = await host.create(inputs);
    const lines = host.lines().map(({ text }) => text);
    const printed = host.printed();
    await host.close();
    return { ...made, lines, printed };
  };

  /** The deployment goes on only when the next create has come to such a request. */
  const createWhileDeploying = async (inputs: Values, deployment: Gate, request: GateRule) => {
    const gate = emulator.gate(request);
    const carriedOn = createAgain(inputs);
    await Promise.race([gate.reached, carriedOn]);
    expect(await stateOf(emulator)).toBe("Transitioning");
    deployment.open();
    gate.open();
    return await carriedOn;
  };

  test("leaves one service, which the next create carries on with", async () => {
    const { inputs, deployment } = await killedCreate(emulator);
    const { id, outputs, printed } = await createWhileDeploying(inputs, deployment, OPERATION);
    expect(id).toBe(`${emulator.workspaceId}/services/fraud`);
    expect(outputs).toMatchObject({ state: "Healthy", cpuCores: 0.5 });
    expect(created(emulator)).toHaveLength(1);
    expect(printed).toBe("");
  });

  test("is carried on with in the same way when the service has become Healthy meanwhile", async () => {
    const { inputs, deployment } = await killedCreate(emulator);
    deployment.open();
    expect(await stateOf(emulator)).toBe("Healthy");
    expect((await createAgain(inputs)).outputs).toMatchObject({ state: "Healthy" });
    expect(created(emulator)).toHaveLength(1);
  });

  test("is brought to what the program says by then", async () => {
    const { inputs, deployment } = await killedCreate(emulator);
    // It waits for the deployment, since what it then sends claims the service too.
    const { outputs } = await createWhileDeploying({ ...inputs, cpuCores: 0.75 }, deployment, OPERATION);
    expect(outputs).toMatchObject({ state: "Healthy", cpuCores: 0.75 });
    expect(created(emulator)).toHaveLength(1);
  });
});
