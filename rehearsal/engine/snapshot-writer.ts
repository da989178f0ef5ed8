import { withReferences, type PendingOperation, type ResourceState, type Snapshot } from "../state/resource";
import type { Urn } from "../state/urn";
import type { Op, Step } from "./step";

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

  function write(): void {
    const before = base();
    const resources = [...news, ...before.resources].filter((resource) => !done.has(resource));
    const creating = before.pending.filter(({ type }) => type === "creating");
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
      // What a refresh found is taken together, at its end.
      if (step.op === "replace" || step.op === "refresh") return;
      const operation = pendingOperation(step);
      if (operation) running.delete(operation.resource);
      if (succeeded && step.old && leavesNothing(step.op, step.old)) done.add(step.old);
      if (succeeded && step.new) news.push(step.new);
      write();
    },
  };
}

const PENDING: Partial<Record<Op, PendingOperation["type"]>> = {
  create: "creating",
  "create-replacement": "creating",
  update: "updating",
  delete: "deleting",
  "delete-replaced": "deleting",
  discard: "deleting",
  read: "reading",
};

function pendingOperation(step: Step): PendingOperation | undefined {
  const type = PENDING[step.op];
  const resource = type === "deleting" ? step.old : step.new;
  return type && resource ? { resource, type } : undefined;
}

/** The old half of a replacement stays until its deletion, unless it was deleted already and waited for the new half. */
function leavesNothing(op: Op, old: ResourceState): boolean {
  if (op === "create-replacement") return old.pendingReplacement;
  return op === "delete-replaced" ? !old.pendingReplacement : true;
}

/** With every reference to an old name replaced by the new one, after which aliases are not needed. */
function withNewNames({ resources, pending }: Snapshot): Snapshot {
  const names = new Map(
    resources.flatMap(({ urn, aliases }) => aliases.map((alias) => [alias, urn] as const)),
  );
  const rename = (urn: Urn): Urn => names.get(urn) ?? urn;
  const renamed = resources.map((resource) => ({
    ...resource,
    ...withReferences(resource, rename),
    parent: rename(resource.parent),
    aliases: [],
  }));
  return { resources: renamed, pending };
}
