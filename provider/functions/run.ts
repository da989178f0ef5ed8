import { ServiceError } from "../azure/errors";
import { keyCredential, noCredential, score, type ScoringCredential } from "../azure/scoring";
import { remember } from "../azure/remember";
import { readSettings } from "../core/wire";
import { CallError } from "./arguments";
import type { TokenCache } from "./credentials";
import {
  existingDocument,
  findService,
  type FoundService,
  type FunctionContext,
  type Where,
} from "./find-service";
import { scoringBody } from "./scoring-input";

export interface RunOptions {
  /** Default: `application/json` for text and values, `application/octet-stream` for bytes. */
  readonly contentType?: string | undefined;
}

/** How to call a service's model. */
interface Endpoint {
  readonly uri: string;
  readonly credential: ScoringCredential;
  /** How long a call may take, in milliseconds. */
  readonly budgetMs: number;
}

type Endpoints = Map<string, Promise<Endpoint>>;

/** Scores one input. How a service is called is remembered until a call fails. */
export const runService = (context: FunctionContext, tokens: TokenCache) => {
  const endpoints: Endpoints = new Map();
  return async (
    service: string,
    input: unknown,
    { contentType }: RunOptions = {},
    where?: Where,
  ): Promise<unknown> => {
    const body = scoringBody(input);
    const found = await findService(context, service, where);
    const key = JSON.stringify([found.workspaceId.toLowerCase(), found.name, where?.config ?? {}]);
    const isKnown = endpoints.has(key);
    const call = async (): Promise<unknown> => {
      const endpoint = await remember(endpoints, key, () => endpointOf(found, where, tokens));
      return score(endpoint.uri, body, endpoint.credential, {
        action: `score with service "${found.name}"`,
        clock: context.clock,
        deadline: context.clock.now() + endpoint.budgetMs,
        ...(contentType === undefined ? {} : { contentType }),
      });
    };
    const again = (error: unknown): Promise<unknown> => {
      endpoints.delete(key);
      // What was remembered may be older than a change of the service's address or authentication.
      if (isKnown && isMaybeOutdated(error)) return call();
      throw error;
    };
    return call().catch(again);
  };
};

const isMaybeOutdated = (error: unknown): boolean =>
  error instanceof ServiceError && (error.code === "Unauthorized" || error.code === "NotFound");

const endpointOf = async (
  found: FoundService,
  where: Where | undefined,
  tokens: TokenCache,
): Promise<Endpoint> => {
  const document = await existingDocument(found);
  const uri = document["scoringUri"];
  if (typeof uri !== "string" || uri === "")
    throw new CallError(
      "BadInput",
      `expected a scoring URI of "${found.name}", found none: it is ${String(document["state"])}. Wait until it is Healthy.`,
    );
  const settings = readSettings(document);
  const credential = credentialFor(found, where, tokens, settings);
  return { uri, credential, budgetMs: budgetOf(settings["scoringTimeoutMs"]) };
};

const MINUTE_MS = 60_000;

/** The service ends a call after its own timeout; then it, and not this client, says so. */
const budgetOf = (scoringTimeoutMs: unknown): number =>
  Math.max(5 * MINUTE_MS, typeof scoringTimeoutMs === "number" ? scoringTimeoutMs + MINUTE_MS : 0);

const credentialFor = (
  found: FoundService,
  where: Where | undefined,
  tokens: TokenCache,
  { authEnabled, tokenAuthEnabled }: Readonly<Record<string, unknown>>,
): ScoringCredential => {
  if (tokenAuthEnabled === true) return tokenOf(found, where, tokens);
  return authEnabled === true ? keyCredential(found.services, found.name) : noCredential;
};

const tokenOf = (found: FoundService, where: Where | undefined, tokens: TokenCache): ScoringCredential => {
  let last: string | undefined;
  return async (refresh) => {
    const { accessToken } = await tokens.tokenOf(found, where, refresh ? last : undefined);
    last = accessToken;
    return accessToken;
  };
};
