import type { Clock } from "../clock";
import type { Transport } from "../http";
import type { Cloud } from "../settings";

/** What every credential needs. */
export interface AuthContext {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly transport: Transport;
  /** The certificate authority of the identity endpoint, in PEM, where it is not a public one (for tests). */
  readonly identityAuthority?: string | undefined;
  /** Do not check with the public cloud whether the authority is genuine: private clouds and tests. */
  readonly disableInstanceDiscovery: boolean;
}

/** Why a credential gave no token, in words that are safe to show. */
export class CredentialFault extends Error {}

/** An identity error in a few safe words: messages of the identity libraries may quote a request. */
export function safeReason(error: unknown): string {
  if (error instanceof CredentialFault) return error.message;
  const text = textOf(error);
  const code = /AADSTS\d+/.exec(text)?.[0];
  if (code) return code;
  if (text.startsWith("AggregateAuthenticationError")) return chainReason(text);
  if (untrusted.test(text)) return "certificate of the identity endpoint is not trusted";
  if (unreachable.test(text)) return "identity endpoint unreachable";
  if (unresolved.test(text)) return "identity endpoint unreachable, or it does not know the tenant";
  return text.startsWith("CredentialUnavailable") ? "not available here" : "token request failed";
}

const textOf = (error: unknown): string => (error instanceof Error ? `${error.name} ${error.message}` : "");

const unreachable =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|network_error|RestError/;
const unresolved = /endpoints_resolution_error|openid_config_error/;
const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|self.signed/i;

/** Of a chain of credentials all are expected to be absent but one; only what the user started is worth a word. */
const chainReason = (text: string): string =>
  /Please run 'az login'/.test(text) ? "`az login` has expired or was not run" : "not available here";
