import { passes, runAll, select, shownVerdict, summary } from "./matrix";

jest.setTimeout(600_000);

const SEED = 20_261_124;
const SAMPLE = 150;

it(`a sample of ${SAMPLE} faults loses, duplicates and deletes nothing, and the next run ends what they broke off`, async () => {
  const verdicts = await runAll(await select({ seed: SEED, sample: SAMPLE }));
  expect(verdicts.filter((verdict) => !passes(verdict)).map(shownVerdict)).toEqual([]);
  expect(summary(verdicts).cells).toBe(SAMPLE);
});
