import { join } from "node:path";
import * as ts from "typescript";

const root = join(__dirname, "..", "..");

it.each([
  ["the arguments' types", "types.ts", 14],
  ["the types of outputs, functions and errors", "types-public.ts", 13],
])(
  "%s accept right use and refuse wrong use",
  (_, name, refused) => {
    const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
      config: { compilerOptions: object };
    };
    const { options } = ts.convertCompilerOptionsFromJson(
      { ...config.compilerOptions, incremental: false, tsBuildInfoFile: undefined, noEmit: true },
      root,
    );
    const file = join(__dirname, name);
    const compiled = ts.createProgram([file], options);
    const found = ts.getPreEmitDiagnostics(compiled, compiled.getSourceFile(file));
    expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
    expect(compiled.getSourceFile(file)!.text.match(/@ts-expect-error/g)).toHaveLength(refused);
  },
  60_000,
);
