import { openBench, shownSummary, shownVerdict, summary, table } from "./table";
import { drawn } from "./drawn";

jest.setTimeout(300_000);

const SEED = Number(process.env["PROMISES_SEED"] ?? 20_261_124);
const SAMPLE = Number(process.env["PROMISES_ROWS"] ?? 80);

it(`what a preview shows is what happens, and nobody's service is taken: ${SAMPLE} rows, seed ${SEED}`, async () => {
  const bench = await openBench(SAMPLE);
  const run = bench.run(drawn(table().rows, SEED, SAMPLE));
  const verdicts = await run.finally(() => bench.close());
  process.stdout.write(`${shownSummary(summary(verdicts))}\n`);
  expect(verdicts.filter(({ findings }) => findings.length > 0).map(shownVerdict)).toEqual([]);
});
