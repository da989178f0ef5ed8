import { createHash } from "node:crypto";
import { deadlineAfter } from "../../provider/azure/clock";
import { isSafe } from "../../provider/azure/http";
import type { JsonObject } from "../../provider/azure/response";
import { keyCredential, noCredential, type ScoringCredential } from "../../provider/azure/scoring";
import { fieldOf, inputOf } from "../../provider/schema/fields";
import { CannotRun } from "../cannot-run";
import { badArguments, type Given } from "../command-line";
import type { CliContext } from "../program";
import { comparedKeys, openWorkspace, settingsOf, type OpenWorkspace } from "../workspace";

export type SideName = "old" | "new";

/** One of the two that are compared. */
export interface Endpoint {
  readonly side: SideName;
  readonly url: string;
  /** The address without its query, which may hold a secret. */
  readonly address: string;
  /** The address with its query as a digest: what a file of results is for. */
  readonly identity: string;
  /** The web service's name, where it was given by name. */
  readonly service?: string;
  readonly credential: ScoringCredential;
  /** What to do when the key is refused. */
  readonly advice: string;
}

/** Environment variables with the keys. */
export const keyVariables = { old: "AZUREML_OLD_KEY", new: "AZUREML_NEW_KEY" } as const;

/**
 * The two endpoints that --old and --new name: each an address, or a web service of the workspace.
 *
 * @throws CannotRun; ServiceError when the workspace does not answer
 */
export const openEndpoints = async (
  context: CliContext,
  given: Given,
): Promise<Readonly<Record<SideName, Endpoint>>> => {
  const old = await openEndpoint("old", context, given);
  const fresh = await openEndpoint("new", context, given);
  if (old.url === fresh.url)
    throw new CannotRun(
      "SameAddress",
      `expected two addresses in --old and --new, found the same twice: ${old.address}. ` +
        "Name the new endpoint's scoring URI in --new.",
    );
  return { old, new: fresh };
};

const openEndpoint = async (side: SideName, context: CliContext, given: Given): Promise<Endpoint> => {
  const text = given.text(side)!;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return endpointAt(side, urlIn(side, text), context, given);
  const { pattern, says } = fieldOf(inputOf("serviceName"))!.rule!;
  if (pattern!.test(text)) return serviceNamed(side, text, context, given);
  throw badArguments(
    `--${side}: expected an address that begins with https://, or a web service's name (${says}), found ${JSON.stringify(text)}`,
  );
};

const urlIn = (side: SideName, text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw badArguments(
      `--${side}: expected an address that begins with https://, found ${JSON.stringify(text)}`,
    );
  if (url.username !== "" || url.password !== "")
    throw badArguments(
      `--${side}: expected an address without a user or password. Put the key into ${keyVariables[side]}`,
    );
  url.hash = "";
  return url;
};

const endpointAt = async (side: SideName, url: URL, context: CliContext, given: Given): Promise<Endpoint> => {
  const variable = keyVariables[side];
  const key = await givenKey(side, context, given);
  if (key !== undefined) assertMaySend(side, url, key);
  return {
    side,
    url: url.href,
    address: addressOf(url),
    identity: identityOf(url),
    credential: (refresh) => Promise.resolve(refresh ? undefined : key),
    advice:
      key === undefined
        ? `Put its key or token into ${variable}, or into the stack's configuration: pulumi config set --secret ${comparedKeys[side]}.`
        : `Put the right one into ${variable}: keys may have been regenerated, and tokens end.`,
  };
};

/** The key of the environment, or of the stack's configuration. */
const givenKey = async (side: SideName, context: CliContext, given: Given): Promise<string | undefined> => {
  const { config } = await settingsOf(context, given);
  return (context.env[keyVariables[side]] || config[comparedKeys[side]])?.trim() || undefined;
};

const addressOf = ({ origin, pathname }: URL): string => origin + pathname;

const identityOf = (url: URL): string =>
  url.search === ""
    ? addressOf(url)
    : `${addressOf(url)}?${createHash("sha256").update(url.search).digest("hex").slice(0, 16)}`;

/** What is between a caller and its service reads everything that plain http sends. */
const assertMaySend = (side: SideName, url: URL, key: string): void => {
  if (!isSafe(url))
    throw new CannotRun(
      "InsecureAddress",
      `expected https:// in --${side}, since a key is sent there, found ${addressOf(url)}. A service without TLS can be reached over ` +
        "the cluster: kubectl port-forward to its front end, and name http://127.0.0.1:PORT with the same path.",
    );
  if (/[^\t\x20-\x7e]/.test(key))
    throw new CannotRun(
      "BadKey",
      `expected a key in ${keyVariables[side]}, found a character that no header can carry. Copy the key again.`,
    );
};

const serviceNamed = async (
  side: SideName,
  name: string,
  context: CliContext,
  given: Given,
): Promise<Endpoint> => {
  const workspace = await openWorkspace(context, given);
  const document = await workspace.services.get(name);
  if (document === undefined)
    throw new CannotRun(
      "NotFound",
      `expected a web service "${name}" in --${side}, found none in ${workspace.workspaceId}. ` +
        "Correct the name, or give the scoring URI.",
    );
  const { scoringUri, state } = document;
  if (typeof scoringUri !== "string" || !URL.canParse(scoringUri))
    throw new CannotRun(
      "NoScoringUri",
      `expected the web service "${name}" to have a scoring URI, found none; it is ${String(state)}. ` +
        "Repair it first: only one that answers can be compared.",
    );
  const url = new URL(scoringUri);
  const own = credentialOf(document, name, context, workspace);
  const first = await givenKey(side, context, given);
  const credential: ScoringCredential = async (refresh) =>
    refresh || first === undefined ? own(refresh) : first;
  const key = await credential(false);
  if (key !== undefined) assertMaySend(side, url, key);
  return {
    side,
    url: url.href,
    address: addressOf(url),
    identity: identityOf(url),
    service: name,
    credential,
    advice:
      "Its key was read from the workspace, and once more when it was refused: look whether a gateway asks for another one.",
  };
};

const KEY_WITHIN_MS = 120_000;

/** Reads the key or token of a service: now, and again when it is refused, however long the run has gone on. */
const credentialOf = (
  { authEnabled, aadAuthEnabled }: JsonObject,
  name: string,
  { clock, interrupt }: CliContext,
  { services }: OpenWorkspace,
): ScoringCredential => {
  const now = () => services.within(deadlineAfter(clock, KEY_WITHIN_MS, interrupt));
  if (aadAuthEnabled === true) {
    let token: string | undefined;
    return async (refresh) => {
      if (refresh || token === undefined) token = (await now().accessToken(name)).accessToken;
      return token;
    };
  }
  return authEnabled === false
    ? noCredential
    : keyCredential({ listKeys: (service) => now().listKeys(service) }, name);
};
