/** Why an input was refused. The codes are stable. */
export type FailureCode =
  | "UnknownSetting"
  | "Missing"
  | "WrongType"
  | "OutOfRange"
  | "BadFormat"
  | "Exclusive"
  | "Immutable"
  | "Reserved"
  | "RefusedByService";

/** One refused input, as the engine shows it: the property's path and one readable reason. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface Refusal {
  readonly code: FailureCode;
  readonly path: string;
  readonly expected: string;
  readonly found: string;
  readonly next: string;
}

/** Whether no message may show the value of a setting, or of a part of it (`tags.release`). */
export type IsSecret = (path: string) => boolean;

/**
 * The engine prints the value of the property that a failure names, so one about a secret names
 * the whole resource instead; the reason still says which setting it is.
 */
export const checkFailure = (refusal: Refusal, isSecret: IsSecret = () => false): CheckFailure => ({
  property: isSecret(refusal.path) ? "" : refusal.path,
  reason: `${refusal.code}: ${refusal.path} must be ${refusal.expected}; found ${refusal.found}. ${refusal.next}`,
});

const MAXIMUM_SHOWN = 80;

const shortened = (text: string): string =>
  text.length > MAXIMUM_SHOWN ? `${text.slice(0, MAXIMUM_SHOWN)}…` : text;

/** What only the engine, or time, can tell the value of. */
export const isUnresolved = (value: unknown): boolean =>
  value instanceof Promise ||
  (value as { __pulumiOutput?: unknown } | null | undefined)?.__pulumiOutput === true;

/** A value in an error message. Of a secret only the kind of value is told. */
export const describe = (value: unknown, secret = false): string => {
  if (value === undefined || value === null) return "nothing";
  if (isUnresolved(value)) return value instanceof Promise ? "a Promise" : "an Output";
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") return "an object";
  if (secret) return `a secret ${typeof value === "string" ? "text" : typeof value}`;
  if (typeof value === "string") return `the text ${shortened(JSON.stringify(value))}`;
  return `${String(value)} (${typeof value})`;
};

/** A refusal of a value; of a secret one only the kind of value is told. */
export const refusal = (
  code: FailureCode,
  path: string,
  expected: string,
  value: unknown,
  next: string,
  secret = false,
): Refusal => ({ code, path, expected, found: describe(value, secret), next });

/** `tags.release`, or `tags["a.b"]` where the key would be ambiguous. */
export const pathOf = (input: string, key: string | number): string =>
  typeof key === "number"
    ? `${input}[${key}]`
    : /^[\w-]+$/.test(key)
      ? `${input}.${key}`
      : `${input}[${JSON.stringify(key)}]`;
