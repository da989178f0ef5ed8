import type { Clock } from "../clock";
import type { Cloud } from "../cloud";
import type { Transport } from "../http";

/** What every way to a token needs. */
export interface AuthParts {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly transport: Transport;
  /** The certificate authority of the identity endpoint, in PEM, where it is not a public one (for tests). */
  readonly identityAuthority?: string | undefined;
  /** Do not ask the public cloud whether the authority is genuine: private clouds and tests. */
  readonly disableInstanceDiscovery: boolean;
}
