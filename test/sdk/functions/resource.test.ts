import * as pulumi from "@pulumi/pulumi";
import { service, startEmulated, type Emulated } from "../../provider/functions/emulated";

jest.mock("pulumi-azureml/provider", () => jest.requireActual("../../../provider/index"), { virtual: true });
import { AksWebservice } from "../../../sdk/aks-webservice";

const settled = (output: pulumi.Output<unknown>) =>
  (output as unknown as { promise(withUnknowns?: boolean): Promise<unknown> }).promise(true);
const isKnown = (output: pulumi.Output<unknown>) =>
  (output as unknown as { isKnown: Promise<boolean> }).isKnown;

describe("what a resource can be asked", () => {
  let emulated: Emulated;
  const before = { ...process.env };
  beforeAll(async () => {
    emulated = await startEmulated([
      service("fraud"),
      service("tokened", { aadAuthEnabled: true, authEnabled: false }),
    ]);
    Object.assign(process.env, emulated.env);
  });
  afterAll(async () => {
    process.env = before;
    await emulated.close();
  });

  const program = async (preview: boolean) => {
    emulated.emulator.clearRequests();
    await pulumi.runtime.setMocks(
      {
        newResource: ({ name, inputs }) => ({
          id: `${emulated.emulator.workspaceId}/services/${name}`,
          state: inputs,
        }),
        call: ({ inputs }) => inputs,
      },
      "project",
      "stack",
      preview,
      "organization",
    );
  };
  const resource = (name: string) => new AksWebservice(name, { computeTargetName: "aks", models: ["m:1"] });

  describe("in an update", () => {
    beforeEach(() => program(false));

    it("gives a token as a secret", async () => {
      const token = resource("tokened").getAccessToken();
      expect(await settled(token)).toMatchObject({
        accessToken: expect.any(String) as unknown,
        expiryOn: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
      });
      expect(await pulumi.isSecret(token)).toBe(true);
    });

    it("gives the deprecated pair of the class as a secret too", async () => {
      const service = resource("tokened");
      const pair = service.getToken();
      const { accessToken, refreshAfter } = (await settled(service.getAccessToken())) as Record<
        string,
        string
      >;
      expect(await settled(pair)).toEqual([accessToken, refreshAfter]);
      expect(await pulumi.isSecret(pair)).toBe(true);
    });

    it.each<[string, () => pulumi.Input<unknown>, unknown]>([
      ["a value", () => ({ data: [1] }), { data: [1] }],
      ["an output", () => pulumi.output({ data: [1] }), { data: [1] }],
      ["a value with outputs inside", () => ({ data: pulumi.output([1]) }), { data: [1] }],
      ["a promise", () => Promise.resolve([1]), [1]],
      ["bytes", () => new Uint8Array([7]), "Bw=="],
      ["an output of bytes", () => pulumi.output(7).apply((n) => new Uint8Array([n])), "Bw=="],
    ])("scores %s", async (_, input, seen) => {
      expect(await settled(resource("fraud").run(input()))).toMatchObject({ service: "fraud", input: seen });
    });

    it("keeps the answer to a secret input secret", async () => {
      expect(await pulumi.isSecret(resource("fraud").run(pulumi.secret({ a: 1 })))).toBe(true);
      expect(await pulumi.isSecret(resource("fraud").run({ a: 1 }))).toBe(false);
    });

    it("passes the type of a content on", async () => {
      const answer = resource("fraud").run("words", { contentType: "text/plain" });
      expect(await settled(answer)).toMatchObject({ input: "words" });
    });

    it("reads the log", async () => {
      expect(await settled(resource("fraud").getLogs({ numLines: 1 }))).toMatch(/listening$/);
      expect(await settled(resource("fraud").getLogs({ init: true }))).toMatch(/init container/);
    });
  });

  it.each<[string, (fraud: AksWebservice) => pulumi.Output<unknown>]>([
    ["getAccessToken", (fraud) => fraud.getAccessToken()],
    ["getToken", (fraud) => fraud.getToken()],
    ["run", (fraud) => fraud.run({ data: 1 })],
    ["run with bytes", (fraud) => fraud.run(new Uint8Array([1]))],
    ["getLogs", (fraud) => fraud.getLogs()],
  ])("%s asks nothing in a preview, and is not known", async (_, ask) => {
    await program(true);
    const output = ask(resource("fraud"));
    expect(await isKnown(output)).toBe(false);
    expect(emulated.asked()).toEqual([]);
  });

  it("gives the configuration function of the class", () => {
    expect(AksWebservice.deployConfiguration({ cpuCores: 1 })).toEqual({ cpuCores: 1 });
  });
});
