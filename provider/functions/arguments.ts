import { describe, isUnresolved } from "../core/check-failure";
import { nearest } from "../core/names";
import { CallError } from "./call-error";

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
