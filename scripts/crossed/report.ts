import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Check } from "../demo/checks";
import { repository } from "../demo/project-folder";

/** What was checked in one part. */
export interface PartResult {
  readonly part: string;
  readonly checks: readonly Check[];
}

export interface Count {
  readonly passed: number;
  readonly failed: number;
  /** Parts that were not run. */
  readonly skipped: number;
}

/** One line for a check; what was expected and found below one that failed. */
export const linesOf = ({ claim, passed, expected, found }: Check): readonly string[] =>
  passed
    ? [`pass  ${claim}`]
    : [
        `fail  ${claim}`,
        `      expected ${JSON.stringify(expected)}`,
        `      found    ${JSON.stringify(found)}`,
      ];

export const countOf = (results: readonly PartResult[], skipped: number): Count => {
  const checks = results.flatMap((result) => result.checks);
  const passed = checks.filter((check) => check.passed).length;
  return { passed, failed: checks.length - passed, skipped };
};

/** Writes reports/crossed.json. */
export function writeReport(count: Count, parts: readonly PartResult[]): void {
  const file = join(repository(), "reports", "crossed.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...count, parts }, undefined, 2)}\n`);
}
