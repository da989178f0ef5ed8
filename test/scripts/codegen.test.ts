import { readFileSync } from "node:fs";
import { join } from "node:path";
import { map } from "../../kubernetes/map";
import { fields } from "../../provider/schema/fields";
import { registeredModel } from "../../provider/schema/tables";
import { madeByService } from "../../provider/schema/outputs";
import { generatedFiles } from "../../scripts/codegen/files";

const committed = (path: string): string =>
  readFileSync(join(__dirname, "..", "..", path), "utf8").replaceAll("\r\n", "\n");

describe("generated files", () => {
  const files = Object.entries(generatedFiles());

  it.each(files)("%s is what `npm run codegen` writes", (path, text) => expect(committed(path)).toBe(text));

  it("are the arguments and the pages", () => {
    expect(files.map(([path]) => path)).toEqual([
      "sdk/args.ts",
      "sdk/model-args.ts",
      "docs/fields.md",
      "docs/migration.md",
    ]);
  });

  it.each(fields.map((row) => [row.input, row] as const))(
    "say of %s what it must be, its default and what a change does",
    (input, row) => {
      const [args, , page] = files.map(([, text]) => text) as [string, string, string];
      const member = new RegExp(
        `/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s+readonly ${input}\\??: pulumi\\.Input`,
      ).exec(args.slice(args.indexOf("export interface AksWebserviceArgs")))![1]!;
      expect(member).toContain("On change: ");
      if (row.rule) expect(member).toContain(`Must be ${row.rule.says}.`);
      if (row.default !== undefined) expect(member).toContain(`@default ${String(row.default)}`);
      const line = page.split("\n").find((text) => text.startsWith(`| \`${input}\``))!;
      expect(line.split(/(?<!\\)\|/)).toHaveLength(9);
      if (row.wire) expect(line).toContain(row.wire);
    },
  );

  it.each(map.map((row) => [row.setting, row] as const))(
    "say of %s what it becomes in an endpoint",
    (setting, { to, source }) => {
      const page = files.find(([path]) => path === "docs/migration.md")![1];
      const [line, ...others] = page.split("\n").filter((text) => text.startsWith(`| \`${setting}\` |`));
      expect(others).toEqual([]);
      for (const { path } of to) expect(line).toContain(`\`${path}\``);
      expect(line).toContain(source);
      expect(line!.split(/(?<!\\)\|/)).toHaveLength(8);
    },
  );

  it("list every output", () => {
    const [args, , page] = files.map(([, text]) => text) as [string, string, string];
    for (const output of [...fields.map((row) => row.input), ...madeByService.map((made) => made.output)]) {
      expect(args).toContain(`  readonly ${output}: pulumi.Output<`);
      expect(page).toContain(`| \`${output}\``);
    }
  });

  it("list every setting and output of a model", () => {
    const modelArgs = files.find(([path]) => path === "sdk/model-args.ts")![1];
    for (const { input, doc } of registeredModel.fields) {
      expect(modelArgs).toMatch(new RegExp(`readonly ${input}\\??: pulumi\\.Input<`));
      expect(modelArgs).toContain(doc);
    }
    for (const name of [
      ...registeredModel.fields.map((row) => row.input),
      ...registeredModel.made.map((made) => made.output),
    ])
      expect(modelArgs).toContain(`  readonly ${name}: pulumi.Output<`);
  });
});
