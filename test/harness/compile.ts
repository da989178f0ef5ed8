import { join } from "node:path";
import * as ts from "typescript";
import { repository } from "./project-folder";

/**
 * What the compiler finds wrong with files, `FILE:LINE: message`, by the settings of this repository.
 *
 * @param files paths in the repository, each with its text, which need not be on the disk
 * @param more settings as tsconfig.json has them
 */
export function compileErrors(
  files: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>> = {},
): readonly string[] {
  const root = repository();
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const alone = { incremental: false, tsBuildInfoFile: undefined, noEmit: true };
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, ...alone, ...more },
    root,
  );
  const texts = new Map(Object.entries(files).map(([file, text]) => [join(root, file), text]));
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.getSourceFile = (file, settings, ...rest) =>
    texts.has(file)
      ? ts.createSourceFile(file, texts.get(file)!, settings)
      : getSourceFile(file, settings, ...rest);
  const compiled = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].flatMap((file) => {
    const source = compiled.getSourceFile(file);
    return ts.getPreEmitDiagnostics(compiled, source).map(({ messageText, start }) => {
      const line = source!.getLineAndCharacterOfPosition(start ?? 0).line + 1;
      return `${file.slice(root.length + 1)}:${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
  });
}
