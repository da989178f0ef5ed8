import { join } from "node:path";
import * as ts from "typescript";

const root = join(__dirname, "..", "..");

it("the arguments' types accept right use and refuse wrong use", () => {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, incremental: false, tsBuildInfoFile: undefined, noEmit: true },
    root,
  );
  const file = join(__dirname, "types.ts");
  const compiled = ts.createProgram([file], options);
  const found = ts.getPreEmitDiagnostics(compiled, compiled.getSourceFile(file));
  expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
  expect(compiled.getSourceFile(file)!.text.match(/@ts-expect-error/g)).toHaveLength(14);
}, 60_000);
