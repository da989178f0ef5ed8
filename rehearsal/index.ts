/**
 * A stand-in for the Pulumi engine: runs an unmodified Node.js program, its dynamic provider, and a state file, without
 * the Pulumi CLI. It does what recordings of the real engine show, and refuses the rest.
 */
export { openStack } from "./stack";
export type { OperationOptions, OperationResult, Stack, StackOptions } from "./stack";
export type { DiagnosticEvent, EngineEvent, StatusEvent, StepEvent, SummaryEvent } from "./engine/events";
export type { Flags } from "./flags";
export { OutOfScope } from "./out-of-scope";
export { FAULTS } from "./faults";
export type { Fault } from "./faults";
