import { outcomeUnknown } from "./errors";
import type { OperationRef } from "./operations";
import type { Success } from "./response";
import { isBusyChange, sendWithReadBack } from "./retry";
import { actionOn, call, serviceUrl, type Context } from "./workspace";

/** The two keys of a service with key authentication. Secret. */
export interface Keys {
  readonly primaryKey: string;
  readonly secondaryKey: string;
}

/** A token for a service with token authentication. Secret. */
export interface AccessToken {
  readonly accessToken: string;
  readonly tokenType: string;
  readonly refreshAfter: Date;
  readonly expiryOn: Date;
}

/** Reads both keys of a service with key authentication. */
export async function listKeys(context: Context, name: string): Promise<Keys> {
  const { primaryKey, secondaryKey } = (await postRead(context, "listKeys", "keys", name, "listkeys")).body;
  return Object.freeze({ primaryKey: String(primaryKey), secondaryKey: String(secondaryKey) });
}

/** Reads a token for a service with token authentication. */
export async function accessToken(context: Context, name: string): Promise<AccessToken> {
  const { body } = await postRead(context, "accessToken", "access token", name, "token");
  const { accessToken: token, tokenType, refreshAfter, expiryOn } = body;
  return Object.freeze({
    accessToken: String(token),
    tokenType: typeof tokenType === "string" ? tokenType : "Bearer",
    refreshAfter: dateOf(typeof refreshAfter === "number" ? refreshAfter : expiryOn),
    expiryOn: dateOf(expiryOn),
  });
}

/** Both reads are POSTs that change nothing. */
const postRead = (
  context: Context,
  which: "listKeys" | "accessToken",
  what: string,
  name: string,
  below: string,
): Promise<Success> =>
  call(context, which, {
    action: actionOn(`read the ${what} of`, name),
    method: "POST",
    url: serviceUrl(context, name, `/${below}`),
    repeatable: true,
  });

const dateOf = (epochSeconds: unknown): Date => new Date(Number(epochSeconds) * 1000);

const settled: OperationRef = Object.freeze({ operationId: "", settled: true });

/**
 * Sets a key, or has the service make one. After an ambiguous failure, a given key is compared with the live one and sent
 * again where it differs; a made one looks like the old one, so that its outcome stays unknown.
 */
export async function regenerateKey(
  context: Context,
  name: string,
  which: "Primary" | "Secondary",
  value?: string,
): Promise<OperationRef> {
  const action = actionOn(`regenerate the ${which.toLowerCase()} key of`, name);
  return sendWithReadBack(context.workspace.session.clock, {
    action,
    send: async () => {
      const { operation } = await call(context, "regenerateKey", {
        action,
        secrets: value === undefined ? [] : [value],
        method: "POST",
        url: serviceUrl(context, name, "/regenerateKeys"),
        body: { keyType: which, keyValue: value ?? null },
        repeatable: false,
        isBusy: isBusyChange,
      });
      return operation!;
    },
    readBack: async (error) => {
      if (value === undefined) throw outcomeUnknown(error, action);
      const keys = await listKeys(context, name).catch(() => Promise.reject(outcomeUnknown(error, action)));
      const live = which === "Primary" ? keys.primaryKey : keys.secondaryKey;
      return live === value ? settled : undefined;
    },
  });
}
