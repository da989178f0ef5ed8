import { distance } from "fastest-levenshtein";
import { fields } from "../model/fields";

const comparable = (name: string): string => name.replace(/[-_]/g, "").toLowerCase();

/** The setting that a misspelt name most likely means; undefined when none is near. */
export const nearestSetting = (name: string): string | undefined => {
  const wanted = comparable(name);
  const ranked = fields
    .map((row) => ({ input: row.input, away: distance(wanted, comparable(row.input)) }))
    .sort((a, b) => a.away - b.away);
  const best = ranked[0];
  return best && best.away <= Math.max(2, Math.floor(wanted.length / 3)) ? best.input : undefined;
};
