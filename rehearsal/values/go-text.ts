import { isList, isMap, Secret } from "./property";
import type { Property } from "./property";

/** A value as the engine, which is written in Go, puts it into a sentence: `{2}`, `{<nil>}`, `{map[a:{1}]}`. */
export const goText = (value: Property | undefined): string => `{${inside(value)}}`;

function inside(value: Property | undefined): string {
  if (value === undefined || value === null) return "<nil>";
  if (value instanceof Secret) return `&{${goText(value.element)}}`;
  if (isList(value)) return `[${value.map(goText).join(" ")}]`;
  if (!isMap(value)) return typeof value === "object" ? JSON.stringify(value) : String(value);
  const members = Object.keys(value).sort();
  return `map[${members.map((key) => `${key}:${goText(value[key])}`).join(" ")}]`;
}
