import type { RecordedStep } from "./scenario";

/** Where two recordings part. */
export interface Difference {
  /** Such as `step 2 calls[3].news.x`. */
  readonly at: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** The first difference between two runs of a scenario; messages may be worded in their own way. */
export function firstDifference(
  expected: readonly RecordedStep[],
  found: readonly RecordedStep[],
): Difference | undefined {
  for (let i = 0; i < Math.max(expected.length, found.length); i++) {
    const difference = compare(comparable(expected[i]), comparable(found[i]), `step ${i + 1}`);
    if (difference) return difference;
  }
  return undefined;
}

function comparable(step: RecordedStep | undefined): unknown {
  if (!step) return undefined;
  const { command, exitCode, calls, steps, diagnostics, summaries, state } = step;
  const where = diagnostics.map(({ urn, severity }) => ({ urn, severity }));
  return { command, exitCode, calls, steps, diagnostics: where, summaries, state };
}

function compare(expected: unknown, found: unknown, at: string): Difference | undefined {
  if (!isObject(expected) || !isObject(found) || Array.isArray(expected) !== Array.isArray(found)) {
    return Object.is(expected, found) ? undefined : { at, expected, found };
  }
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  for (const key of keys) {
    const place = Array.isArray(expected)
      ? `${at}[${key}]`
      : at.startsWith("step") && !at.includes(" ", 5)
        ? `${at} ${key}`
        : `${at}.${key}`;
    const difference = compare(expected[key], found[key], place);
    if (difference) return difference;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
