import { createHash } from "node:crypto";

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
