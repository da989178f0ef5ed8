import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConfigInput } from "../config/stack-config";

/** A recorded scenario: operations to run one after the other on one stack. */
export interface Scenario {
  readonly about: string;
  /** Several steps ran at once, so that orders mean nothing. */
  readonly parallel?: boolean;
  readonly steps: readonly ScenarioStep[];
}

export interface ScenarioStep {
  readonly command: "preview" | "up" | "refresh" | "destroy" | "cancel";
  readonly flags?: Readonly<Record<string, unknown>>;
  /** What the program registers; that of the step before when left out. */
  readonly program?: object;
  /** How the provider answers; never inherited. */
  readonly behaviour?: object;
  readonly files?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, ConfigInput | null>>;
  /** A signal to the engine, some time after the provider was first called with a method. */
  readonly interrupt?: {
    readonly signal: NodeJS.Signals;
    readonly onCall: string;
    readonly afterMs?: number;
  };
}

/** What an engine did in one step, in the recordings' form. */
export interface RecordedStep {
  readonly command: string;
  readonly exitCode: number | string;
  calls: readonly Record<string, unknown>[];
  steps: readonly Record<string, unknown>[];
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly urn: string;
    readonly message: string;
  }[];
  readonly summaries: readonly Record<string, unknown>[];
  state: "unchanged" | RecordedState;
}

export interface RecordedState {
  readonly resources: readonly Record<string, unknown>[];
  readonly pendingOperations?: readonly unknown[];
  readonly secrets: readonly unknown[];
  readonly plaintext: readonly string[];
}

export const scenarioNames = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();

export const readJson = <T>(folder: string, name: string): T =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as T;
