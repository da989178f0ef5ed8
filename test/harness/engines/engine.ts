import type { EngineEvent } from "../../../rehearsal/index";

/** Options of an operation, named as the Pulumi CLI's flags are. The rehearsal takes few of them, and refuses the others. */
export interface Flags {
  /** `--refresh`: read every resource before anything else. */
  readonly refreshFirst?: boolean;
  readonly continueOnError?: boolean;
  readonly runProgram?: boolean;
  readonly expectNoChanges?: boolean;
  readonly ignoreProtect?: boolean;
  readonly clearPendingCreates?: boolean;
  /** For refresh and destroy. */
  readonly previewOnly?: boolean;
  /** Preview first, as the CLI does unless told `--skip-preview`. */
  readonly withPreview?: boolean;
}

/** What both engines are asked for. */
export interface StackRequest {
  /** The folder of Pulumi.yaml. */
  readonly projectDir: string;
  readonly stack: string;
  /** A folder of the caller's for state, settings and caches; the project's folder stays as it is. */
  readonly workDir: string;
  readonly passphrase: string;
  /** Added to the environment of every process. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunOptions {
  readonly flags?: Flags;
  /** How many steps may run at once; the engine's default when left out. */
  readonly parallel?: number;
  /** Told every event as it happens; the CLI's arrive when the operation has ended. */
  readonly onEvent?: (event: EngineEvent) => void;
}

export interface RunResult {
  readonly exitCode: number;
  readonly events: readonly EngineEvent[];
  /** Resource counts by what was done to them. */
  readonly changes: Readonly<Record<string, number>>;
  /** What was printed for people. */
  readonly text: string;
}

export type ConfigInput = string | { readonly secret: string };

/** A stack of one project, run by either engine. */
export interface EngineStack {
  preview(options?: RunOptions): Promise<RunResult>;
  up(options?: RunOptions): Promise<RunResult>;
  refresh(options?: RunOptions): Promise<RunResult>;
  destroy(options?: RunOptions): Promise<RunResult>;
  setConfig(values: Readonly<Record<string, ConfigInput>>): Promise<void>;
  /** The stack's outputs; secret ones read `[secret]` unless asked for. */
  outputs(options?: { readonly showSecrets?: boolean }): Promise<Record<string, unknown>>;
  /** The state as it lies on disk, and with its secrets readable. */
  exportState(): Promise<{ readonly shown: Deployment; readonly stored: Deployment }>;
  /** Takes back what was put into the project's folder. */
  close(): Promise<void>;
}

export interface Deployment {
  readonly resources?: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

export interface Engine {
  readonly name: "pulumi" | "rehearsal";
  open(request: StackRequest): Promise<EngineStack>;
}
