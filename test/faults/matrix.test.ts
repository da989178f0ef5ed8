import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hands } from "./hands";
import { passes, runAll, select, shownVerdict, summary } from "./matrix";

jest.setTimeout(600_000);

const SEED = 20_261_124;
const SAMPLE = 150;

it(`a sample of ${SAMPLE} faults loses, duplicates and deletes nothing, and the next run ends what they broke off`, async () => {
  const verdicts = await runAll(await select({ seed: SEED, sample: SAMPLE }));
  expect(verdicts.filter((verdict) => !passes(verdict)).map(shownVerdict)).toEqual([]);
  expect(summary(verdicts).cells).toBe(SAMPLE);
});

it("docs/reliability.md has a row for each of the few kinds of hands that it takes", () => {
  const page = readFileSync(join(__dirname, "..", "..", "docs", "reliability.md"), "utf8");
  const rows = page.split("\n").filter((line) => /^\| .*then `pulumi up` *\|$/.test(line));
  expect(hands.length).toBeLessThanOrEqual(5);
  expect(rows).toHaveLength(hands.length);
  for (const hand of hands) expect(rows.join("\n")).toContain(hand.split(":")[0]);
});
