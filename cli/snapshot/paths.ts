import { createHash } from "node:crypto";

const LONGEST = 100;
/** Windows keeps these for itself, whatever follows the dot. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** A name as one piece of a path on every system; what cannot stay as it is gets a hash, so that no two become one. */
const piece = (name: string): string => {
  const plain = name
    .replace(/[<>:"|?*\\/\p{Cc}\p{Cf}\p{Surrogate}]/gu, "_")
    .replace(/[. ]+$/, "_")
    .slice(0, LONGEST);
  const isPlain = plain === name && !DEVICES.test(name) && name !== "";
  return isPlain ? name : `${plain}-${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
};

/** A path within a snapshot, whatever the names: no piece leads out of it. */
export const pathOf = (...names: readonly string[]): string => names.map(piece).join("/");

/** The pieces of a path that a workspace names. */
export const pieces = (path: string): readonly string[] => path.split("/").filter((name) => name !== "");
