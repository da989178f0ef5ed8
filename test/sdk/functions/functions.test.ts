import * as pulumi from "@pulumi/pulumi";
import { service, startEmulated, type Emulated } from "../../provider/functions/emulated";

jest.mock("pulumi-azureml/provider", () => jest.requireActual("../../../provider/index"), { virtual: true });
import * as azureml from "../../../sdk/index";

type Options = azureml.FunctionOptions;

/** Every function, with arguments that work. */
const calls: readonly (readonly [string, (options: Options) => Promise<unknown>])[] = [
  ["getService", (o) => azureml.getService("fraud", o)],
  ["listServices", (o) => azureml.listServices({ tags: { owner: "risk" } }, o)],
  ["getKeys", (o) => azureml.getKeys("fraud", o)],
  ["getLogs", (o) => azureml.getLogs("fraud", { numLines: 2, ...o })],
  ["getAccessToken", (o) => azureml.getAccessToken("tokened", o)],
  ["getToken", (o) => azureml.getToken("tokened", o)],
];

const changes: typeof calls = [
  ["runService", (o) => azureml.runService("fraud", { data: 1 }, o)],
  ["regenerateKey", (o) => azureml.regenerateKey("fraud", "Primary", { setKey: "mine", ...o })],
  ["addServiceTags", (o) => azureml.addServiceTags("fraud", { a: "1" }, o)],
  ["removeServiceTags", (o) => azureml.removeServiceTags("fraud", "a", o)],
  ["addServiceProperties", (o) => azureml.addServiceProperties("fraud", { a: "1" }, o)],
];

