import fc from "fast-check";
import { writeFileSync } from "node:fs";

/** What is planted, by the kind that the report must give it. */
export const kinds = ["number", "missing", "order", "type", "status"] as const;
export type Kind = (typeof kinds)[number];

/** Which inputs the new side answers differently. */
export type Planted = ReadonlyMap<number, Kind>;

const EACH = 2;

/** Two differences of each kind, at inputs that the seed picks. */
export const plantedIn = (inputs: number, seed: number): Planted => {
  const count = EACH * kinds.length;
  const all = fc.shuffledSubarray([...Array(inputs).keys()], { minLength: count, maxLength: count });
  const [picked] = fc.sample(all, { seed, numRuns: 1 }) as [number[]];
  return new Map(picked.map((n, index) => [n, kinds[index % kinds.length]!]));
};

/** Input `n` is on line `n + 1`. */
export const writeInputs = (file: string, inputs: number): void =>
  writeFileSync(
    file,
    [...Array(inputs).keys()]
      .map((n) => `${JSON.stringify({ n, data: [n + 0.25, n + 0.5, 1 / (n + 1)] })}\n`)
      .join(""),
  );
