import { InitFailed, type Values } from "./host";
import { startWorkspace, type TestWorkspace } from "./workspace";

jest.setTimeout(60_000);

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await startWorkspace();
});
afterAll(() => workspace.close());
beforeEach(() => workspace.host.clearLines());

const program = (serviceName: string, stack: string, more: Values = {}): Values => ({
  serviceName,
  computeTargetName: "aks-a",
  models: ["fraud:1"],
  __urn: `urn:pulumi:${stack}::shop::pulumi-nodejs:dynamic/azureml:AksWebservice::${serviceName}`,
  __createdBy: stack.padEnd(16, "0"),
  __stack: `acme/shop/${stack}`,
  ...more,
});

const create = async (values: Values) => {
  const inputs = await workspace.checked(values);
  return { inputs, ...(await workspace.host.create(inputs)) };
};

const error = async (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => Promise.reject(new Error("expected it to fail, and it did not")),
    (reason: Error) => reason,
  );

const isLive = async (id: string): Promise<boolean> => {
  const { url, accessToken } = workspace.emulator;
  const answer = await fetch(`${url}/modelmanagement/v1.0${id}`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return answer.status === 200;
};

const text = (): string =>
  workspace.host
    .lines()
    .map((line) => line.text)
    .join("\n");

test("what another stack has claimed is neither changed nor deleted by its creator, and says whose it is", async () => {
  const { host } = workspace;
  const a = await create(program("claimed", "a"));
  const b = await create(program("claimed", "b", { adopt: true }));
  const news = await workspace.checked(program("claimed", "a", { cpuCores: 0.5 }), a.inputs);
  const refused = await error(host.update(a.id, a.outputs, news));
  expect(refused).not.toBeInstanceOf(InitFailed);
  expect(refused.message).toContain('OwnedByAnother: the service "claimed" belongs to acme/shop/b since');
  await host.delete(a.id, a.outputs);
  expect(text()).toContain('"claimed" was not deleted and stays as it is, since it belongs to acme/shop/b');
  expect(await isLive(a.id)).toBe(true);
  await host.delete(b.id, b.outputs);
  expect(await isLive(a.id)).toBe(false);
});

test("a taken name says whose it is, and nothing is sent", async () => {
  const a = await create(program("taken", "a"));
  workspace.emulator.clearRequests();
  const { message } = await error(create(program("taken", "b")));
  expect(message).toContain("NameTaken");
  expect(message).toMatch(/`aliases`.*`pulumi state move`.*`adopt: true`/);
  expect(workspace.sent("PATCH", /./)).toEqual([]);
  await workspace.host.delete(a.id, a.outputs);
  expect(await isLive(a.id)).toBe(false);
});

test("the URN plays no part: under every other name, stack and organization the resource owns its service", async () => {
  const { host } = workspace;
  const a = await create(program("renamed", "a"));
  const elsewhere = program("renamed", "quite-another", { cpuCores: 0.5 });
  const outputs = await host.update(a.id, a.outputs, await workspace.checked(elsewhere, a.inputs));
  expect(outputs).toMatchObject({ cpuCores: 0.5 });
  await host.delete(a.id, outputs);
  expect(await isLive(a.id)).toBe(false);
});

test("a service that another program claims during an update is not taken for one's own", async () => {
  const { host, emulator } = workspace;
  const a = await create(program("claimed-meanwhile", "a"));
  const news = await workspace.checked(program("claimed-meanwhile", "a", { cpuCores: 0.5 }), a.inputs);
  const look = emulator.gate({ method: "GET", path: "/operations/" });
  const failed = error(host.update(a.id, a.outputs, news));
  await look.reached;
  const b = await create(program("claimed-meanwhile", "b", { adopt: true }));
  look.open();
  expect((await failed).message).toContain(
    'TakenOver: the service "claimed-meanwhile" belongs to acme/shop/b since',
  );
  await host.delete(b.id, b.outputs);
  expect(await isLive(a.id)).toBe(false);
});
