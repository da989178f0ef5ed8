import { classifyFault, type FaultKind } from "../../../provider/azure/http";

const coded = (code: string, cause?: unknown): Error =>
  Object.assign(new Error("secret words"), { code, cause });

it.each<[string, unknown, FaultKind, boolean]>([
  ["ECONNREFUSED", coded("ECONNREFUSED"), "Refused", false],
  [
    "both addresses refused",
    Object.assign(new Error(), { errors: [coded("ECONNREFUSED")] }),
    "Refused",
    false,
  ],
  ["no route", coded("ENETUNREACH"), "Refused", false],
  ["a connect timeout", coded("UND_ERR_CONNECT_TIMEOUT"), "Refused", false],
  ["ENOTFOUND", coded("ENOTFOUND"), "Unresolved", false],
  ["EAI_AGAIN as cause", coded("UND_ERR", coded("EAI_AGAIN")), "Unresolved", false],
  ["a self-signed certificate", coded("DEPTH_ZERO_SELF_SIGNED_CERT"), "Tls", false],
  ["an unknown authority", coded("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "Tls", false],
  ["another host's certificate", coded("ERR_TLS_CERT_ALTNAME_INVALID"), "Tls", false],
  ["an expired certificate", coded("CERT_HAS_EXPIRED"), "Tls", false],
  ["no TLS at the other end", coded("ERR_SSL_WRONG_VERSION_NUMBER"), "Tls", false],
  ["no answer in time", coded("UND_ERR_HEADERS_TIMEOUT"), "TimedOut", true],
  ["an aborted try", new DOMException("late", "TimeoutError"), "TimedOut", true],
  ["a closed socket", coded("UND_ERR_SOCKET"), "Cut", true],
  ["ECONNRESET", coded("ECONNRESET"), "Cut", true],
  ["anything else", "text", "Cut", true],
])("sorts %s", (_, error, kind, sent) => {
  const found = classifyFault(error);
  expect(found).toMatchObject({ kind, sent });
  expect(found.message).not.toContain("secret");
});
