import type { ResourceState } from "../state/resource";
import type { Urn } from "../state/urn";
import type { PropertyMap } from "../values/property";
import type { Goal, ReadGoal } from "./goal";

/** How the engine answers a registration. */
export interface RegistrationResult {
  readonly state: ResourceState;
  readonly result: "success" | "failed" | "skipped";
  /** Nothing is known about the resource, since it was not made. */
  readonly unknown?: boolean;
}

/** What a program does, in the order in which it reaches the engine. */
export type SourceEvent =
  | { readonly kind: "register"; readonly goal: Goal; readonly done: (result: RegistrationResult) => void }
  | { readonly kind: "read"; readonly goal: ReadGoal; readonly done: (result: RegistrationResult) => void }
  | { readonly kind: "outputs"; readonly urn: Urn; readonly outputs: PropertyMap; readonly done: () => void }
  | { readonly kind: "end"; readonly failure?: Error };

/** A queue whose reader waits for what is not there yet. */
export interface Queue<T> {
  push(item: T): void;
  next(): Promise<T>;
}

export function queue<T>(): Queue<T> {
  const items: T[] = [];
  const waiting: Array<(item: T) => void> = [];
  return {
    push(item) {
      const reader = waiting.shift();
      if (reader) reader(item);
      else items.push(item);
    },
    next: () =>
      items.length > 0
        ? Promise.resolve(items.shift() as T)
        : new Promise((resolve) => waiting.push(resolve)),
  };
}
