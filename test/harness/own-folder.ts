import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is gone when the tests around it have ended. */
export const ownFolder = (name = "azureml-test"): string => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), `${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
};

/** The Pulumi.yaml of a project whose program is index.js. */
export const projectYaml = (name: string): string =>
  `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.js\n`;

/** A project whose program is in JavaScript, in a folder of its own. */
export const ownProject = (name: string, program: string): string => {
  const folder = ownFolder(name);
  writeFileSync(join(folder, "index.js"), program);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true }));
  writeFileSync(join(folder, "Pulumi.yaml"), projectYaml(name));
  return folder;
};
