import { inputOf } from "../schema/fields";
import { check as checkInputs, URN, type Checked } from "../core/check";
import { isArchive, isContent } from "../core/content";
import type { CheckFailure } from "../core/check-failure";
import { asConfig } from "../core/inference-config/config";
import { createMessages } from "../core/messages";
import { isEntryScript } from "../core/inference-config/rules";
import { ownName, peek } from "../packaging/entries";
import { readSource, SourceError, type Source } from "../packaging/source";
import { scriptMissing } from "./code";
import { say, type ProviderContext, type Values } from "./context";
import { previewCreate } from "./live-preview";

/** Refuses bad input with every failure at once, and makes the inputs complete. Only local files are looked at. */
export const check =
  (provider: ProviderContext) =>
  async (
    previous: Values,
    desired: Values,
  ): Promise<{ inputs: Values; failures: { property: string; reason: string }[] }> => {
    const checked: Checked = checkInputs(previous, desired, await provider.settings());
    const { failures, replacesItself } = provider.programNames(previous, checked.inputs);
    const found = [...checked.failures, ...failures, ...(await codeFailures(checked.inputs))];
    const isNew = Object.keys(previous).length === 0;
    if (isNew && found.length === 0) {
      say(provider, String(checked.inputs[URN] ?? ""), createMessages(checked.inputs));
      found.push(...(await previewCreate(provider, checked.inputs, replacesItself)));
    }
    return { inputs: { ...checked.inputs }, failures: found };
  };

/** What is wrong with the files of the program's code; of an archive file, only what needs no unpacking. */
const codeFailures = async (inputs: Values) => {
  const input = inputOf("inferenceConfig");
  const config = asConfig(inputs[input]);
  if (!config || !isContent(config.source)) return [];
  const { entryScript, source } = config;
  const failures = await sourceFailures(`${input}.source`, source, (names, read) =>
    isEntryScript(entryScript)
      ? lacksScript(entryScript, isArchive(source) ? names : onlyName(read))
      : undefined,
  );
  return failures.map((failure) => ({ ...failure, property: "" }));
};

/** A single file is the entry script itself; a text has no name that could be another. */
const onlyName = (source: Source): readonly string[] => {
  const name = ownName(source);
  return name === undefined ? [] : [name];
};

const lacksScript = (entryScript: string, names: readonly string[]): string | undefined => {
  if (names.length === 0 || names.includes(entryScript)) return undefined;
  const [expected, found, next] = scriptMissing(entryScript, names);
  return `EntryScriptMissing: expected ${expected}; found ${found}. ${next}`;
};

/**
 * What is wrong with the files of an asset or archive, as a failure of the input that holds it; no archive file is unpacked.
 *
 * @param also judges the names of the files, where they are known
 */
export const sourceFailures = async (
  property: string,
  value: unknown,
  also: (names: readonly string[], source: Source) => string | undefined = () => undefined,
): Promise<readonly CheckFailure[]> => {
  try {
    const source = readSource(value);
    const names = await peek(source);
    const reason = names && also(names, source);
    return reason ? [{ property, reason }] : [];
  } catch (error) {
    if (error instanceof SourceError) return [{ property, reason: error.message }];
    throw error;
  }
};
