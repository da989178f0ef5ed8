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
  /** How often the service refused a token of the candidate at `from`. */
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
 * Gives the token of the first candidate that has one, and moves on when the service refuses it. A candidate that
 * gives another token when it is asked again gets a second chance. Concurrent callers share one request for a token.
 */
export function tokenChain(candidates: readonly Candidate[], clock: Clock): TokenSource {
  let held: Promise<Held> | undefined;
  let search = fromTheStart;

  const acquire = (): Promise<Held> => {
    const fresh = firstUsable(candidates, search);
    held = fresh;
    fresh.catch(() => {
      if (held !== fresh) return;
      held = undefined;
      search = fromTheStart;
    });
    return fresh;
  };

  /** Of the callers who find the same old token, the first asks for another and the others join it. */
  const instead = async (old: Promise<Held>, next: () => Search): Promise<string> => {
    if (held === old) search = next();
    return (await (held === old || !held ? acquire() : held)).token;
  };

  const current = async (): Promise<string> => {
    const asked = held ?? acquire();
    const { token, expiresOn } = await asked;
    if (expiresOn - clock.now() > renewBeforeMs) return token;
    return instead(asked, () => ({ ...search, strikes: 0 }));
  };

  const replace = async (refused: string): Promise<string> => {
    const asked = held ?? acquire();
    const known = await asked;
    if (known.token !== refused) return known.token;
    return instead(asked, () => afterRefusal(candidates, search, known));
  };

  return Object.freeze({ current, replace });
}
