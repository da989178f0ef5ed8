import { deadlineAt } from "../azure/clock";
import { changesPerCluster } from "../core/changes-per-cluster";
import { checkFailure } from "../core/check-failure";
import { inputOf } from "../schema/fields";
import type { ProviderContext, Values } from "./context";
import { elapsed } from "./progress";
import type { ResourceId } from "./resource-id";

/** A place among those that change something at once, or in the queue for one. */
interface Place {
  /** Whether the place is there already. */
  readonly isFree: boolean;
  /** Resolves when the place is there. */
  readonly granted: Promise<void>;
  /** Gives up the place, or the wait for it. */
  leave(): void;
}

/** Queues by name, in each of which so many hold a place at once: first come, first served. */
export interface Turns {
  ask(queue: string, most: number): Place;
}

export const openTurns = (): Turns => {
  /** In the order in which they came; the first ones of each hold a place. */
  const queues = new Map<string, Set<() => void>>();
  return {
    ask: (name, most) => {
      const queue = queues.get(name) ?? new Set();
      queues.set(name, queue);
      let begin = (): void => undefined;
      const granted = new Promise<void>((resolve) => (begin = resolve));
      const grant = (): void => [...queue].slice(0, most).forEach((first) => first());
      queue.add(begin);
      grant();
      const leave = (): void => {
        queue.delete(begin);
        grant();
      };
      return { isFree: queue.size <= most, granted, leave };
    },
  };
};

/** What a call changes, and on which cluster; undefined for a call that sends nothing. */
export interface Change {
  readonly resource: ResourceId;
  readonly values: Values;
}

/**
 * A method that changes services, with as many of a cluster at work at once as the configuration lets. It waits for its turn
 * before it begins, so that the operation's own time is not spent, and an interrupt ends the wait with nothing sent.
 */
export const inTurn =
  <Given extends unknown[], Result>(
    method: (provider: ProviderContext) => (...given: Given) => Promise<Result>,
    changeOf: (...given: Given) => Change | undefined,
  ) =>
  (provider: ProviderContext) =>
  async (...given: Given): Promise<Result> => {
    const { most, refusals } = changesPerCluster(await provider.settings());
    for (const refused of refusals) throw new Error(checkFailure(refused).reason);
    const change = most === undefined ? undefined : changeOf(...given);
    if (most === undefined || !change) return method(provider)(...given);
    const place = provider.turns.ask(clusterOf(change), most);
    try {
      if (!place.isFree) await wait(provider, change, most, place);
      return await method(provider)(...given);
    } finally {
      place.leave();
    }
  };

const cluster = inputOf("compute");

const clusterOf = ({ resource, values }: Change): string =>
  `${resource.workspaceId}/computes/${String(values[cluster])}`.toLowerCase();

const wait = async (
  { clock, interrupt, log }: ProviderContext,
  { resource: { name, urn }, values }: Change,
  most: number,
  place: Place,
): Promise<void> => {
  const show = (text: string): void => {
    if (urn !== "") log.write({ urn, severity: "info", text, passing: true });
  };
  const start = clock.now();
  const services = `${most === 1 ? "one service" : `${most} services`} of ${String(values[cluster])}`;
  show(`Waits for its turn: azureml:changesPerCluster lets ${services} change at once`);
  await deadlineAt(clock, Infinity, interrupt).interruptible(
    `begin with service "${name}"`,
    () => place.granted,
  );
  show(`Its turn has come (${elapsed(clock.now() - start)})`);
};
