import { remember } from "../azure/remember";
import type { AccessToken, Keys } from "../azure/webservices";
import { describe } from "../core/check-failure";
import { CallError } from "./arguments";
import {
  findService,
  untilSucceeded,
  type FoundService,
  type FunctionContext,
  type Where,
} from "./find-service";

export const getKeys =
  (context: FunctionContext) =>
  async (service: string, where?: Where): Promise<Keys> => {
    const { services, name } = await findService(context, service, where);
    return services.listKeys(name);
  };

const KINDS = ["Primary", "Secondary"] as const;

/** As the class: whatever the letter case. */
const kindOf = (which: unknown): (typeof KINDS)[number] => {
  const kind = KINDS.find((known) => known.toLowerCase() === String(which).toLowerCase());
  if (kind) return kind;
  throw new CallError(
    "BadArgument",
    `the key must be "Primary" or "Secondary"; found ${describe(which)}. Name the one to regenerate.`,
  );
};

/** Sets one key, or has the service make one, and returns both once it is in place. */
export const regenerateKey =
  (context: FunctionContext) =>
  async (service: string, which: string, value: string | undefined, where?: Where): Promise<Keys> => {
    const kind = kindOf(which);
    if (value !== undefined && (typeof value !== "string" || value === ""))
      throw new CallError(
        "BadArgument",
        `the new key must be text that is not empty; found ${describe(value, true)}. Leave it out to have one generated.`,
      );
    const found = await findService(context, service, where);
    const operation = await found.services.regenerateKey(found.name, kind, value);
    await untilSucceeded(context, found, `regenerate the ${kind.toLowerCase()} key of`, operation);
    return found.services.listKeys(found.name);
  };

/** Tokens in use, by service and asker. */
export interface TokenCache {
  /** The token in use, or a new one where its time to be refreshed has come or `refused` is set. */
  tokenOf(found: FoundService, where: Where | undefined, refused?: string): Promise<AccessToken>;
}

const keyOf = ({ workspaceId, name }: FoundService, where: Where | undefined): string =>
  JSON.stringify([workspaceId.toLowerCase(), name, Object.entries(where?.config ?? {}).sort()]);

/** Times are compared as instants, so that the machine's time zone does not matter. */
export const openTokenCache = (context: FunctionContext): TokenCache => {
  const tokens = new Map<string, Promise<AccessToken>>();
  const ask = async ({ services, name }: FoundService): Promise<AccessToken> =>
    assertUsable(context, name, await services.accessToken(name));
  return Object.freeze({
    tokenOf: async (found: FoundService, where: Where | undefined, refused?: string) => {
      const key = keyOf(found, where);
      const asked = remember(tokens, key, () => ask(found));
      const held = await asked;
      if (held.refreshAfter.getTime() > context.clock.now() && held.accessToken !== refused) return held;
      // Of several callers who find the same old token, one asks for another and the rest join it.
      if (tokens.get(key) === asked) tokens.delete(key);
      return remember(tokens, key, () => ask(found));
    },
  });
};

const assertUsable = (context: FunctionContext, name: string, token: AccessToken): AccessToken => {
  const now = context.clock.now();
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
  (context: FunctionContext, tokens: TokenCache) =>
  async (service: string, where?: Where): Promise<TokenValues> => {
    const token = await tokens.tokenOf(await findService(context, service, where), where);
    return {
      ...token,
      refreshAfter: token.refreshAfter.toISOString(),
      expiryOn: token.expiryOn.toISOString(),
    };
  };
