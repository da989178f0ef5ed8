import * as pulumi from "@pulumi/pulumi";
import { service, startEmulated, type Emulated } from "../../provider/functions/emulated";
import { valueOf } from "../mocked";

jest.mock("pulumi-azureml/provider", () => jest.requireActual("../../../provider/index"), { virtual: true });
import * as azureml from "../../../sdk/index";

type Options = azureml.WithInputs<azureml.FunctionOptions>;

const unknown = pulumi.output(pulumi.unknown) as unknown as pulumi.Output<string>;
const isKnown = (output: pulumi.Output<unknown>) =>
  (output as unknown as { isKnown: Promise<boolean> }).isKnown;

/** Every function that reads, given outputs; what it gives, and whether that is a secret. */
const calls: readonly (readonly [
  name: string,
  call: (service: pulumi.Input<string>, options: Options) => pulumi.Output<unknown>,
  gives: unknown,
  secret: boolean,
])[] = [
  ["getServiceOutput", azureml.getServiceOutput, expect.objectContaining({ name: "tokened" }), false],
  [
    "getLogsOutput",
    (s, o) => azureml.getLogsOutput(s, { numLines: pulumi.output(1), ...o }),
    expect.any(String),
    false,
  ],
  ["getKeysOutput", azureml.getKeysOutput, expect.objectContaining({ primaryKey: expect.any(String) }), true],
  [
    "getAccessTokenOutput",
    azureml.getAccessTokenOutput,
    expect.objectContaining({ accessToken: expect.any(String) }),
    true,
  ],
  [
    "listServicesOutput",
    (s, o) => azureml.listServicesOutput({ tags: { owner: s, any: undefined } }, o),
    [expect.objectContaining({ name: "tokened" })],
    false,
  ],
];

describe("functions that take and give outputs", () => {
  let emulated: Emulated;
  const before = { ...process.env };
  beforeAll(async () => {
    emulated = await startEmulated([
      service("fraud"),
      service("tokened", {
        aadAuthEnabled: true,
        authEnabled: false,
        kvTags: { owner: "tokened", any: "1" },
      }),
    ]);
    Object.assign(process.env, emulated.env);
  });
  beforeEach(() => emulated.emulator.clearRequests());
  afterAll(async () => {
    process.env = before;
    await emulated.close();
  });

  const workspaceId = () => pulumi.output(emulated.emulator.workspaceId);

  it.each(calls)("%s gives what the function gives", async (name, call, gives, secret) => {
    const service = name === "getKeysOutput" ? "fraud" : "tokened";
    const answer = call(pulumi.output(service), { workspaceId: workspaceId() });
    expect(await valueOf(answer)).toEqual(gives);
    expect(await pulumi.isSecret(answer)).toBe(secret);
  });

  it.each(calls)("%s asks nothing for what is not known yet", async (_, call) => {
    await pulumi.runtime.setMocks(
      { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
      "p",
      "s",
      true,
    );
    expect(await isKnown(call(unknown, { workspaceId: workspaceId() }))).toBe(false);
    expect(await isKnown(call("fraud", { workspaceId: unknown }))).toBe(false);
    expect(emulated.asked()).toEqual([]);
    await pulumi.runtime.setMocks(
      { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
      "p",
      "s",
      false,
    );
  });
});
