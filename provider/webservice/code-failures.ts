import { inputOf } from "../schema/fields";
import { ownName } from "../packaging/entries";
import type { Source } from "../packaging/source";
import { isArchive, isContent } from "../core/content";
import { asConfig } from "../core/inference-config/config";
import { isEntryScript } from "../core/inference-config/rules";
import { scriptMissing } from "./code";
import { sourceFailures } from "./source-failures";
import type { Values } from "./world";

/** What is wrong with the files of the program's code; of an archive file, only what needs no unpacking. */
export const codeFailures = async (inputs: Values) => {
  const input = inputOf("inferenceConfig");
  const config = asConfig(inputs[input]);
  if (!config || !isContent(config.source)) return [];
  const { entryScript, source } = config;
  const failures = await sourceFailures(`${input}.source`, source, (names, read) =>
    isEntryScript(entryScript) ? misses(entryScript, isArchive(source) ? names : onlyName(read)) : undefined,
  );
  return failures.map((failure) => ({ ...failure, property: "" }));
};

/** A single file is the entry script itself; a text has no name that could be another. */
const onlyName = (source: Source): readonly string[] => {
  const name = ownName(source);
  return name === undefined ? [] : [name];
};

const misses = (entryScript: string, names: readonly string[]): string | undefined => {
  if (names.length === 0 || names.includes(entryScript)) return undefined;
  const [expected, found, next] = scriptMissing(entryScript, names);
  return `EntryScriptMissing: expected ${expected}; found ${found}. ${next}`;
};
