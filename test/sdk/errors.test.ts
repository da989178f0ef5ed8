import * as pulumi from "@pulumi/pulumi";
import { startEmulated, type Emulated } from "../provider/functions/emulated";

jest.mock("pulumi-azureml/provider", () => jest.requireActual("../../provider/index"), { virtual: true });
import * as azureml from "../../sdk/index";
import { withOwnErrors } from "../../sdk/errors";

const thrownBy = async (call: () => unknown): Promise<unknown> => {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("expected an error, found none");
};

describe("errors that a program can catch", () => {
  let emulated: Emulated;
  const before = { ...process.env };
  beforeAll(async () => {
    emulated = await startEmulated([]);
    Object.assign(process.env, emulated.env);
  });
  afterAll(async () => {
    process.env = before;
    await emulated.close();
  });

  it("are ServiceError where the service, the credential or the way to it failed", async () => {
    const error = await thrownBy(() => azureml.getService("nobody", emulated.where));
    expect(error).toBeInstanceOf(azureml.ServiceError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "ServiceError",
      code: "NotFound",
      status: 404,
      ambiguous: false,
      advice: expect.stringContaining("listServices") as string,
      message: expect.stringMatching(/^Cannot read service "nobody": NotFound/) as string,
    });
    expect((error as Error).stack).not.toMatch(/\n +at /);
  });

  it("are CallError where a call cannot be made as asked", async () => {
    const error = await thrownBy(() => azureml.getService("", emulated.where));
    expect(error).toBeInstanceOf(azureml.CallError);
    expect(error).toMatchObject({ name: "CallError", code: "BadAddress" });
  });

  it("are CallError also where nothing is awaited", async () => {
    const error = await thrownBy(() => azureml.deployConfiguration({ cpuCores: 0 }));
    expect(error).toBeInstanceOf(azureml.CallError);
    expect(error).toMatchObject({ code: "BadConfiguration" });
  });

  it("are CallError in a preview", async () => {
    const mocks = { newResource: () => ({ id: "", state: {} }), call: () => ({}) };
    await pulumi.runtime.setMocks(mocks, "p", "s", true);
    const error = await thrownBy(() => azureml.addServiceTags("fraud", { a: "1" }, emulated.where));
    await pulumi.runtime.setMocks(mocks, "p", "s", false);
    expect(error).toBeInstanceOf(azureml.CallError);
    expect(error).toMatchObject({ code: "NotDuringPreview" });
  });

  it.each([new TypeError("a mistake"), "a text", undefined])("leave %s as it is", async (thrown) => {
    const { call } = withOwnErrors({
      call: () => {
        throw thrown;
      },
    });
    expect(await thrownBy(call)).toBe(thrown);
  });
});
