import { failure } from "../../provider/webservice/stage";
import { InitFailed } from "../host";
import { startWorkspace, type TestWorkspace } from "../workspace";

jest.setTimeout(120_000);

const tags = (count: number, value: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`tag-${n}`, value]));

describe("a failure too large to be sent whole", () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await startWorkspace();
  });
  afterAll(() => workspace.close());

  const failedCreate = async (news: object, message: string): Promise<Error> => {
    const error = { code: "Bad", statusCode: 400, message, details: [] };
    workspace.emulator.addFault({
      method: "POST",
      path: "/services$",
      operation: { outcome: "failed", error, log: Array.from({ length: 30 }, () => message.slice(0, 240)) },
    });
    const inputs = await workspace.checked({ computeTargetName: "aks", models: ["m:1"], ...news });
    return failure(workspace.host.create(inputs));
  };

  // Each in one byte, in three, and in four, which are more once they are encoded.
  it.each([
    ["latin", "abcdef"],
    ["chinese", "密钥标签说明"],
    ["emoji", "😀😁😂😃😄😅"],
  ])("arrives with the id and what to do, in %s letters", async (name, letters) => {
    const error = await failedCreate(
      { serviceName: name, description: "d".repeat(1000), tags: tags(250, letters.repeat(10)) },
      letters.repeat(2000),
    );
    expect(error).toBeInstanceOf(InitFailed);
    const { id, properties, reasons } = error as InitFailed;
    expect(id).toBe(`${workspace.emulator.workspaceId}/services/${name}`);
    expect(properties).toMatchObject({ serviceName: name, __unfinished: true });
    expect(properties["__provider"]).toBeDefined();
    expect(reasons.join()).toContain("run `pulumi up` again");
  });

  it("leaves a state that the next update completes", async () => {
    // The stamp by which a program knows its own service.
    const stamp = { __createdBy: "5ca1ab1e0ddba115" };
    const news = { serviceName: "again", tags: tags(250, "密钥标签说明".repeat(10)), ...stamp };
    const { id, properties } = (await failedCreate(news, "no")) as InitFailed;
    const inputs = await workspace.checked({ computeTargetName: "aks", models: ["m:1"], ...news });
    const outputs = await workspace.host.update(id, properties, inputs);
    expect(outputs).toMatchObject({ state: "Healthy", tags: news.tags });
    expect(outputs["__managed"]).toMatchObject({ tags: news.tags });
  });

  it("arrives from a deletion too, where nothing is stored", async () => {
    const inputs = await workspace.checked({
      serviceName: "kept",
      computeTargetName: "aks",
      models: ["m:1"],
    });
    const { id, outputs } = await workspace.host.create(inputs);
    const log = Array.from({ length: 30 }, () => "密钥标签说明".repeat(40));
    const error = { code: "Bad", statusCode: 400, message: "密钥标签说明".repeat(600), details: [] };
    workspace.emulator.addFault({ method: "DELETE", operation: { outcome: "failed", error, log } });
    const failed = await failure(workspace.host.delete(id, outputs));
    expect(failed.message).toContain("DeleteFailed");
    expect(failed.message).toContain("run the same command again");
  });
});
