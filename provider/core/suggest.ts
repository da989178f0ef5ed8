import { distance } from "fastest-levenshtein";
import { fields } from "../schema/fields";

const comparable = (name: string): string => name.replace(/[-_]/g, "").toLowerCase();

/** The one of the names that a misspelt one most likely means; undefined when none is near. */
export const nearest = (name: string, names: readonly string[]): string | undefined => {
  const wanted = comparable(name);
  const [best] = names
    .map((known) => ({ known, away: distance(wanted, comparable(known)) }))
    .sort((a, b) => a.away - b.away);
  return best && best.away <= Math.max(2, Math.floor(wanted.length / 3)) ? best.known : undefined;
};

/** The setting that a misspelt name most likely means. */
export const nearestSetting = (name: string): string | undefined =>
  nearest(
    name,
    fields.map(({ input }) => input),
  );
