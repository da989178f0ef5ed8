import type { ConfigInput } from "../../test/harness/engines/engine";
import type { Operation } from "../../test/harness/operation";
import type { Workspace } from "../../test/harness/workspace";

/** The stack's outputs, with secrets readable. */
export interface Outputs {
  readonly scoringUri: string;
  readonly primaryKey: string;
}

export interface OperationOptions {
  /** Environment variables of this command alone. */
  readonly env?: Readonly<Record<string, string>>;
  /** Kills the provider once a request of this name, such as `POST services`, has reached the workspace. */
  readonly killAfter?: string;
  /** The command must fail; else it must succeed, or the step ends. */
  readonly fails?: boolean;
}

/** What a step can do. All of it is printed as it happens, and recorded. */
export interface Tour {
  preview(options?: OperationOptions): Promise<Operation>;
  up(options?: OperationOptions): Promise<Operation>;
  refresh(options?: OperationOptions): Promise<Operation>;
  destroy(options?: OperationOptions): Promise<Operation>;
  /** Sets stack configuration. */
  configure(values: Readonly<Record<string, ConfigInput>>): Promise<void>;
  /** Swaps the quickstart for the demo's own program, with the same resource in it. */
  useOwnProgram(): void;
  /** Changes settings of the demo's own program; undefined takes one out of the program. */
  change(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Swaps program and scoring code for those of an example. */
  useExampleCode(example: string): void;
  /** Changes one line of a file of the project. */
  edit(file: string, before: string, after: string): void;
  outputs(): Promise<Outputs>;
  /** Runs a script of the repository against the workspace, and gives what it printed. */
  script(file: string, ...args: readonly string[]): Promise<string>;
  /** The workspace, beside Pulumi. */
  workspace(): Workspace;
  /** The bearer token that the workspace takes. */
  accessToken(): string;
  /** Restarts the workspace so that it takes only a new bearer token. */
  rotateToken(): Promise<void>;
  /** Names a text that must not appear in a file or in what is printed. */
  keepSecret(name: string, value: string): void;
  /** The engine's files in which a text can be read. */
  filesWith(text: string): readonly string[];
  /** `name in file` for each secret that can be read in the engine's files or in what was printed. */
  leaks(): readonly string[];
  say(text: string): void;
  /** Claims that something found is what was expected; equal as JSON is. */
  check(claim: string, found: unknown, expected: unknown): void;
  /** Claims that a text says something. */
  checkText(claim: string, text: string, part: string | RegExp): void;
}

export interface Step {
  readonly title: string;
  run(tour: Tour): Promise<void>;
}

/** Steps that belong together, in the order in which they must run. */
export type Chapter = readonly Step[];
