import { fields } from "../schema/fields";
import { entriesOf, entryOf } from "./additive-maps";

/**
 * Whose a service is, by its own properties. A property can be added and never changed, so the creator's stamp stays, and
 * each change of owner adds a claim with the next number; the highest one counts.
 */

/** Property with the creator's stamp: `<token>.<hash of organization and URN>`, and the hash alone by version 0.1. */
const STAMP = "pulumi-created-by";
/** Properties with the claims of later owners: `<token> <time> <who>`. */
const CLAIM = /^pulumi-claim-0*([1-9]\d{0,14})$/;

export interface Owner {
  /** What the owner's state holds too; empty when the property was edited by hand, so that it is nobody's. */
  readonly token: string;
  /** Number of the claim; 0 for the creator. */
  readonly claim: number;
  /** The stack that claimed it: `acme/fraud/prod`. */
  readonly who?: string;
  readonly since?: string;
}

const properties = fields.find((row) => row.mutability === "additive")!.input;

/**
 * The owner of a live service, by its document or its outputs: the highest claim, else the creator, else nobody.
 * No clock decides.
 */
export const ownerOf = (live: Readonly<Record<string, unknown>>): Owner | undefined => {
  const claims = claimsOf(live);
  const highest = Math.max(0, ...claims.map(({ claim }) => claim));
  if (highest === 0) return creatorOf(live);
  const [one, ...others] = claims.filter(({ claim }) => claim === highest);
  // `pulumi-claim-1` and `pulumi-claim-01` were written by hand: neither counts, and neither does an older one.
  return others.length === 0 ? one : { token: "", claim: highest };
};

/** All claims, as they are written. */
const claimsOf = (live: Readonly<Record<string, unknown>>): readonly Owner[] =>
  entriesOf(live[properties]).flatMap(([key, value]) => {
    const number = CLAIM.exec(key)?.[1];
    return number === undefined ? [] : [claimIn(Number(number), value)];
  });

const claimIn = (claim: number, value: unknown): Owner => {
  const [token = "", since, ...who] = typeof value === "string" ? value.split(" ") : [];
  return { token, claim, ...(since ? { since } : {}), ...(who.length > 0 ? { who: who.join(" ") } : {}) };
};

const creatorOf = (live: Readonly<Record<string, unknown>>): Owner | undefined => {
  const stamp = entryOf(live[properties], STAMP);
  if (stamp === undefined) return undefined;
  return { token: typeof stamp === "string" ? stamp.split(".")[0]! : "", claim: 0 };
};

/** Whose a service is, as the end of a sentence: "it is claimed by acme/fraud/prod since …". */
export const ownerInWords = (owner: Owner | undefined): string => {
  if (!owner) return "no Pulumi program made or claimed it";
  if (owner.claim === 0) return "another Pulumi resource made it (its property pulumi-created-by says so)";
  const who = owner.who ?? "a program that cannot be told, since the claim was edited by hand";
  return `it is claimed by ${who}${owner.since ? ` since ${owner.since}` : ""} (its property pulumi-claim-${owner.claim} says so)`;
};

/** Whether a property says who made or owns the service, and so is never a setting of the program. */
export const isOwnership = (key: string): boolean => key === STAMP || key.startsWith("pulumi-claim-");
