import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./project-folder";

/** What a comparison came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** What was not run. */
  readonly skipped: number;
}

/** Writes reports/NAME.json: the counts, which `.ci/run` adds up, and what they were made of. */
export function writeReport(name: string, counts: Counts, details: object = {}): void {
  const folder = join(repository(), "reports");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ ...counts, ...details }, undefined, 2)}\n`);
}
