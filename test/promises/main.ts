import { parseArgs } from "node:util";
import { writeReport } from "../harness/report";
import { drawn } from "./drawn";
import { nameOf, openBench, shownSummary, shownVerdict, summary, table } from "./table";

/**
 * `npm run promises -- --seed N [--rows N] [--only TEXT] [--all-text]`: all rows unless told how many.
 * @returns the exit status
 */
export async function main(args: readonly string[], print: (text: string) => void): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: "1" },
      rows: { type: "string" },
      only: { type: "string" },
      "all-text": { type: "boolean", default: false },
    },
  });
  const pattern = new RegExp(values.only ?? "", "i");
  const all = table().rows.filter((row) => pattern.test(nameOf(row)));
  const rows = drawn(all, Number(values.seed), Number(values.rows ?? all.length));
  const bench = await openBench(rows.length);
  const run = bench.run(rows, (verdict) => {
    if (values["all-text"] || verdict.findings.length > 0) print(shownVerdict(verdict));
  });
  const verdicts = await run.finally(() => bench.close());
  const total = summary(verdicts);
  const failed = verdicts.filter(({ findings }) => findings.length > 0).length;
  print(`seed ${values.seed}: ${shownSummary(total)}`);
  const counts = { passed: verdicts.length - failed, failed, skipped: 0 };
  writeReport("promises", counts, { seed: Number(values.seed), ...total });
  return failed > 0 ? 1 : 0;
}
