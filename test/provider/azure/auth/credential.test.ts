import { CredentialFault, safeReason } from "../../../../provider/azure/auth/credential";

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
const chain = (message: string): Error => named("AggregateAuthenticationError", message);

it.each<[string, unknown, string]>([
  ["our own words", new CredentialFault("tenantId missing"), "tenantId missing"],
  [
    "a code of the identity service",
    named("AuthenticationError", "AADSTS7000215: secret hunter2 is bad"),
    "AADSTS7000215",
  ],
  ["a code within a chain", chain("EnvironmentCredential AADSTS700016: no app"), "AADSTS700016"],
  [
    "a chain of which nothing is there",
    chain("ManagedIdentityCredential: network_error"),
    "not available here",
  ],
  [
    "an az login that has expired",
    chain("Please run 'az login' from a prompt"),
    "`az login` has expired or was not run",
  ],
  [
    "no network",
    named("AuthenticationError", "connect ECONNREFUSED 127.0.0.1"),
    "identity endpoint unreachable",
  ],
  [
    "a tenant that nobody knows",
    named("CredentialUnavailableError", "endpoints_resolution_error"),
    "identity endpoint unreachable, or it does not know the tenant",
  ],
  [
    "a certificate that is not trusted",
    named("RestError", "self-signed certificate"),
    "certificate of the identity endpoint is not trusted",
  ],
  ["anything else", named("Error", "secret hunter2"), "token request failed"],
  ["what is no error", "hunter2", "token request failed"],
])("says %s in safe words", (_, error, reason) => {
  expect(safeReason(error)).toBe(reason);
});
