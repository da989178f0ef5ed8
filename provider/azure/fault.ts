/** Why no answer came: the first three are certain to have happened before the request left. */
export type FaultKind = "Refused" | "Unresolved" | "Tls" | "TimedOut" | "Cut";

/** No answer came. The message names neither proxy nor secret. */
export class TransportFault extends Error {
  /** @param sent whether the server may have got the request */
  constructor(
    readonly kind: FaultKind,
    readonly sent: boolean,
    readonly reason: string,
  ) {
    super(`${kind}: ${reason}`);
    this.name = "TransportFault";
  }
}

const beforeSending: Readonly<Record<string, FaultKind>> = Object.freeze({
  ECONNREFUSED: "Refused",
  EHOSTUNREACH: "Refused",
  ENETUNREACH: "Refused",
  EACCES: "Refused",
  UND_ERR_CONNECT_TIMEOUT: "Refused",
  ENOTFOUND: "Unresolved",
  EAI_AGAIN: "Unresolved",
  EPROTO: "Tls",
});

const timeouts = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"]);

const tlsCode =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|CRL_)/;

interface Coded {
  readonly code?: unknown;
  readonly name?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** The codes of an error, of its causes and of the attempts it gathers (one per address of a host). */
function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== "object" || error === null || depth > 4) return [];
  const { code, name, cause, errors } = error as Coded;
  const own = typeof code === "string" ? [code] : name === "TimeoutError" ? ["ETIMEDOUT"] : [];
  const gathered = Array.isArray(errors) ? errors.flatMap((each) => codesOf(each, depth + 1)) : [];
  return [...own, ...gathered, ...codesOf(cause, depth + 1)];
}

/** The status of a proxy that would not let the connection through; the HTTP library only tells it in words. */
const proxyStatus = (error: unknown): string | undefined =>
  error instanceof Error ? /^Proxy response \((\d+)\)/.exec(error.message)?.[1] : undefined;

/**
 * Sorts what the HTTP library threw: what kind of fault, and whether the server may have got the request.
 *
 * @param began whether the request had begun to be written; default: nobody knows
 */
export function classifyFault(error: unknown, began = true): TransportFault {
  if (error instanceof TransportFault) return error;
  const proxy = proxyStatus(error);
  if (proxy) return new TransportFault("Refused", false, `a proxy on the way that answered ${proxy}`);
  const codes = codesOf(error);
  const tls = codes.find((code) => tlsCode.test(code));
  if (tls) return new TransportFault("Tls", false, tls);
  const early = codes.find((code) => beforeSending[code] !== undefined);
  if (early) return new TransportFault(beforeSending[early] as FaultKind, false, early);
  if (!began) return new TransportFault("Refused", false, codes[0] ?? "no connection");
  const late = codes.find((code) => timeouts.has(code));
  if (late) return new TransportFault("TimedOut", true, late);
  return new TransportFault("Cut", true, codes[0] ?? "the connection ended early");
}
