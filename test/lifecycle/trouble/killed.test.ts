import { startEmulator, type Emulator } from "../../../emulator/index";
import { startHost, type Host, type Values } from "../host";

jest.setTimeout(60_000);

/** Long enough for the kill to fall into the middle of the create, on a slow machine too. */
const OPERATION_MS = 3_000;
const SERVICE = {
  serviceName: "fraud",
  computeTargetName: "aks",
  models: ["m:1"],
  cpuCores: 0.5,
  __createdBy: "us",
};

const startFor = (emulator: Emulator): Promise<Host> =>
  startHost({
    config: { "azureml:workspaceId": emulator.workspaceId },
    env: { AZUREML_DISCOVERY_URL: emulator.discoveryUrl, AZUREML_ACCESS_TOKEN: emulator.accessToken },
  });

const created = (emulator: Emulator) =>
  emulator
    .requests()
    .filter(({ method, path, status }) => method === "POST" && path.endsWith("/services") && status === 202);

/** Resolves once the emulator has seen such a request. */
const seen = async (emulator: Emulator, path: RegExp): Promise<void> => {
  while (!emulator.requests().some((request) => path.test(request.path) && request.status !== null))
    await new Promise(setImmediate);
};

/** Resolves once the emulator's service is Healthy. */
const healthy = async (emulator: Emulator): Promise<void> => {
  const url = `${emulator.url}/modelmanagement/v1.0${emulator.workspaceId}/services/fraud`;
  const headers = { authorization: `Bearer ${emulator.accessToken}` };
  while (!(await (await fetch(url, { headers })).text()).includes('"state":"Healthy"'));
};

/** A create whose process is killed once the operation it began is followed. */
const killedCreate = async (emulator: Emulator): Promise<Values> => {
  const host = await startFor(emulator);
  const { inputs } = await host.check({}, SERVICE);
  const create = host.create(inputs).catch((error: Error) => error);
  await seen(emulator, /\/operations\//);
  await host.close();
  expect(await create).toBeInstanceOf(Error);
  return inputs;
};

describe("a provider process that is killed in the middle of a create", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await startEmulator({ operationTime: OPERATION_MS });
  });
  afterEach(() => emulator.close());

  const createAgain = async (inputs: Values) => {
    const host = await startFor(emulator);
    const made = await host.create(inputs);
    const lines = host.lines().map(({ text }) => text);
    const printed = host.printed();
    await host.close();
    return { ...made, lines, printed };
  };

  test("leaves one service, which the next create carries on with", async () => {
    const inputs = await killedCreate(emulator);
    const { id, outputs, printed } = await createAgain(inputs);
    expect(id).toBe(`${emulator.workspaceId}/services/fraud`);
    expect(outputs).toMatchObject({ state: "Healthy", cpuCores: 0.5 });
    expect(created(emulator)).toHaveLength(1);
    expect(printed).toBe("");
  });

  test("is carried on with in the same way when the service has become Healthy meanwhile", async () => {
    const inputs = await killedCreate(emulator);
    await healthy(emulator);
    expect((await createAgain(inputs)).outputs).toMatchObject({ state: "Healthy" });
    expect(created(emulator)).toHaveLength(1);
  });

  test("is brought to what the program says by then", async () => {
    const inputs = await killedCreate(emulator);
    const { outputs } = await createAgain({ ...inputs, cpuCores: 0.75 });
    expect(outputs).toMatchObject({ state: "Healthy", cpuCores: 0.75 });
    expect(created(emulator)).toHaveLength(1);
  });
});
