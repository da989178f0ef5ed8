import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { service, startEmulated, type Emulated } from "../provider/functions/emulated";

jest.setTimeout(120_000);

const repository = join(__dirname, "..", "..");
const run = promisify(execFile);

/** The scripts of the examples as a user runs them: in a process of their own, with the package as it is built. */
describe("the examples' scripts", () => {
  let emulated: Emulated;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), "azureml-scripts-"));
    symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
    for (const file of [
      ...["scoring/operate.js", "scoring/package.json"],
      ...["adopt/survey.js", "adopt/package.json"],
    ])
      cpSync(join(repository, "examples", file), join(folder, file));
    emulated = await startEmulated([
      service("fraud", { kvTags: { owner: "risk" }, containerResourceRequirements: { cpu: 2 } }),
      service("tokened", { aadAuthEnabled: true, authEnabled: false, numReplicas: 2 }),
    ]);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await emulated.close();
  });

  const node = (script: string, args: readonly string[] = [], env: Record<string, string> = {}) =>
    run(process.execPath, [join(folder, script), ...args], {
      cwd: folder,
      env: {
        PATH: process.env["PATH"],
        AZUREML_WORKSPACE_ID: emulated.emulator.workspaceId,
        ...emulated.env,
        ...env,
      },
    });

  it("operate a service with keys", async () => {
    const { stdout, stderr } = await node("scoring/operate.js", ["fraud"]);
    expect(stderr).toBe("");
    const lines = stdout.split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^fraud is Healthy at http/),
        expect.stringMatching(/^scored: .*"input":\{"data":\[1,2\]\}/),
        `scored bytes: ${JSON.stringify({ service: "fraud", models: ["model:1"], input: "aW1hZ2U=" })}`,
        "tags: { owner: 'risk', onCall: 'alice' }",
        "tags: { owner: 'risk' }",
        "properties: { origin: 'seed', reviewed: '2026-11' }",
        "secondary key is new: true",
        expect.stringMatching(/^last line of the log: .*listening$/),
        "serialized: 33 members",
      ]),
    );
  });

  it("operate a service with tokens, and show no token", async () => {
    const { stdout } = await node("scoring/operate.js", ["tokened"]);
    expect(stdout).toMatch(/a token of 64 letters, good until 20\d\d-.*Z/);
    expect(stdout).toMatch(/still the same token: true until 20\d\d-.*Z/);
    const { accessToken } = await emulated.functions.getAccessToken("tokened", emulated.where);
    expect(stdout).not.toContain(accessToken);
  });

  it("say in one line that a service is missing", async () => {
    await expect(node("scoring/operate.js", ["nobody"])).rejects.toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^Cannot read service "nobody": NotFound \(HTTP 404\)\./) as unknown,
    });
  });

  it("say that no workspace is named", async () => {
    await expect(node("adopt/survey.js", [], { AZUREML_WORKSPACE_ID: "" })).rejects.toMatchObject({
      stderr: expect.stringMatching(/^BadAddress: .*AZUREML_WORKSPACE_ID/) as unknown,
    });
  });

  it("print each service as the arguments that adopt it", async () => {
    const { stdout } = await node("adopt/survey.js");
    const [fraud, tokened] = [...stdout.matchAll(/^\{[^]*?^\}/gm)].map(
      ([json]) => JSON.parse(json) as Readonly<Record<string, unknown>>,
    );
    expect(fraud).toMatchObject({
      adopt: true,
      serviceName: "fraud",
      computeTargetName: "aks",
      cpuCores: 2,
      tags: { owner: "risk" },
    });
    expect(fraud).not.toHaveProperty("numReplicas");
    expect(tokened).toMatchObject({ serviceName: "tokened", numReplicas: 2 });
  });
});
