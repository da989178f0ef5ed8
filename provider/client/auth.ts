import type { Clock } from "./clock";
import type { Cloud } from "./cloud";
import type { Transport } from "./http";
import type { ClientSettings } from "./settings";
import type { Candidate } from "./token-chain";

export interface AuthParts {
  readonly clock: Clock;
  readonly transport: Transport;
}

const readyMade = (name: string, token: string | undefined): Candidate[] =>
  token ? [{ name, get: () => Promise.resolve({ token, expiresOn: Infinity }) }] : [];

/** All ways to get a token that the settings offer, in the order in which they are tried. */
export function credentialCandidates(
  settings: ClientSettings,
  _cloud: Cloud,
  _parts: AuthParts,
): Candidate[] {
  return [
    ...readyMade("AZUREML_ACCESS_TOKEN", settings.env["AZUREML_ACCESS_TOKEN"]),
    ...readyMade("azureml:accessToken", settings.config["azureml:accessToken"]),
  ];
}
