import type { Webservices } from "../azure/webservices";

interface Watched {
  readonly services: Webservices;
  /** Whether a create, patch, new key or migration has been accepted. */
  readonly accepted: () => boolean;
}

/**
 * The same services, and whether they have accepted a change: before that a failure leaves the
 * state as it was, after it the resource is there and must not be lost.
 */
export const watchAcceptance = (services: Webservices): Watched => {
  let accepted = false;
  const noting =
    <Given extends unknown[], Result>(send: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      const result = await send(...given);
      accepted = true;
      return result;
    };
  return {
    services: {
      ...services,
      create: noting(services.create),
      patch: noting(services.patch),
      regenerateKey: noting(services.regenerateKey),
      migrate: noting(services.migrate),
    },
    accepted: () => accepted,
  };
};
