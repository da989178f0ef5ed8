import { remember } from "./remember";
import type { ScoringCredential } from "./scoring";
import type { Webservices } from "./webservices";

/** For a service without authentication. */
export const noCredential: ScoringCredential = () => Promise.resolve(undefined);

/**
 * The primary key of a service with key authentication: read once, also for calls at the same time, and again when it is
 * refused or could not be read.
 */
export function keyCredential(services: Pick<Webservices, "listKeys">, name: string): ScoringCredential {
  const made = new Map<string, Promise<string>>();
  const read = async (): Promise<string> => (await services.listKeys(name)).primaryKey;
  return (refresh) => {
    if (refresh) made.delete(name);
    return remember(made, name, read);
  };
}
