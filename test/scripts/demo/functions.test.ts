import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as azureml from "pulumi-azureml";

const repository = join(__dirname, "..", "..", "..");
const read = (...parts: readonly string[]): string => readFileSync(join(repository, ...parts), "utf8");

/** A variant that takes Inputs calls the function of its name. */
const isVariant = (name: string): boolean =>
  name.endsWith("Output") && name.slice(0, -"Output".length) in azureml;

/** Classes are functions too, with a capital. */
const functions = Object.entries(azureml)
  .filter(([name, value]) => typeof value === "function" && /^[a-z]/.test(name) && !isVariant(name))
  .map(([name]) => name);

const chapters = readdirSync(join(repository, "scripts", "demo", "chapters"))
  .map((file) => read("scripts", "demo", "chapters", file))
  .join("\n");

/** The text of the examples that the demo runs, as programs or as scripts. */
const taken = [
  ...[...chapters.matchAll(/useExampleCode\("([\w-]+)"\)/g)].flatMap(([, example = ""]) =>
    readdirSync(join(repository, "examples", example))
      .filter((file) => file.endsWith(".ts"))
      .map((file) => read("examples", example, file)),
  ),
  ...[...chapters.matchAll(/script\("([^"]+)"/g)].map(([, file = ""]) => read(file)),
].join("\n");

test("there are functions to look for", () => {
  expect(functions).toContain("runService");
  expect(functions.length).toBeGreaterThanOrEqual(13);
});

test.each([...functions, "run", "getLogs"])("the demo runs an example that calls %s", (name) => {
  expect(taken).toMatch(new RegExp(`\\b${name}\\(`));
});
