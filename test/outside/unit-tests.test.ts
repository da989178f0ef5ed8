import { join } from "node:path";
import { findPulumi } from "../harness/engines/pulumi";
import { must } from "../harness/run";
import { exampleFolder, forgetOwnSettings } from "../harness/session";
import { environment, installExample, outsideFolder, removeFolder } from "./packed";

jest.setTimeout(600_000);
forgetOwnSettings();

const root = outsideFolder();
afterAll(() => removeFolder(root));

const cli = findPulumi() !== undefined;

(cli ? test : test.skip)(
  `the tests of examples/unit-tests pass where it is copied to${cli ? "" : " (skipped: no Pulumi CLI)"}`,
  async () => {
    const folder = join(root, "unit-tests");
    await installExample(exampleFolder("unit-tests"), folder);
    await must("npm", ["test"], { folder, env: { ...environment(), PULUMI_SKIP_UPDATE_CHECK: "1" } });
  },
);
