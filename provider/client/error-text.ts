const deepest = 6;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() ? value.trim() : undefined;

/** The members below which services nest the errors that caused an error. */
function innerErrors(error: Record<string, unknown>): unknown[] {
  const details = Array.isArray(error["details"]) ? (error["details"] as unknown[]) : [];
  return [...details, error["innererror"], error["innerError"], error["error"]];
}

function ownText(error: Record<string, unknown>): string | undefined {
  const code = text(error["code"]);
  const message = text(error["message"]) ?? text(error["Message"]);
  return code && message ? `${code}: ${message}` : (code ?? message);
}

function collect(value: unknown, depth: number, found: string[]): void {
  if (depth > deepest) return;
  if (!isObject(value)) {
    const plain = text(value);
    if (plain) found.push(plain);
    return;
  }
  const own = ownText(value);
  if (own) found.push(own);
  for (const inner of innerErrors(value)) collect(inner, depth + 1, found);
}

/**
 * One line for the error of an answer or an operation: its code and message, then those of its details and inner errors.
 *
 * @returns undefined when there is nothing to read in it
 */
export function flattenError(error: unknown): string | undefined {
  const found: string[] = [];
  collect(error, 0, found);
  const distinct = [...new Set(found)];
  return distinct.length > 0 ? distinct.join("; ").replace(/\s+/g, " ").slice(0, 4000) : undefined;
}

/** Replaces each secret by `[secret]`, so that a server that echoes a request cannot put one into an error. */
export function redact(message: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length > 3)
    .reduce((kept, secret) => kept.replaceAll(secret, "[secret]"), message);
}
