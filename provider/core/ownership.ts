import { fields, inputOf } from "../schema/fields";
import { entriesOf, entryOf } from "./additive-maps";
import { compile, type PatchOperation } from "./patch";
import { previousInputs } from "./previous-inputs";
import type { Settings } from "./values";
import type { ServiceJson } from "./wire";

/**
 * Whose a service is, by its own properties. A property can be added and never changed, so the creator's stamp stays, and
 * each change of owner adds a claim with the next number; the highest one counts. The owner's state holds the same token:
 * nothing is derived anew from the URN, which a rename, another parent or a moved stack changes.
 */

/** Property with the creator's stamp: `<token>.<hash of organization and URN>`; version 0.1 wrote the hash alone. */
export const STAMP = "pulumi-created-by";
/** Properties with the claims of later owners: `<token> <time> <who>`. */
const CLAIM = "pulumi-claim-";
const CLAIM_NUMBER = /^pulumi-claim-0*([1-9]\d{0,14})$/;

/** Hidden input with a hash of organization and URN, which finds a create again whose state was lost. */
export const CREATED_BY = "__createdBy";
/** Hidden input with the stack's full name, `acme/fraud/prod`, for people to read in a claim. */
const STACK = "__stack";
/** Hidden input with the resource option of that name. */
const RETAIN_ON_DELETE = "__retainOnDelete";
/** Hidden output with the token that the stamp or claim of this resource bears. */
export const OWNER_TOKEN = "__ownerToken";

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
export const ownerOf = (live: ServiceJson): Owner | undefined => {
  const claims = claimsOf(live);
  const highest = highestOf(claims);
  if (highest === 0) return creatorOf(live);
  const [one, ...others] = claims.filter(({ claim }) => claim === highest);
  // `pulumi-claim-1` and `pulumi-claim-01` were written by hand: neither counts, and neither does an older one.
  return others.length === 0 ? one : { token: "", claim: highest };
};

const claimsOf = (live: ServiceJson): readonly Owner[] =>
  entriesOf(live[properties]).flatMap(([key, value]) => {
    const number = CLAIM_NUMBER.exec(key)?.[1];
    return number === undefined ? [] : [claimIn(Number(number), value)];
  });

const claimIn = (claim: number, value: unknown): Owner => {
  const [token = "", since, ...who] = typeof value === "string" ? value.split(" ") : [];
  return { token, claim, ...(since ? { since } : {}), ...(who.length > 0 ? { who: who.join(" ") } : {}) };
};

const highestOf = (claims: readonly Owner[]): number => Math.max(0, ...claims.map(({ claim }) => claim));

const creatorOf = (live: ServiceJson): Owner | undefined => {
  const stamp = entryOf(live[properties], STAMP);
  if (stamp === undefined) return undefined;
  return { token: typeof stamp === "string" ? stamp.split(".")[0]! : "", claim: 0 };
};

/**
 * The token by which a resource knows its service. A state of version 0.1 has none of its own; there the recorded hash is
 * the whole stamp.
 */
export const ownerTokenIn = (outputs: Settings): string | undefined => {
  const token = outputs[OWNER_TOKEN] ?? previousInputs(outputs)?.[CREATED_BY];
  return typeof token === "string" && token !== "" ? token : undefined;
};

/** Whether the outputs hold a token to claim with: not where version 0.1 left only a hash, and no stamp is live. */
export const mayClaimBy = (outputs: Settings): boolean =>
  outputs[OWNER_TOKEN] !== undefined || outputs[properties] === undefined || ownerOf(outputs) !== undefined;

export const isOwnedBy = (live: ServiceJson, token: string | undefined): boolean =>
  token !== undefined && ownerOf(live)?.token === token;

/** Whether a delete removes the live service: its own, or with `deleteAdopted` one that nobody owns. */
export const mayDelete = (live: ServiceJson, outputs: Settings): boolean =>
  ownerOf(live) ? isOwnedBy(live, ownerTokenIn(outputs)) : outputs[inputOf("deleteAdopted")] === true;

export const isRetained = (inputs: Settings): boolean => inputs[RETAIN_ON_DELETE] === true;

/** Whether `adopt` has just been set, which takes back a service that another program has claimed. */
export const adoptsAgain = (outputs: Settings, desired: Settings): boolean =>
  desired[inputOf("adopt")] === true && outputs[inputOf("adopt")] !== true;

/** The settings of a new service, with who makes it among its properties. */
export const withStamp = (settings: Settings, token: string, inputs: Settings): Settings => {
  const hash = inputs[CREATED_BY];
  const stamp = typeof hash === "string" && hash !== "" ? `${token}.${hash}` : token;
  return {
    ...settings,
    [properties]: { ...Object.fromEntries(entriesOf(settings[properties])), [STAMP]: stamp },
  };
};

/** Whether a create of a resource with this URN made the service, and no stack of another name has claimed it since. */
export const isMadeByCreateOf = (live: ServiceJson, inputs: Settings): boolean => {
  const [stamp, hash] = [entryOf(live[properties], STAMP), inputs[CREATED_BY]];
  if (typeof stamp !== "string" || typeof hash !== "string" || hash === "") return false;
  const who = stackOf(inputs);
  return (stamp === hash || stamp.endsWith(`.${hash}`)) && claimsOf(live).every((claim) => claim.who === who);
};

/** The claim that makes a program the owner of a live service; refused where somebody was faster. */
export const claimOf = (
  live: ServiceJson,
  token: string,
  nowMs: number,
  inputs: Settings,
): PatchOperation => ({
  op: "add",
  path: compile([properties, `${CLAIM}${highestOf(claimsOf(live)) + 1}`]),
  value: `${token} ${new Date(nowMs).toISOString()} ${stackOf(inputs)}`,
});

const stackOf = (inputs: Settings): string => {
  const stack = inputs[STACK];
  return typeof stack === "string" && stack !== "" ? stack : "a stack without a name";
};

/** Whether a property says who made or owns the service, and so is never a setting of the program. */
export const isOwnership = (key: string): boolean => key === STAMP || key.startsWith(CLAIM);

/** Whose a service is, as the rest of a sentence after its name. */
export const ownerInWords = (owner: Owner | undefined): string => {
  if (!owner) return "was neither made nor claimed by a Pulumi program";
  const property = owner.claim === 0 ? STAMP : `${CLAIM}${owner.claim}`;
  if (owner.token === "")
    return `has a property ${property} that was edited by hand, so that its owner cannot be told`;
  if (owner.claim === 0) return `was made by another Pulumi resource (property ${property})`;
  const since = owner.since ? ` since ${owner.since}` : "";
  return `belongs to ${owner.who ?? "another Pulumi program"}${since} (property ${property})`;
};

/** What the line of an update says about a change of owner, as far as the last known properties tell. */
export const claimInWords = (outputs: Settings, desired: Settings, sends: boolean): string | undefined => {
  const owner = ownerOf(outputs);
  if (owner && owner.token !== ownerTokenIn(outputs) && adoptsAgain(outputs, desired))
    return `Takes the service over: it ${ownerInWords(owner)}, and a property ${CLAIM}${highestOf(claimsOf(outputs)) + 1} is added for this stack.`;
  if (!owner && sends && outputs[properties] !== undefined)
    return `No program owns the service yet: this update also adds the property ${CLAIM}1, which makes it this stack's.`;
  return undefined;
};
