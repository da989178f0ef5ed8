import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Counts } from "../test/harness/report";

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** Counts of one runner's report: jest's own form, or { passed, failed, skipped }. */
const countsOf = (report: JestReport | Counts): Counts =>
  "numPassedTests" in report
    ? {
        passed: report.numPassedTests,
        // A file that cannot be loaded has no tests to count, and must not pass for it.
        failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
        skipped: report.numPendingTests + report.numTodoTests,
      }
    : { passed: report.passed, failed: report.failed, skipped: report.skipped };

const folder = process.argv[2] ?? "reports";
const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
const counts = files.map((file) => countsOf(JSON.parse(readFileSync(join(folder, file), "utf8"))));
const total = (key: keyof Counts): number => counts.reduce((sum, count) => sum + count[key], 0);

if (files.length === 0) throw new Error(`NoReports: ${folder} holds no report; did a runner start at all?`);
console.log(`Tests: ${total("passed")} passed, ${total("failed")} failed, ${total("skipped")} skipped`);
process.exitCode = total("failed") > 0 ? 1 : 0;
