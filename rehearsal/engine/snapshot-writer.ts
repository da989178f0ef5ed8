import type { PendingOperation, ResourceState, Snapshot } from "../state/resource";
import type { Step } from "./step";
import { withoutDangling } from "./dangling";
import { withNewNames } from "./renamed";

/** Keeps the state file true while steps run: what is begun is on disk before it begins. */
export interface SnapshotWriter {
  begin(step: Step): void;
  end(step: Step, succeeded: boolean): void;
  /** Writes what has changed inside the resources, such as stack outputs. */
  write(): void;
}

/** A preview writes nothing. */
export const NO_SNAPSHOT: SnapshotWriter = {
  begin: () => undefined,
  end: () => undefined,
  write: () => undefined,
};

/**
 * The state is what is new so far, then what was there before and is neither replaced nor deleted yet. `base` is asked
 * every time, since a refresh changes what was there before.
 */
export function snapshotWriter(base: () => Snapshot, save: (snapshot: Snapshot) => void): SnapshotWriter {
  const news: ResourceState[] = [];
  const done = new Set<ResourceState>();
  const running = new Map<ResourceState, PendingOperation>();
  let refreshing = false;

  function write(): void {
    const before = base();
    const kept = [...news, ...before.resources].filter((resource) => !done.has(resource));
    const creating = before.pending.filter(({ type }) => type === "creating");
    const resources = refreshing ? withoutDangling(kept) : kept;
    save(withNewNames({ resources, pending: [...running.values(), ...creating] }));
  }
  return {
    write,
    begin(step) {
      const operation = pendingOperation(step);
      if (!operation) return;
      running.set(operation.resource, operation);
      write();
    },
    end(step, succeeded) {
      const operation = pendingOperation(step);
      if (operation) running.delete(operation.resource);
      if (step.op === "refresh") refreshing ||= step.persisted === true;
      if (succeeded) {
        doneBy(step).forEach((resource) => done.add(resource));
        news.push(...madeBy(step));
      }
      if (step.op !== "replace" && !(step.op === "refresh" && !step.persisted)) write();
    },
  };
}

const PENDING = {
  create: "creating",
  "create-replacement": "creating",
  update: "updating",
  delete: "deleting",
  "delete-replaced": "deleting",
  discard: "deleting",
  "discard-replaced": "deleting",
  read: "reading",
  "read-replacement": "reading",
} as const;

function pendingOperation(step: Step): PendingOperation | undefined {
  const type = step.op in PENDING ? PENDING[step.op as keyof typeof PENDING] : undefined;
  const resource = type === "deleting" ? step.old : step.new;
  return type && resource ? { resource, type } : undefined;
}

/** The old resources that a step leaves nothing of. */
function doneBy({ op, old, persisted }: Step): readonly ResourceState[] {
  if (!old || op === "replace" || (op === "refresh" && !persisted)) return [];
  // The old half of a replacement stays until its deletion, unless it was deleted already.
  if (op === "create-replacement") return old.pendingReplacement ? [old] : [];
  if (op === "delete-replaced" || op === "discard-replaced" || op === "delete" || op === "discard") {
    return old.pendingReplacement ? [] : [old];
  }
  return [old];
}

function madeBy(step: Step): readonly ResourceState[] {
  if (!step.new || step.op === "replace" || step.skippedCreate) return [];
  return step.op === "refresh" && !step.persisted ? [] : [step.new];
}
