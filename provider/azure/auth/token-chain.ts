import type { Clock } from "../clock";
import { ServiceError } from "../errors";

/** A bearer token with the end of its life in milliseconds since 1970 (Infinity when unknown). */
export interface BearerToken {
  readonly token: string;
  readonly expiresOn: number;
}

/** Where the requests of a process get their token. */
export interface TokenSource {
  /** The present token. Throws ServiceError NoCredential or CredentialRefused. */
  current(): Promise<string>;
  /**
   * The service answered 401 to this token: the next one that may do. Throws CredentialRefused when none is left.
   *
   * @param again whether it was refused to this caller before: a single refusal may be a moment's, so that the same token
   * may come back once
   */
  replace(refused: string, again: boolean): Promise<string>;
}

/** A credential that may give a token. Its name is shown to users; nothing else of it is. */
export interface Candidate {
  readonly name: string;
  /** Rejects with an error whose message is safe to show. */
  readonly get: () => Promise<BearerToken>;
}

/**
 * Gives the token of the first candidate that has one, and keeps it until it ends: it is renewed in good time beside the
 * requests, by the same candidate, so that a renewal that fails changes nothing yet. When the service refuses a token, its
 * candidate is tried for another one, and then the next candidate. Concurrent callers share one request for a token.
 */
export function tokenChain(candidates: readonly Candidate[], clock: Clock): TokenSource {
  let held: Promise<HeldToken> | undefined;
  let search = fromTheStart;
  /** The token that its candidate gave again after a first refusal: it is sent once more before it is given up. */
  let secondChance: string | undefined;
  let pendingRetry: Promise<string> | undefined;
  const renewInBackground = backgroundRenewal(clock);

  const acquire = (): Promise<HeldToken> => {
    const fresh = firstUsable(candidates, search);
    held = fresh;
    fresh.catch(() => {
      if (held !== fresh) return;
      held = undefined;
      search = fromTheStart;
      secondChance = undefined;
    });
    return fresh;
  };

  /** Of the callers who find the same old token, the first acquires another and the others join it. */
  const acquireOther = async (old: Promise<HeldToken>, next: () => Search): Promise<string> => {
    if (held === old) search = next();
    return (await (held === old || !held ? acquire() : held)).token;
  };

  const renew = async (old: Promise<HeldToken>, known: HeldToken): Promise<void> => {
    const given = await (candidates[known.index] as Candidate).get();
    if (held !== old || given.expiresOn <= known.expiresOn) return;
    held = Promise.resolve({ ...given, index: known.index, tried: known.tried });
    search = { ...search, from: known.index, refusals: 0 };
  };

  const current = async (): Promise<string> => {
    const pending = held ?? acquire();
    const known = await pending;
    const leftMs = known.expiresOn - clock.now();
    if (leftMs <= 0) return acquireOther(pending, () => ({ ...search, from: known.index, refusals: 0 }));
    if (leftMs <= renewBeforeMs) renewInBackground(() => renew(pending, known));
    return known.token;
  };

  /** After a first refusal: another token of the same candidate, or the same token, to be sent once more. */
  const retryRefused = async (pending: Promise<HeldToken>, known: HeldToken): Promise<string> => {
    const given = await (candidates[known.index] as Candidate).get().catch(() => known);
    if (given.token === known.token) {
      secondChance = known.token;
      await clock.sleep(pauseMs);
    } else if (held === pending) {
      search = afterRefusal(candidates, search, known);
      held = Promise.resolve({ ...given, index: known.index, tried: known.tried });
    }
    return (await (held ?? pending)).token;
  };

  const replace = async (refused: string, again: boolean): Promise<string> => {
    const pending = held ?? acquire();
    const known = await pending;
    if (known.token !== refused) return known.token;
    const isFirst = !again && !(search.from === known.index && search.refusals > 0);
    if (!isFirst) return acquireOther(pending, () => afterRefusal(candidates, search, known));
    if (secondChance === refused) return refused;
    pendingRetry ??= retryRefused(pending, known).finally(() => (pendingRetry = undefined));
    return pendingRetry;
  };

  return Object.freeze({ current, replace });
}

const renewBeforeMs = 5 * 60_000;
/** How long a failed renewal is left alone while the old token is still good. */
const renewAgainMs = 30_000;
/** Before a token that was refused is sent once more. */
const pauseMs = 500;

const signInAdvice =
  "Set ARM_CLIENT_ID, ARM_TENANT_ID and ARM_CLIENT_SECRET (or ARM_USE_OIDC or ARM_USE_MSI), set AZUREML_ACCESS_TOKEN, " +
  "or run `az login`. Pulumi gives refresh and destroy the configuration of the last `pulumi up`: where a credential in " +
  "the configuration has changed since, run `pulumi up` first, or use `pulumi refresh --run-program` and " +
  "`pulumi destroy --run-program`.";

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : "failed");

function exhausted(tried: readonly string[], reached: boolean): ServiceError {
  return new ServiceError({
    action: "sign in to Azure",
    code: reached ? "CredentialRefused" : "NoCredential",
    detail: `Tried in this order: ${tried.join("; ")}.`,
    advice: signInAdvice,
  });
}

/** The token in use, and what was tried before it was found. */
interface HeldToken extends BearerToken {
  readonly index: number;
  readonly tried: readonly string[];
}

/** Where the search for a usable candidate goes on. */
interface Search {
  readonly from: number;
  /** How many tokens of the candidate at `from` the service has refused for good since it last gave one by itself. */
  readonly refusals: number;
  readonly tried: readonly string[];
  readonly refused: readonly string[];
}

const fromTheStart: Search = Object.freeze({ from: 0, refusals: 0, tried: [], refused: [] });
const mostRefusals = 2;

const refusedBy = (candidate: Candidate): string => `${candidate.name} (refused by the service, 401)`;

async function firstUsable(candidates: readonly Candidate[], search: Search): Promise<HeldToken> {
  const tried = [...search.tried];
  for (const [index, candidate] of candidates.entries()) {
    if (index < search.from) continue;
    try {
      const given = await candidate.get();
      if (!search.refused.includes(given.token)) return { ...given, index, tried };
      tried.push(refusedBy(candidate));
    } catch (error) {
      tried.push(`${candidate.name} (${reasonOf(error)})`);
    }
  }
  throw exhausted(tried, search.refused.length > 0);
}

/** The search after the service refused `held`: a candidate may give another token once, then the next one is tried. */
function afterRefusal(candidates: readonly Candidate[], search: Search, held: HeldToken): Search {
  const refusals = held.index === search.from ? search.refusals + 1 : 1;
  const refused = [...search.refused, held.token];
  if (refusals < mostRefusals) return { from: held.index, refusals, tried: held.tried, refused };
  const tried = [...held.tried, refusedBy(candidates[held.index] as Candidate)];
  return { from: held.index + 1, refusals: 0, tried, refused };
}

/**
 * Renewals run in the background of the requests, which need not wait: the present token is good. One at a time; after one that
 * failed, the next is a little later, or is made by whoever needs it when the old token has ended.
 */
function backgroundRenewal(clock: Clock): (renewal: () => Promise<void>) => void {
  let running = false;
  let from = -Infinity;
  return (renewal) => {
    if (running || clock.now() < from) return;
    running = true;
    from = clock.now() + renewAgainMs;
    void renewal()
      .catch(() => undefined)
      .finally(() => (running = false));
  };
}
