import type { Deadline } from "../azure/clock";
import type { ServiceDocument, Webservices } from "../azure/webservices";
import { timeoutMs, type TimedVerb } from "../core/timeouts";
import { connectWithin, type ProviderContext, type Values } from "./context";
import { openProgress, type Progress } from "./progress";
import type { ResourceId } from "./resource-id";

/** One operation on one service, from its beginning to its deadline. */
export interface OperationContext {
  readonly provider: ProviderContext;
  readonly resource: ResourceId;
  /** When to give up, on the provider's clock. */
  readonly deadline: Deadline;
  /** The services of the workspace; every call gives up at the deadline. */
  readonly services: Webservices;
  /**
   * Whether the service has accepted a create, patch, new key or migration: before that a failure leaves the state as it
   * was, after it the resource is there and must not be lost.
   */
  readonly accepted: () => boolean;
  readonly progress: Progress;
  /** The same services with a short time limit of their own, to explain a failure after the deadline has passed. */
  readonly diagnosticServices: () => Webservices;
  /** The service as it is by then; undefined where it is gone or cannot be read. */
  readonly lastLook: () => Promise<ServiceDocument | undefined>;
}

/** Connects to the resource's workspace. @throws ServiceError before anything is sent to the service */
export const openOperation = async (
  provider: ProviderContext,
  resource: ResourceId,
  verb: TimedVerb,
  values: Values,
): Promise<OperationContext> => {
  provider.liveViews.written.add(resource.id.toLowerCase());
  const connected = await connectWithin(timeoutMs(verb, values), provider, resource.workspace);
  const { deadline } = connected;
  const { services, accepted } = watchAcceptance(connected.services);
  const progress = openProgress(provider, resource, services);
  let explainBy: number | undefined;
  const diagnosticServices = (): Webservices =>
    services.within((explainBy ??= provider.clock.now() + diagnosisMs(provider)));
  const lastLook = () =>
    diagnosticServices()
      .get(resource.name)
      .catch(() => undefined);
  return { provider, resource, deadline, services, accepted, progress, diagnosticServices, lastLook };
};

/** How long explanations of a failure may take: all of them together, counted from the first. */
const DIAGNOSIS_MS = 15_000;
/** The engine does not wait long for an interrupted provider, and the service's id must reach it. */
const DIAGNOSIS_WHEN_INTERRUPTED_MS = 2_000;

const diagnosisMs = ({ interrupt }: ProviderContext): number =>
  interrupt?.aborted ? DIAGNOSIS_WHEN_INTERRUPTED_MS : DIAGNOSIS_MS;

const watchAcceptance = (services: Webservices): Pick<OperationContext, "services" | "accepted"> => {
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
