import type { Clock } from "./clock";
import { ServiceError } from "./errors";
import type { BearerToken, TokenSource } from "./token";

/** One way to get a token. Its name is shown to users; nothing else of it is. */
export interface Candidate {
  readonly name: string;
  /** Rejects with an error whose message is safe to show. */
  readonly get: () => Promise<BearerToken>;
}

const renewBeforeMs = 5 * 60_000;
/** How long a failed renewal is left alone while the old token is still good. */
const renewAgainMs = 30_000;
/** Before a token that was refused is sent once more. */
const pauseMs = 500;

const waysOut =
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
    advice: waysOut,
  });
}

/** The token in use, and what was tried before it was found. */
interface Held extends BearerToken {
  readonly index: number;
  readonly tried: readonly string[];
}

/** Where the search for a usable candidate goes on. */
interface Search {
  readonly from: number;
  /** How many tokens of the candidate at `from` the service has refused for good since it last gave one by itself. */
  readonly strikes: number;
  readonly tried: readonly string[];
  readonly refused: readonly string[];
}

const fromTheStart: Search = Object.freeze({ from: 0, strikes: 0, tried: [], refused: [] });
const mostStrikes = 2;

const refusedBy = (candidate: Candidate): string => `${candidate.name} (refused by the service, 401)`;

async function firstUsable(candidates: readonly Candidate[], search: Search): Promise<Held> {
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

/** The search after the service refused `held`: a candidate may give another token once, then the next one is asked. */
function afterRefusal(candidates: readonly Candidate[], search: Search, held: Held): Search {
  const strikes = held.index === search.from ? search.strikes + 1 : 1;
  const refused = [...search.refused, held.token];
  if (strikes < mostStrikes) return { from: held.index, strikes, tried: held.tried, refused };
  const tried = [...held.tried, refusedBy(candidates[held.index] as Candidate)];
  return { from: held.index + 1, strikes: 0, tried, refused };
}

/**
 * Renewals run beside the requests, which need not wait: the token that is there is good. One at a time; after one that
 * failed, the next is a little later, or is made by whoever needs it when the old token has ended.
 */
function besideRequests(clock: Clock): (renewal: () => Promise<void>) => void {
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

/**
 * Gives the token of the first candidate that has one, and keeps it until it ends: it is renewed in good time beside the
 * requests, by the same candidate, so that a renewal that fails changes nothing yet. When the service refuses a token, its
 * candidate is asked for another one, and then the next candidate. Concurrent callers share one request for a token.
 */
export function tokenChain(candidates: readonly Candidate[], clock: Clock): TokenSource {
  let held: Promise<Held> | undefined;
  let search = fromTheStart;
  /** The token that its candidate gave again after a first refusal: it is sent once more before it is given up. */
  let secondChance: string | undefined;
  let asking: Promise<string> | undefined;
  const aside = besideRequests(clock);

  const acquire = (): Promise<Held> => {
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

  /** Of the callers who find the same old token, the first asks for another and the others join it. */
  const instead = async (old: Promise<Held>, next: () => Search): Promise<string> => {
    if (held === old) search = next();
    return (await (held === old || !held ? acquire() : held)).token;
  };

  const renew = async (old: Promise<Held>, known: Held): Promise<void> => {
    const given = await (candidates[known.index] as Candidate).get();
    if (held !== old || given.expiresOn <= known.expiresOn) return;
    held = Promise.resolve({ ...given, index: known.index, tried: known.tried });
    search = { ...search, from: known.index, strikes: 0 };
  };

  const current = async (): Promise<string> => {
    const asked = held ?? acquire();
    const known = await asked;
    const leftMs = known.expiresOn - clock.now();
    if (leftMs <= 0) return instead(asked, () => ({ ...search, from: known.index, strikes: 0 }));
    if (leftMs <= renewBeforeMs) aside(() => renew(asked, known));
    return known.token;
  };

  /** After a first refusal: another token of the same candidate, or the same token, to be sent once more. */
  const askAgain = async (asked: Promise<Held>, known: Held): Promise<string> => {
    const given = await (candidates[known.index] as Candidate).get().catch(() => known);
    if (given.token === known.token) {
      secondChance = known.token;
      await clock.sleep(pauseMs);
    } else if (held === asked) {
      search = afterRefusal(candidates, search, known);
      held = Promise.resolve({ ...given, index: known.index, tried: known.tried });
    }
    return (await (held ?? asked)).token;
  };

  const replace = async (refused: string, again: boolean): Promise<string> => {
    const asked = held ?? acquire();
    const known = await asked;
    if (known.token !== refused) return known.token;
    const isFirst = !again && !(search.from === known.index && search.strikes > 0);
    if (!isFirst) return instead(asked, () => afterRefusal(candidates, search, known));
    if (secondChance === refused) return refused;
    asking ??= askAgain(asked, known).finally(() => (asking = undefined));
    return asking;
  };

  return Object.freeze({ current, replace });
}
