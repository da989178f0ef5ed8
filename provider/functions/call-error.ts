import { checkFailure, type Refusal } from "../core/check-failure";

/** Why a call was refused before, or in spite of, an answer of the service. The codes are stable. */
export type CallErrorCode =
  | "BadAddress"
  | "BadArgument"
  | "EmptyInput"
  | "BadInput"
  | "Immutable"
  | "NoContainers"
  | "ClockSkew"
  | "BadConfiguration";

/** A call that cannot be made or answered as asked. The message says what was expected, what was found and what to do. */
export class CallError extends Error {
  constructor(
    readonly code: CallErrorCode,
    text: string,
  ) {
    super(`${code}: ${text}`);
    this.name = "CallError";
  }
}

/** Everything that was refused, one line each. */
export const refusedCall = (code: CallErrorCode, refusals: readonly Refusal[]): CallError =>
  new CallError(code, refusals.map((refusal) => checkFailure(refusal).reason).join("\n"));
