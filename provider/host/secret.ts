const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Pulumi's wire form of a secret: the engine encrypts the value wherever it stands. */
export const wrapSecret = (value: unknown): Readonly<Record<string, unknown>> => ({
  [SIGNATURE]: SECRET,
  value,
});

/** A copy in which the named members are secrets. Members that are not there stay away. */
export const withSecrets = (
  values: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      names.includes(name) && !isSecret(value) ? wrapSecret(value) : value,
    ]),
  );

const isSecret = (value: unknown): boolean =>
  typeof value === "object" && value !== null && (value as Record<string, unknown>)[SIGNATURE] === SECRET;
