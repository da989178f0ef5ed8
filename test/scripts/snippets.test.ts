import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileErrors } from "../harness/compile";
import { pages } from "../harness/pages";
import { repository } from "../harness/project-folder";

const root = repository();
/** What a page says elsewhere of the program that it shows a part of. */
const KNOWN: Readonly<Record<string, string>> = {
  pulumi: 'import * as pulumi from "@pulumi/pulumi";',
  azureml: 'import * as azureml from "pulumi-azureml";',
  service: 'declare const service: import("pulumi-azureml").AksWebservice;',
  emulator: 'declare const emulator: import("pulumi-azureml/emulator").Emulator;',
  stack: 'declare const stack: import("../rehearsal").Stack;',
  projectDir: "declare const projectDir: string, stateDir: string, passphrase: string, configFile: string;",
};

/** The snippet as a module: before it, in one line, what it needs of the rest of its program. */
function asModule(text: string): string {
  const missing = Object.entries(KNOWN)
    .filter(([name]) => new RegExp(`\\b${name}\\b`).test(text))
    .filter(([name]) => !new RegExp(`(const|import \\* as) ${name}\\b`).test(text));
  return `${missing.map(([, declared]) => declared).join(" ")} export {};\n${text}`;
}

const snippets = pages().flatMap((page) =>
  [...readFileSync(join(root, page), "utf8").matchAll(/^```ts\n(.*?)^```/gms)].map(
    ([, text], place) =>
      [join("docs", `${page.replaceAll("/", "-")}-${place + 1}.ts`), asModule(text!)] as const,
  ),
);

/** What is shown may leave things to the rest of a program, and waits as a module may. */
const settings = { noUnusedLocals: false, module: "esnext", moduleResolution: "bundler" };

it("what the pages show in TypeScript compiles", () => {
  expect(snippets.length).toBeGreaterThan(8);
  expect(compileErrors(Object.fromEntries(snippets), settings)).toEqual([]);
});

it("a mistake in what is shown would be found", () => {
  const wrong =
    'const s = new azureml.AksWebservice("fraud", { memoryGB: 1 });\nexport const u = s.scoringURL;\n';
  expect(compileErrors({ "docs/wrong.ts": asModule(wrong) }, settings)).toEqual([
    expect.stringContaining("memoryGB"),
    expect.stringContaining("scoringURL"),
  ]);
});
