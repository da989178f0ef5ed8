import { peek } from "../packaging/entries";
import { readSource, type Source, SourceError } from "../packaging/source";

/** A refused input, as the engine shows it. */
interface Failure {
  readonly property: string;
  readonly reason: string;
}

/**
 * What is wrong with the files of an asset or archive, as a failure of the input that holds it; no archive file is unpacked.
 *
 * @param also judges the names of the files, where they are known
 */
export const sourceFailures = async (
  property: string,
  value: unknown,
  also: (names: readonly string[], source: Source) => string | undefined = () => undefined,
): Promise<readonly Failure[]> => {
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
