import { deadlineAt } from "../azure/clock";
import { ServiceError } from "../azure/errors";
import { changesPerCluster } from "../core/changes-per-cluster";
import { checkFailure } from "../core/check-failure";
import { inputOf } from "../schema/fields";
import type { ProviderContext, Values } from "./context";
import { elapsed } from "./progress";
import type { ResourceId } from "./resource-id";

/** A permit to change something beside others, or the wait for one. */
interface Permit {
  /** Whether it is there already. */
  readonly isFree: boolean;
  /** Resolves when it is there. */
  readonly granted: Promise<void>;
  /** Gives up the permit, or the wait for it. */
  release(): void;
}

/** Semaphores by name, of each of which so many hold a permit at once: first come, first served. */
export interface Semaphores {
  acquire(name: string, most: number): Permit;
}

export const openSemaphores = (): Semaphores => {
  /** In the order in which they came; the first ones of each hold a permit. */
  const queues = new Map<string, Set<() => void>>();
  return {
    acquire: (name, most) => {
      const queue = queues.get(name) ?? new Set();
      queues.set(name, queue);
      let start = (): void => undefined;
      const granted = new Promise<void>((resolve) => (start = resolve));
      const grant = (): void => [...queue].slice(0, most).forEach((first) => first());
      queue.add(start);
      grant();
      const release = (): void => {
        queue.delete(start);
        grant();
      };
      return { isFree: queue.size <= most, granted, release };
    },
  };
};

/** What a call changes, and on which cluster. */
interface Change {
  readonly resource: ResourceId;
  readonly values: Values;
}

/**
 * Changes a service, with as many of its cluster at work at once as the configuration lets. It waits for its turn before it
 * starts, so that the operation's own time is not spent, and an interrupt ends the wait with nothing sent.
 */
export const withinLimit = async <Result>(
  provider: ProviderContext,
  change: Change,
  run: () => Promise<Result>,
): Promise<Result> => {
  const { most, name, refusals } = changesPerCluster(await provider.settings());
  for (const refused of refusals) throw new Error(checkFailure(refused).reason);
  if (most === undefined) return run();
  const permit = provider.semaphores.acquire(clusterOf(change), most);
  try {
    if (!permit.isFree) await wait(provider, change, { most, name }, permit);
    return await run();
  } finally {
    permit.release();
  }
};

const cluster = inputOf("compute");

const clusterOf = ({ resource, values }: Change): string =>
  `${resource.workspaceId}/computes/${String(values[cluster])}`.toLowerCase();

const wait = async (
  { clock, interrupt, log }: ProviderContext,
  { resource: { name, urn }, values }: Change,
  { most, name: setting }: { readonly most: number; readonly name: string },
  permit: Permit,
): Promise<void> => {
  const show = (text: string): void => {
    if (urn !== "") log.write({ urn, severity: "info", text, passing: true });
  };
  const start = clock.now();
  const services = `${most === 1 ? "one service" : `${most} services`} of ${String(values[cluster])}`;
  show(`Waits for its turn: ${setting} lets ${services} change at once`);
  const action = `change service "${name}"`;
  await deadlineAt(clock, Infinity, interrupt)
    .interruptible(action, () => permit.granted)
    .catch(() => {
      const detail = "Expected its turn, found an interrupt before it: nothing was sent.";
      throw new ServiceError({ action, code: "Interrupted", detail });
    });
  show(`Its turn has come (${elapsed(clock.now() - start)})`);
};
