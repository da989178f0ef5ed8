import { inputOf } from "../schema/fields";
import { check } from "../core/check";
import { describe, checkFailure, isUnresolved, type Refusal } from "../core/check-failure";
import { nearest } from "../core/names";
import { UNKNOWN, type Settings } from "../core/values";

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

/** What every function takes as options. */
const PLACE: readonly string[] = ["workspaceId", "config"];

/**
 * Refuses arguments whose values are not there yet, and options that nobody reads.
 *
 * @param given the arguments by name
 * @param names the options that the function has beside `workspaceId` and `config`
 * @throws BadArgument
 */
export const checkArguments = (
  given: Readonly<Record<string, unknown>>,
  options: object | undefined = {},
  names: readonly string[] = [],
): void => {
  for (const [name, value] of Object.entries({ ...given, options })) assertResolved(name, value);
  assertNames("options", options, [...PLACE, ...names]);
};

const assertResolved = (name: string, value: unknown): void => {
  if (!isUnresolved(value)) return;
  throw new CallError(
    "BadArgument",
    `${name} must be a plain value; found ${describe(value)}. ` +
      (value instanceof Promise ? "Await it first." : "Call the function inside its .apply(…)."),
  );
};

/** @throws BadArgument for a member that is not among the names */
export const assertNames = (what: string, given: object, names: readonly string[]): void => {
  const odd = Object.keys(given).find((key) => !names.includes(key));
  if (odd === undefined) return;
  const meant = nearest(odd, names);
  throw new CallError(
    "BadArgument",
    `${what} may have ${names.join(", ")}; found ${odd}. ${meant ? `Did you mean ${meant}?` : "Leave it out."}`,
  );
};

/** What a deploy configuration leaves to the resource: as good as not known yet. */
const open: Settings = {
  [inputOf("compute")]: UNKNOWN,
  [inputOf("serviceName")]: UNKNOWN,
  [inputOf("workspaceId")]: UNKNOWN,
  [inputOf("models")]: UNKNOWN,
};

/** Refuses settings that no new service could have, by the rules that the resource is checked with, all at once. */
export const checkConfiguration = (settings: Settings): void => {
  const { failures } = check({}, { ...open, ...settings }, { config: {}, env: {} });
  if (failures.length > 0)
    throw new CallError("BadConfiguration", failures.map(({ reason }) => reason).join("\n"));
};
