import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../harness/project-folder";
import { exampleFolder } from "../../harness/session";
import { rehearsalEngine } from "../../harness/engines/rehearsal";
import { testExamples } from "./run-examples";
import { examples } from "./table";

/** Folders under examples/ that have a Pulumi.yaml, however deep. */
const folders = (under: string): readonly string[] =>
  readdirSync(join(repository(), "examples", under), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map((entry) => join(under, entry.name))
    .flatMap((folder) => [...(isProject(folder) ? [folder] : []), ...folders(folder)]);

const isProject = (folder: string): boolean => existsSync(join(exampleFolder(folder), "Pulumi.yaml"));

test("every example is run by this suite", () => {
  const rows = new Set(examples.map(({ folder }) => folder));
  expect([...rows].sort()).toEqual([...folders(".")].sort());
});

describe("examples under the rehearsal engine", () =>
  testExamples(rehearsalEngine, examples, ({ notUnderRehearsal }) => notUnderRehearsal));
