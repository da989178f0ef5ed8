import { createHash } from "node:crypto";

/** So many of them, in an order that is the same for the same seed. */
export const drawn = <T>(all: readonly T[], seed: number, count: number): readonly T[] => {
  const place = (index: number): string => createHash("sha256").update(`${seed} ${index}`).digest("hex");
  return all
    .map((each, index) => ({ each, place: place(index) }))
    .sort((one, other) => (one.place < other.place ? -1 : 1))
    .slice(0, count)
    .map(({ each }) => each);
};
