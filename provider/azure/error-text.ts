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

interface Told {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

function collect(value: unknown, depth: number, found: Told[]): void {
  if (depth > deepest) return;
  if (!isObject(value)) {
    found.push({ code: undefined, message: text(value) });
    return;
  }
  found.push({ code: text(value["code"]), message: text(value["message"]) ?? text(value["Message"]) });
  for (const inner of innerErrors(value)) collect(inner, depth + 1, found);
}

/** Without those whose message an inner error repeats, often under a more exact code. */
function withoutRepeated(found: readonly Told[]): readonly Told[] {
  const lastWithCode = new Map(
    found.flatMap(({ code, message }, index) => (code === undefined ? [] : [[message, index] as const])),
  );
  return found.filter(
    ({ message }, index) => message === undefined || (lastWithCode.get(message) ?? -1) <= index,
  );
}

const sentenceOf = ({ code, message }: Told): string | undefined =>
  code && message ? `${code}: ${message}` : (code ?? message);

/**
 * One line for the error of an answer or an operation: its code and message, then those of its details and inner errors.
 *
 * @returns undefined when there is nothing to read in it
 */
export function flattenError(error: unknown): string | undefined {
  const found: Told[] = [];
  collect(error, 0, found);
  const told = withoutRepeated(found).flatMap((one) => sentenceOf(one) ?? []);
  return told.length > 0 ? [...new Set(told)].join("; ").replace(/\s+/g, " ").slice(0, 4000) : undefined;
}
