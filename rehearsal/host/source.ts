import type { ResourceState } from "../state/resource";
import type { Urn } from "../state/urn";
import type { PropertyMap } from "../values/property";
import type { Goal } from "./goal";

/** Answers whoever registered a resource; without an answer, the program is stopped. */
export type Done = (state: ResourceState) => void;

/** A resource that the program registers or reads. */
export interface Registration {
  readonly kind: "resource";
  readonly goal: Goal;
  readonly done: Done;
}

/** What a program does, in the order in which it reaches the engine. */
export type SourceEvent =
  | Registration
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