describe("functions", () => {
  let emulated: Emulated;
  const before = { ...process.env };
  beforeAll(async () => {
    emulated = await startEmulated([
      service("fraud"),
      service("tokened", { aadAuthEnabled: true, authEnabled: false }),
    ]);
    Object.assign(process.env, emulated.env);
  });
  afterEach(() => {
    pulumi.runtime.setAllConfig({});
    delete process.env["AZUREML_WORKSPACE_ID"];
  });
  afterAll(async () => {
    process.env = before;
    await emulated.close();
  });

  it("getToken gives the token, and the time to get the next one", async () => {
    const options = { workspaceId: emulated.emulator.workspaceId };
    const { accessToken, refreshAfter } = await azureml.getAccessToken("tokened", options);
    expect(await azureml.getToken("tokened", options)).toEqual([accessToken, refreshAfter]);
  });

  it.each([...calls, ...changes])("%s finds the workspace in its options", async (_, call) => {
    expect(await call({ workspaceId: emulated.emulator.workspaceId })).toBeDefined();
  });

  it.each([...calls, ...changes])("%s finds the workspace in the environment", async (_, call) => {
    process.env["AZUREML_WORKSPACE_ID"] = emulated.emulator.workspaceId;
    expect(await call({})).toBeDefined();
  });

  it.each([...calls, ...changes])(
    "%s finds the workspace in the program's configuration",
    async (_, call) => {
      pulumi.runtime.setAllConfig({ "azureml:workspaceId": emulated.emulator.workspaceId });
      expect(await call({})).toBeDefined();
    },
  );

  it.each(["azureml:workspaceId", "workspaceId"])(
    "prefer %s of their options to the program's",
    async (key) => {
      pulumi.runtime.setAllConfig({ "azureml:workspaceId": "nonsense" });
      const config = { [key]: emulated.emulator.workspaceId };
      expect(await azureml.getService("fraud", { config })).toMatchObject({ name: "fraud" });
    },
  );

  it.each([...calls, ...changes])("%s says that no workspace is named", async (_, call) => {
    await expect(call({})).rejects.toMatchObject({ code: "BadAddress" });
  });

  describe("in a preview", () => {
    beforeAll(() =>
      pulumi.runtime.setMocks(
        { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
        "p",
        "s",
        true,
      ),
    );
    afterAll(() =>
      pulumi.runtime.setMocks(
        { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
        "p",
        "s",
        false,
      ),
    );

    it.each(calls)("%s may read", async (_, call) => {
      expect(await call({ workspaceId: emulated.emulator.workspaceId })).toBeDefined();
    });

    it.each(changes)("%s refuses, before any request", async (_, call) => {
      emulated.emulator.clearRequests();
      await expect(call({ workspaceId: emulated.emulator.workspaceId })).rejects.toThrow(
        /^NotDuringPreview: /,
      );
      expect(emulated.asked()).toEqual([]);
    });
  });

  it.each<[string, (options: object) => Promise<unknown>, RegExp]>([
    [
      "an option that no one reads",
      (o) => azureml.getKeys("fraud", { ...o, workspaceID: "x" } as Options),
      /options may have workspaceId, config; found workspaceID\. Did you mean workspaceId\?/,
    ],
    [
      "another function's option",
      (o) => azureml.getLogs("fraud", { ...o, lines: 3 } as Options),
      /numLines, init; found lines\. Leave it out/,
    ],
    [
      "a filter that there is not",
      (o) => azureml.listServices({ tag: {} } as azureml.ListFilters, o),
      /filters may have [^]*; found tag\. Did you mean tags\?/,
    ],
    [
      "an output for a name",
      (o) => azureml.getService(pulumi.output("fraud") as never, o),
      /service must be a plain value; found an Output\. Call the function inside/,
    ],
    [
      "a promise for tags",
      (o) => azureml.addServiceTags("fraud", Promise.resolve({}) as never, o),
      /tags must be a plain value; found a Promise\. Await it first/,
    ],
  ])("refuse %s, without a request", async (_, call, said) => {
    emulated.emulator.clearRequests();
    const refused = call({ workspaceId: emulated.emulator.workspaceId });
    await expect(refused).rejects.toMatchObject({ code: "BadArgument" });
    await expect(refused).rejects.toThrow(said);
    expect(emulated.asked()).toEqual([]);
  });

  it("gives a read service to serialize", async () => {
    const fraud = await azureml.getService("fraud", { workspaceId: emulated.emulator.workspaceId });
    expect(azureml.serializeService(fraud)).toMatchObject({ name: "fraud", workspaceName: "ws-emulated" });
  });

  it("sets the key that is asked for", async () => {
    const options = { workspaceId: emulated.emulator.workspaceId };
    const { secondaryKey } = await azureml.getKeys("fraud", options);
    expect(await azureml.regenerateKey("fraud", "Primary", { ...options, setKey: "given" })).toEqual({
      primaryKey: "given",
      secondaryKey,
    });
  });
});

describe("deployConfiguration", () => {
  it("points at the line with the mistake", () => {
    const refused = (): Error => {
      try {
        azureml.deployConfiguration({ cpuCores: 0 });
      } catch (error) {
        return error as Error;
      }
      throw new Error("expected a refusal");
    };
    expect(refused().stack).toMatch(/cpuCores[^\n]*\n +at [^\n]*functions\.test\.ts:/);
  });

  it("gives its settings, frozen, to be spread", () => {
    const small = azureml.deployConfiguration({ cpuCores: 0.5, tags: { a: "b" } });
    expect(Object.isFrozen(small)).toBe(true);
    const args: azureml.AksWebserviceArgs = { ...small, computeTargetName: "aks", models: ["m:1"] };
    expect(args).toEqual({ cpuCores: 0.5, tags: { a: "b" }, computeTargetName: "aks", models: ["m:1"] });
  });

  it("refuses at once, all together", () => {
    expect(() => azureml.deployConfiguration({ cpuCores: 0, namespace: "-" })).toThrow(
      /BadConfiguration: [^]*cpuCores[^]*namespace/,
    );
  });

  it("leaves what is not known yet to the resource", () => {
    const cores = pulumi.output(0);
    expect(
      azureml.deployConfiguration({
        cpuCores: cores,
        memoryGb: Promise.resolve(1),
        tags: { a: pulumi.output("b") },
        primaryKey: pulumi.secret("p"),
      }).cpuCores,
    ).toBe(cores);
  });

  it("is typed: another resource's setting is no part of it", () => {
    // @ts-expect-error models belong to the resource
    expect(azureml.deployConfiguration({ models: ["m:1"] })).toBeDefined();
  });
});
