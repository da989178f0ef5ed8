import { isDeepStrictEqual } from "node:util";

/** One thing that a step claims, and whether it is so. */
export interface Check {
  readonly claim: string;
  readonly passed: boolean;
  /** For a check that failed: what was expected and what was found. */
  readonly expected?: unknown;
  readonly found?: unknown;
}

/** Compares as JSON does: order counts in lists, not in objects. */
export const checked = (claim: string, found: unknown, expected: unknown): Check =>
  isDeepStrictEqual(found, expected) ? { claim, passed: true } : { claim, passed: false, expected, found };

/** Whether a text says something. */
export const checkedText = (claim: string, text: string, part: string | RegExp): Check =>
  (typeof part === "string" ? text.includes(part) : part.test(text))
    ? { claim, passed: true }
    : { claim, passed: false, expected: String(part), found: text };

/** One line for a check; what was expected and found below one that failed. */
export const linesOf = ({ claim, passed, expected, found }: Check): readonly string[] =>
  passed
    ? [`pass  ${claim}`]
    : [
        `fail  ${claim}`,
        `      expected ${JSON.stringify(expected)}`,
        `      found    ${JSON.stringify(found)}`,
      ];
