import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repository } from "../harness/project-folder";
import { writeReport } from "../harness/report";
import { countRows, joinReports, troubleOf, type TestReport } from "./join";
import { parityPage } from "./page";
import { parityTable } from "./table";

const root = repository();
const page = join(root, "docs", "parity.md");
const reports = join(root, "reports");

const readReports = (): TestReport[] => {
  const files = existsSync(reports) ? readdirSync(reports).filter((file) => /^jest.*\.json$/.test(file)) : [];
  if (files.length === 0)
    throw new Error(
      "NoReports: expected reports/jest*.json of a test run, found none. Run `npm test` first.",
    );
  return files.map((file) => JSON.parse(readFileSync(join(reports, file), "utf8")) as TestReport);
};

const check = (): boolean => {
  const rows = joinReports(parityTable, readReports(), root);
  for (const row of rows)
    for (const trouble of troubleOf(row)) console.log(`✗ ${row.of} ${row.member}: ${trouble}`);
  const counts = countRows(rows);
  const current = existsSync(page) && readFileSync(page, "utf8") === parityPage(parityTable);
  if (!current) console.log("✗ docs/parity.md is not what the table says: run `npm run parity -- --write`");
  writeReport("parity", counts);
  console.log(
    `Parity: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped, of ${rows.length} rows`,
  );
  return current && counts.failed === 0 && counts.skipped === 0;
};

/** @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { write: { type: "boolean", default: false } } });
  if (!values.write) return check() ? 0 : 1;
  writeFileSync(page, parityPage(parityTable));
  console.log(`wrote docs/parity.md, ${parityTable.length} rows`);
  return 0;
}
