import { promises as fs } from "node:fs";
import { isObject } from "../../provider/azure/response";
import { CannotRun } from "../cannot-run";
import { cannotWrite } from "../folder";
import type { InputResult } from "./verdict";

/** What must be the same for results of an earlier run to count. */
export interface Terms {
  readonly old: string;
  readonly new: string;
  readonly absolute: number;
  readonly relative: number;
  readonly ignore: readonly string[];
  readonly unordered: readonly string[];
  readonly maxAnswer: number;
}

/** Results as they are made: each a line of a file, where there is one. */
export interface Progress {
  /** Of earlier runs, by the input's digest. */
  readonly results: ReadonlyMap<string, InputResult>;
  add(result: InputResult): Promise<void>;
  close(): Promise<void>;
}

const FORMAT = 1;

export const withoutFile: Progress = {
  results: new Map(),
  add: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/**
 * Opens the file in which a run keeps its results, and reads those of earlier runs. What a run that was ended left of a last
 * line is cut off.
 *
 * @throws CannotRun OtherRun for a file of other terms; CannotRead for a file that is none
 */
export const openProgress = async (path: string, terms: Terms): Promise<Progress> => {
  const bytes = await existing(path);
  const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
  const [head, ...lines] = whole.toString().split("\n").slice(0, -1);
  if (head === undefined && bytes.length > 0 && bytes[0] !== 0x7b) throw notOurs(path, "line 1");
  if (head !== undefined) assertSameTerms(path, head, terms);
  const results = new Map<string, InputResult>();
  for (const [index, line] of lines.entries()) {
    const result = parsed(line) as InputResult | undefined;
    if (typeof result?.digest !== "string" || typeof result.result !== "string")
      throw notOurs(path, `line ${index + 2}`);
    results.set(result.digest, result);
  }
  try {
    const file = await fs.open(path, "a", 0o600);
    await file.truncate(whole.length);
    const write = async (value: object): Promise<void> => {
      try {
        await file.appendFile(`${JSON.stringify(value)}\n`);
      } catch (error) {
        throw cannotWrite(path, error);
      }
    };
    if (head === undefined) await write({ format: FORMAT, command: "compare", terms });
    return { results, add: write, close: () => file.close() };
  } catch (error) {
    throw cannotWrite(path, error);
  }
};

const existing = async (path: string): Promise<Buffer> => {
  try {
    return await fs.readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw new CannotRun(
      "CannotRead",
      `expected a file in --resume, or none, at ${path}, found that it cannot be read: ${(error as Error).message}. Name another.`,
    );
  }
};

const notOurs = (path: string, where: string): CannotRun =>
  new CannotRun(
    "CannotRead",
    `expected a file that compare --resume has written at ${path}, found something else in ${where}. Name another file.`,
  );

const parsed = (line: string): unknown => {
  try {
    const value = JSON.parse(line) as unknown;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const assertSameTerms = (path: string, head: string, terms: Terms): void => {
  const header = parsed(head) as { format?: unknown; command?: unknown; terms?: unknown } | undefined;
  if (header?.format !== FORMAT || header.command !== "compare" || !isObject(header.terms))
    throw notOurs(path, "line 1");
  const before = header.terms;
  const changed = Object.entries(terms).find(
    ([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value),
  );
  if (changed === undefined) return;
  const [name, value] = changed;
  throw new CannotRun(
    "OtherRun",
    `expected the run of ${path} with --${optionOf(name)} ${JSON.stringify(before[name])}, found ${JSON.stringify(value)}. ` +
      "Give the same options to carry it on, or name another file in --resume to begin anew.",
  );
};

const optionOf = (name: string): string => (name === "maxAnswer" ? "max-answer" : name);
