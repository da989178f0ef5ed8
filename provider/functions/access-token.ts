import { remember } from "../azure/remember";
import type { AccessToken } from "../azure/webservices";
import { CallError } from "./call-error";
import { findService, type FoundService } from "./find-service";
import type { Outside, Where } from "./outside";

/** Tokens in use, by service and asker. */
export interface TokenCache {
  /** The token in use, or a new one where its time to be refreshed has come or `refused` is set. */
  tokenOf(found: FoundService, where: Where | undefined, refused?: string): Promise<AccessToken>;
}

const keyOf = ({ workspaceId, name }: FoundService, where: Where | undefined): string =>
  JSON.stringify([workspaceId.toLowerCase(), name, Object.entries(where?.config ?? {}).sort()]);

/** Times are compared as instants, so that the machine's time zone does not matter. */
export const openTokenCache = (outside: Outside): TokenCache => {
  const tokens = new Map<string, Promise<AccessToken>>();
  const ask = async ({ services, name }: FoundService): Promise<AccessToken> =>
    assertUsable(outside, name, await services.accessToken(name));
  return Object.freeze({
    tokenOf: async (found: FoundService, where: Where | undefined, refused?: string) => {
      const key = keyOf(found, where);
      const asked = remember(tokens, key, () => ask(found));
      const held = await asked;
      if (held.refreshAfter.getTime() > outside.clock.now() && held.accessToken !== refused) return held;
      // Of several callers who find the same old token, one asks for another and the rest join it.
      if (tokens.get(key) === asked) tokens.delete(key);
      return remember(tokens, key, () => ask(found));
    },
  });
};

const assertUsable = (outside: Outside, name: string, token: AccessToken): AccessToken => {
  const now = outside.clock.now();
  if (token.expiryOn.getTime() > now) return token;
  throw new CallError(
    "ClockSkew",
    `expected a token of "${name}" that is good for a while, found one that ended at ${token.expiryOn.toISOString()}, ` +
      `while this machine's clock says ${new Date(now).toISOString()}. Set the clock of this machine, then run again.`,
  );
};

/** A token with its times in ISO 8601, UTC. */
export interface TokenValues {
  readonly accessToken: string;
  readonly tokenType: string;
  readonly refreshAfter: string;
  readonly expiryOn: string;
}

export const getAccessToken =
  (outside: Outside, tokens: TokenCache) =>
  async (service: string, where?: Where): Promise<TokenValues> => {
    const token = await tokens.tokenOf(await findService(outside, service, where), where);
    return {
      ...token,
      refreshAfter: token.refreshAfter.toISOString(),
      expiryOn: token.expiryOn.toISOString(),
    };
  };
