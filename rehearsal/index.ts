/**
 * A stand-in for the Pulumi engine: runs an unmodified Node.js program, its dynamic provider, and a state file, without
 * the Pulumi CLI. It does what the real engine does, and refuses the rest.
 */
export { openStack } from "./stack";
export type { OperationResult, Stack } from "./stack";
export type { DiagnosticEvent, EngineEvent, StepEvent } from "./engine/events";
