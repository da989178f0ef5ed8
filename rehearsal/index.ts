/**
 * A stand-in for the Pulumi engine: runs an unmodified Node.js program, its dynamic provider, and a state file, without
 * the Pulumi CLI. It does what the real engine does, and refuses the rest.
 */
export { openStack } from "./stack";
export type { Flags, OperationOptions, OperationResult, Stack, StackOptions } from "./stack";
export type { DiagnosticEvent, EngineEvent, StatusEvent, StepEvent, SummaryEvent } from "./engine/events";
export { OutOfScope } from "./out-of-scope";
