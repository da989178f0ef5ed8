import { isBusyChange } from "./busy";
import { openOutcome } from "./change-service";
import { ServiceError } from "./errors";
import type { HttpAnswer } from "./http";
import type { OperationRef } from "./operation";
import { success } from "./success";
import type { AccessToken, Keys } from "./webservices";
import { actionOn, serviceUrl, type Context } from "./workspace";

/** Both are POSTs that change nothing. */
const ask = (
  context: Context,
  action: string,
  name: string,
  what: "listkeys" | "token",
): Promise<HttpAnswer> =>
  context.workspace.session.send({
    action,
    method: "POST",
    url: serviceUrl(context, name, `/${what}`),
    repeatable: true,
    deadline: context.deadline,
  });

/** Reads both keys of a service with key authentication. */
export async function listKeys(context: Context, name: string): Promise<Keys> {
  const action = actionOn("read the keys of", name);
  const answer = await ask(context, action, name, "listkeys");
  const { primaryKey, secondaryKey } = success("listKeys", { action }, answer).body;
  return Object.freeze({ primaryKey: String(primaryKey), secondaryKey: String(secondaryKey) });
}

const dateOf = (epochSeconds: unknown): Date => new Date(Number(epochSeconds) * 1000);

/** Reads a token for a service with token authentication. */
export async function accessToken(context: Context, name: string): Promise<AccessToken> {
  const action = actionOn("read the access token of", name);
  const answer = await ask(context, action, name, "token");
  const {
    accessToken: token,
    tokenType,
    refreshAfter,
    expiryOn,
  } = success("accessToken", { action }, answer).body;
  return Object.freeze({
    accessToken: String(token),
    tokenType: typeof tokenType === "string" ? tokenType : "Bearer",
    refreshAfter: dateOf(typeof refreshAfter === "number" ? refreshAfter : expiryOn),
    expiryOn: dateOf(expiryOn),
  });
}

type Which = "Primary" | "Secondary";

async function post(
  context: Context,
  name: string,
  which: Which,
  value: string | undefined,
): Promise<OperationRef> {
  const attempted = {
    action: actionOn(`regenerate the ${which.toLowerCase()} key of`, name),
    secrets: value === undefined ? [] : [value],
  };
  const answer = await context.workspace.session.send({
    ...attempted,
    method: "POST",
    url: serviceUrl(context, name, "/regenerateKeys"),
    body: { keyType: which, keyValue: value ?? null },
    repeatable: false,
    isBusy: isBusyChange,
    deadline: context.deadline,
  });
  return success("regenerateKey", attempted, answer).operation!;
}

const settled: OperationRef = Object.freeze({ operationId: "", settled: true });
const mostRounds = 4;

/**
 * Sets a key, or has the service make one. After a failure that leaves the outcome open, a given key is compared with
 * the live one and sent again where it differs; a made one cannot be told from the old one, so that fails.
 */
export async function regenerateKey(
  context: Context,
  name: string,
  which: Which,
  value?: string,
): Promise<OperationRef> {
  const { clock } = context.workspace.session;
  for (let round = 1; ; round += 1) {
    try {
      return await post(context, name, which, value);
    } catch (error) {
      if (!(error instanceof ServiceError) || !error.ambiguous) throw error;
      const action = actionOn(`regenerate the ${which.toLowerCase()} key of`, name);
      if (value === undefined || round >= mostRounds) throw openOutcome(error, action);
      const keys = await listKeys(context, name).catch(() => Promise.reject(openOutcome(error, action)));
      if ((which === "Primary" ? keys.primaryKey : keys.secondaryKey) === value) return settled;
      await clock.sleep(500 * 2 ** round);
    }
  }
}
