import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import ts from "typescript";
import { identifiers, jsonText, literal, textLiteral } from "../../cli/literal";
import { repository } from "../harness/project-folder";
import { ownFolder } from "../harness/own-folder";
import { awkwardTexts } from "./shapes";

const folder = ownFolder();

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.string({ maxLength: 30 }),
  fc.constantFrom(...awkwardTexts),
  fc
    .array(fc.constantFrom('"', "'", "\\", "`", "$", "{", "\n", "\u2028", "\u202e", "a"), { maxLength: 8 })
    .map((all) => all.join("")),
);
const map = fc.dictionary(text, text, { maxKeys: 5, noNullPrototype: true });
const value = fc.record({
  // A list holds names of models, which are plain: how wide another character is shown is not ours to know.
  texts: fc.array(fc.string({ maxLength: 40 }), { maxLength: 4 }),
  map,
  number: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
  flag: fc.boolean(),
});

const evaluated = (source: string): unknown => new Function(`return (${source})`)() as unknown;

test("a literal is the value, in TypeScript and in JSON", () => {
  fc.assert(
    fc.property(value, (given) => {
      expect(evaluated(literal(given, { indent: 0, before: 0 }))).toEqual(given);
      expect(JSON.parse(jsonText(given))).toEqual(given);
    }),
  );
});

test.each([
  [
    "a key that would be the prototype",
    JSON.parse('{"__proto__":"x"}') as object,
    '{\n  ["__proto__"]: "x",\n}',
  ],
  [
    "no text ends a line, turns it or hides in it",
    "\u2028\u202e\u200b\ufeff\u{e0041}",
    '"\\u2028\\u202e\\u200b\\ufeff\\udb40\\udc41"',
  ],
  ["half a character", "\ud83e", '"\\ud83e"'],
  ["more double quotes than single ones", `"a" 'b`, `'"a" \\'b'`],
  ["as many single quotes as double ones", `"a'`, `"\\"a'"`],
  ["a backslash before a quote", `\\" "`, `'\\\\" "'`],
  ["a template is a text", "${a} `b`", '"${a} `b`"'],
  ["a small number", 1e-7, "1e-7"],
  ["a large number", 1e21, "1e21"],
  ["nothing in it", { a: {}, b: [] }, "{\n  a: {},\n  b: [],\n}"],
])("%s", (_, given, expected) => {
  expect(literal(given, { indent: 0, before: 0 })).toBe(expected);
});

test("Prettier has nothing to change, whatever the texts and keys", () => {
  const values = fc.sample(value, { numRuns: 200, seed: 3 });
  const source = values.map(
    (given, at) =>
      `const value${at} = ${literal(given, { indent: 0, before: `const value${at} = `.length })};\n`,
  );
  writeFileSync(join(folder, "values.ts"), source.join(""));
  writeFileSync(join(folder, "values.json"), jsonText(values));
  const prettier = join(repository(), "node_modules", "prettier", "bin", "prettier.cjs");
  for (const file of ["values.ts", "values.json"]) {
    const formatted = execFileSync(process.execPath, [prettier, "--no-config", join(folder, file)], {
      encoding: "utf8",
    });
    expect(formatted).toBe(file === "values.ts" ? source.join("") : jsonText(values));
  }
});

const name = fc.oneof(
  fc.stringMatching(/^[a-z]([-a-z0-9]{0,8}[a-z0-9])?$/),
  fc.constantFrom("class", "new", "await", "a-b", "a--b", "ab", "a-b2", "azureml", "eval"),
  fc.string({ maxLength: 8 }),
);

test("identifiers are all different, are none of the language's, and do not depend on the order", () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 12 }), (names) => {
      const found = identifiers(names);
      expect(new Set(found.values()).size).toBe(names.length);
      expect(identifiers([...names].reverse())).toEqual(found);
      for (const identifier of found.values()) {
        const { diagnostics } = ts.transpileModule(`export const ${identifier} = 1;`, {
          reportDiagnostics: true,
          compilerOptions: { target: ts.ScriptTarget.ES2020 },
        });
        expect(diagnostics).toEqual([]);
        expect(identifier).not.toBe("azureml");
      }
    }),
    { numRuns: 50 },
  );
});

test("a text in double quotes is one for JSON too", () => {
  for (const given of awkwardTexts) expect(JSON.parse(textLiteral(given, "double"))).toBe(given);
});
