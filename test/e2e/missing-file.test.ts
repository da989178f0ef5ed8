import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { forgetOwnSettings, openSession, workspaceConfig, type Session } from "../harness/session";
import { rehearsalEngine } from "../harness/engines/rehearsal";
import { ownProject } from "../harness/own-folder";

jest.setTimeout(300_000);
forgetOwnSettings();

const program = (statement: string): string => `
const pulumi = require("@pulumi/pulumi");
const azureml = require("pulumi-azureml");
${statement}
`;

const folder = ownProject("missing-file", program(""));

const PROGRAMS = {
  source: `new azureml.Model("fraud", { source: new pulumi.asset.FileAsset("model/none.pkl") });`,
  "inferenceConfig.source": `new azureml.AksWebservice("fraud", {
    computeTargetName: "aks", models: ["fraud:7"],
    inferenceConfig: { entryScript: "score.py", source: new pulumi.asset.AssetArchive({
      "score.py": new pulumi.asset.StringAsset("def run(data): return data"),
      lib: new pulumi.asset.FileArchive("./none"),
    }) },
  });`,
};

let session: Session;
beforeAll(async () => {
  session = await openSession(rehearsalEngine, folder);
  await session.stack.setConfig(workspaceConfig(session));
});
afterAll(async () => {
  await session.close();
});

it.each(Object.entries(PROGRAMS))(
  "a missing file of %s is said in one line with its path",
  async (input, statement) => {
    writeFileSync(join(session.folder.project, "index.js"), program(statement));
    const { exitCode, text } = await session.stack.preview();
    expect(exitCode).not.toBe(0);
    const path = join(session.folder.project, input === "source" ? "model/none.pkl" : "none");
    expect(text).toContain(
      `MissingFile: ${input} must be a file or folder on this machine; found none at ${path}. Correct the path`,
    );
    expect(text).not.toMatch(/\n\s+at |unhandled/);
  },
);
