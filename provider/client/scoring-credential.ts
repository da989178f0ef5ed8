import type { ScoringCredential } from "./scoring";
import type { Webservices } from "./webservices";

/** For a service without authentication. */
export const noCredential: ScoringCredential = () => Promise.resolve(undefined);

/**
 * The primary key of a service with key authentication: read once, also for calls at the same time, and again when it is
 * refused or could not be read.
 */
export function keyCredential(services: Pick<Webservices, "listKeys">, name: string): ScoringCredential {
  let key: Promise<string> | undefined;
  const read = async (): Promise<string> => (await services.listKeys(name)).primaryKey;
  const forget = (error: unknown): never => {
    key = undefined;
    throw error;
  };
  return (refresh) => {
    if (refresh || !key) key = read().catch(forget);
    return key;
  };
}
