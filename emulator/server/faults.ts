import { errorDocument, ApiError } from "./errors";
import type { FaultRule } from "./fault-rule";
import type { Reply } from "./reply";

/** The rules that are still to be met, in the order in which they came. */
export interface Faults {
  add(rule: FaultRule): void;
  /** The first rule that matches; it is used up after its times. */
  take(method: string, path: string): FaultRule | undefined;
  all(): readonly FaultRule[];
  clear(): void;
}

interface Pending {
  readonly rule: FaultRule;
  readonly pattern: RegExp;
  left: number;
}

export function makeFaults(): Faults {
  let pending: Pending[] = [];
  const matches = (method: string, path: string) => (entry: Pending) =>
    (entry.rule.method ?? method).toUpperCase() === method && entry.pattern.test(path);
  return {
    add(rule) {
      pending.push({ rule, pattern: new RegExp(rule.path ?? ""), left: rule.times ?? 1 });
    },
    take(method, path) {
      const found = pending.find(matches(method, path));
      if (found === undefined) return undefined;
      found.left -= 1;
      pending = pending.filter((entry) => entry.left > 0);
      return found.rule;
    },
    all: () => pending.map(({ rule, left }) => ({ ...rule, times: left })),
    clear() {
      pending = [];
    },
  };
}

const retryAfter = (rule: FaultRule, now: number): Record<string, string> => {
  if (rule.retryAfter === undefined) return {};
  const date = new Date(now + rule.retryAfter * 1000).toUTCString();
  return { "Retry-After": rule.retryAfterAs === "date" ? date : String(rule.retryAfter) };
};

const contentType = (body: unknown): Record<string, string> =>
  typeof body === "string" ? { "Content-Type": body.startsWith("<") ? "text/html" : "text/plain" } : {};

/** The answer that a rule gives instead of handling the request; undefined when it gives none. */
export function faultReply(rule: FaultRule, now: number): Reply | undefined {
  if (rule.status === undefined) return undefined;
  const body =
    rule.body ?? errorDocument(new ApiError(rule.status, "InjectedFault", "A fault rule answered."));
  return {
    status: rule.status,
    body,
    headers: { ...contentType(body), ...retryAfter(rule, now), ...rule.headers },
  };
}
