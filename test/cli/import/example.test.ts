import { join } from "node:path";
import { startEmulator } from "../../../emulator";
import { adopted } from "../../e2e/examples/table";
import { repository } from "../../harness/project-folder";
import { ownFolder } from "../../harness/own-folder";
import { envFor, filesIn, runCli } from "../run";

const root = ownFolder();

/** The workspace that the example names, as a user would replace it. */
const WORKSPACE =
  "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/ml" +
  "/providers/Microsoft.MachineLearningServices/workspaces/ml-prod";

test("examples/adopt is what the command writes, and a script", async () => {
  const emulator = await startEmulator({ workspaceId: WORKSPACE, seed: { services: adopted } });
  const out = process.env["WRITE_EXAMPLE"] ?? join(root, "out");
  const { status } = await runCli(["import", "--out", out, "--project", "adopt", "--minimal", "--force"], {
    env: envFor(emulator),
  });
  await emulator.close();
  const example = filesIn(join(repository(), "examples", "adopt"));
  const survey = { "survey.js": example["survey.js"] };
  expect({ status, files: { ...filesIn(out), ...survey } }).toEqual({ status: 0, files: example });
});
