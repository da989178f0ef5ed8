import type { Clock } from "../azure/clock";
import type { ClientSettings } from "../azure/connect";
import type { WorkspaceAddress } from "../azure/connect";
import type { SafeText } from "../azure/safe-text";
import type { Webservices } from "../azure/webservices";
import type { EngineLog } from "../host/engine-log";

/** Everything that the lifecycle meets outside its own process, so that a test can hold it still. */
export interface World {
  readonly clock: Clock;
  readonly log: EngineLog;
  /** Configuration and environment; ready once the host has configured the provider. */
  readonly settings: () => Promise<ClientSettings>;
  /** Aborts when the user interrupts the run: what is under way stops waiting and keeps what has begun. */
  readonly interrupt?: AbortSignal | undefined;
  /** Makes a text of the service safe to show, before any of it is cut. */
  readonly safe: SafeText;
  /** Runs a call, during which an interruption is watched for. */
  readonly during?: (<T>(call: () => Promise<T>) => Promise<T>) | undefined;
  readonly connect: (address: WorkspaceAddress, settings: ClientSettings) => Promise<Webservices>;
}

/** Values as the host passes them: plain JSON. */
export type Values = Readonly<Record<string, unknown>>;
