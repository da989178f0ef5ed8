import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const page = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
const walks = page.slice(page.indexOf("## Three walks"), page.indexOf("## If you change"));
const scripts = Object.keys(
  (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> })
    .scripts,
);

/** What stands between backticks and begins with a folder of this repository. */
const named = (text: string): readonly string[] => [
  ...new Set(
    [
      ...text.matchAll(/`((?:provider|sdk|emulator|rehearsal|tools|scripts|test|docs|cli)\/[\w./-]*)…?`/g),
    ].map(([, path]) => path!),
  ),
];

test("every file and folder that CONTRIBUTING.md names exists", () => {
  expect(named(page).length).toBeGreaterThan(30);
  expect(named(page).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("the walks go through files, and what they name as a function of a file is exported there", () => {
  expect(named(walks).filter((path) => path.endsWith(".ts")).length).toBeGreaterThan(20);
  const functions = [...walks.matchAll(/`(\w+)`\s+in\s+`([\w./-]+\.ts)`/g)];
  expect(functions.map(([, name]) => name)).toEqual(["createBody", "compare"]);
  for (const [, name, path] of functions)
    expect(readFileSync(join(root, path!), "utf8")).toContain(`export const ${name} = `);
});

test("every npm script that CONTRIBUTING.md names exists", () => {
  const commands = [...page.matchAll(/`npm run ([\w:-]+)/g)].map(([, name]) => name!);
  expect(commands.length).toBeGreaterThan(10);
  expect(commands.filter((name) => !scripts.includes(name))).toEqual([]);
});
