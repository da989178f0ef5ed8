import { systemClock, type Clock } from "./clock";
import type { ScoringCredential } from "./scoring";
import type { AccessToken, Webservices } from "./webservices";

/** For a service without authentication. */
export const noCredential: ScoringCredential = () => Promise.resolve(undefined);

/** The primary key of a service with key authentication: read once, and again when it is refused. */
export function keyCredential(services: Webservices, name: string): ScoringCredential {
  let key: string | undefined;
  return async (refresh) => {
    if (refresh || key === undefined) key = (await services.listKeys(name)).primaryKey;
    return key;
  };
}

/** A token of a service with token authentication: read again when it is due for renewal, or refused. */
export function tokenCredential(
  services: Webservices,
  name: string,
  clock: Clock = systemClock,
): ScoringCredential {
  let held: AccessToken | undefined;
  return async (refresh) => {
    if (refresh || !held || held.refreshAfter.getTime() <= clock.now())
      held = await services.accessToken(name);
    return held.accessToken;
  };
}
