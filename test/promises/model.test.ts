import * as fc from "fast-check";
import { beginSequence, endSequence, openLane, step, type Lane } from "./model";

jest.setTimeout(600_000);

const SEED = Number(process.env["PROMISES_SEED"] ?? 20_261_124);
const RUNS = Number(process.env["PROMISES_RUNS"] ?? 8);
/** To find the shortest sequence takes minutes. */
const SHRINKS = process.env["PROMISES_SHRINK"] !== undefined;

let lane: Lane;
beforeAll(async () => {
  lane = await openLane();
});
afterAll(() => lane.close());

it(`two stacks, whoever else, and a provider that is killed: ${RUNS} sequences, seed ${SEED}`, async () => {
  const sequences = fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
    const sequence = beginSequence(lane);
    try {
      for (const each of steps) await each.run(sequence);
      await endSequence(sequence);
    } finally {
      if (await lane.hands.live(sequence.service)) await lane.hands.remove(sequence.service);
    }
  });
  await fc.assert(sequences, { seed: SEED, numRuns: RUNS, endOnFailure: !SHRINKS });
});
