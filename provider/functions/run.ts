import { ServiceError } from "../client/errors";
import { keyCredential, noCredential } from "../client/scoring-credential";
import { score, type ScoringCredential } from "../client/scoring";
import { remember } from "../client/remember";
import { readSettings } from "../semantics/wire";
import { CallError } from "./call-error";
import type { TokenCache } from "./access-token";
import { existingDocument, findService, type FoundService } from "./find-service";
import type { Outside, Where } from "./outside";
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
export const runService = (outside: Outside, tokens: TokenCache) => {
  const endpoints: Endpoints = new Map();
  return async (
    service: string,
    input: unknown,
    { contentType }: RunOptions = {},
    where?: Where,
  ): Promise<unknown> => {
    const body = scoringBody(input);
    const found = await findService(outside, service, where);
    const key = JSON.stringify([found.workspaceId.toLowerCase(), found.name, where?.config ?? {}]);
    const isKnown = endpoints.has(key);
    const call = async (): Promise<unknown> => {
      const endpoint = await remember(endpoints, key, () => endpointOf(found, where, tokens));
      return score(endpoint.uri, body, endpoint.credential, {
        clock: outside.clock,
        deadline: outside.clock.now() + endpoint.budgetMs,
        ...(contentType === undefined ? {} : { contentType }),
      });
    };
    const again = (error: unknown): Promise<unknown> => {
      endpoints.delete(key);
      // What was remembered may be older than a change of the service's address or authentication.
      if (isKnown && isMaybeOutdated(error)) return call();
      throw error;
    };
    return call()
      .catch(again)
      .catch((error: unknown) => {
        throw explained(error, found.name, body.length);
      });
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

const TOO_LARGE = 413;
/** Servers take at least this much, in bytes; beyond, one may close the connection instead of answering. */
const SURELY_TAKEN = 8 * 1024 * 1024;
const IN_PARTS = "The input is larger than the service takes: send it in parts.";

/** The scoring call itself knows only an address; and too much is the one refusal that no code tells. */
const explained = (error: unknown, name: string, length: number): unknown => {
  if (!(error instanceof ServiceError) || !error.message.startsWith("Cannot score:")) return error;
  const { code, status, requestId, detail, advice, ambiguous } = error;
  const told =
    status === TOO_LARGE
      ? { code: "BadRequest" as const, advice: IN_PARTS }
      : {
          code,
          advice: code === "ConnectionLost" && length > SURELY_TAKEN ? perhapsTooLarge(length) : advice,
        };
  return new ServiceError({
    action: `score with service "${name}"`,
    ...{ status, requestId, detail, ambiguous },
    ...told,
  });
};

const perhapsTooLarge = (length: number): string =>
  `The input has ${Math.round(length / 1e6)} MB, which may be more than the service takes: send it in parts, or run again.`;
