import type { ErrorDocument } from "../server/errors";
import type { ServiceKeys, ServiceState } from "../services/service";

export type OperationKind = "Create" | "Update" | "Delete" | "RegenerateKeys" | "Migrate" | "BuildImage";

export type Phase = "BuildEnvironment" | "BuildImage" | "DeployService";

/**
 * How an operation ends. `stuck` runs for ever, `lost` is answered with 404, `unknown` shows the word of `state`
 * until it succeeds. A `serviceState` on a success is a service that crashes after its deployment.
 */
export interface Outcome {
  readonly result: "succeeded" | "failed" | "cancelled" | "timedOut" | "stuck" | "lost" | "unknown";
  readonly state?: string;
  readonly error?: ErrorDocument;
  readonly serviceState?: ServiceState;
  /** The phase that fails; the phases after it never begin. */
  readonly phase?: Phase;
  readonly log?: readonly string[];
  readonly containerLog?: string;
}

/** A long-running operation as the store keeps it; plain JSON. What it shows is computed from the time. */
export interface Operation {
  readonly id: string;
  readonly kind: OperationKind;
  /** The service's name, or the image's id. */
  readonly target: string;
  readonly startedAt: number;
  readonly dueAt: number;
  readonly outcome: Outcome;
  /** Whether an image is built before the deployment. */
  readonly builds: boolean;
  /** The keys that a RegenerateKeys puts in place. */
  readonly keys?: ServiceKeys;
  /** The compute that a Migrate moves to. */
  readonly computeName?: string;
  /** How far it is while a gate stops it, 0 to 1. */
  readonly heldAt?: number;
  /** Since when, and from how far, it goes on after a gate was opened. */
  readonly resumed?: { readonly at: number; readonly share: number };
  settled: boolean;
}
