import { createHash } from "node:crypto";
import { distance } from "fastest-levenshtein";
import { fields } from "../schema/fields";

const LONGEST = 32;

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "");

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A service name made from the resource's name, the last part of its URN; the same for the same URN. */
export const defaultServiceName = (urn: string): string => {
  const name = slug(urn.split("::").at(-1) ?? "");
  const long = name.length < 3 ? ["service", name].filter(Boolean).join("-") : name;
  return long.length <= LONGEST ? long : `${long.slice(0, 24).replace(/-+$/, "")}-${hash(urn).slice(0, 7)}`;
};

/** A model's name made from the resource's name; not always one that the workspace takes. */
export const defaultModelName = (urn: string): string =>
  (urn.split("::").at(-1) ?? "").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");

const comparable = (name: string): string => name.replace(/[-_]/g, "").toLowerCase();

/** The one of the names that a misspelt one most likely means; undefined when none is near. */
export const nearest = (name: string, names: readonly string[]): string | undefined => {
  const desired = comparable(name);
  const [best] = names
    .map((known) => ({ known, away: distance(desired, comparable(known)) }))
    .sort((a, b) => a.away - b.away);
  return best && best.away <= Math.max(2, Math.floor(desired.length / 3)) ? best.known : undefined;
};

/** The setting that a misspelt name most likely means. */
export const nearestSetting = (name: string): string | undefined =>
  nearest(
    name,
    fields.map(({ input }) => input),
  );
