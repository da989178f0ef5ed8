import fc from "fast-check";
import {
  decideRetry,
  isBusyChange,
  isBusyCreate,
  parseRetryAfter,
  type Attempt,
  type Busy,
  type Outcome,
} from "../../../provider/azure/retry";

const attemptWith = (outcome: Outcome, more: Partial<Attempt> = {}): Attempt => ({
  outcome,
  attempt: 1,
  elapsedMs: 0,
  budgetMs: 300_000,
  random: 0.5,
  repeatable: true,
  ...more,
});

const status = (code: number, retryAfterMs?: number): Outcome => ({
  kind: "status",
  status: code,
  retryAfterMs,
});
const fault = (kind: "Refused" | "Unresolved" | "Tls" | "TimedOut" | "Cut", sent: boolean): Outcome => ({
  kind: "fault",
  fault: kind,
  sent,
});
const busy: Outcome = { kind: "busy", certain: true };
const perhapsBusy: Outcome = { kind: "busy", certain: false };

it.each<[string, Outcome, string, string]>([
  // outcome, when it may be repeated, when it must not be doubled
  ["400", status(400), "final", "final"],
  ["401", status(401), "final", "final"],
  ["404", status(404), "final", "final"],
  ["501", status(501), "final", "final"],
  ["408", status(408), "wait", "ambiguous"],
  ["429", status(429), "wait", "wait"],
  ["500", status(500), "wait", "ambiguous"],
  ["502", status(502), "wait", "ambiguous"],
  ["503", status(503), "wait", "ambiguous"],
  ["503 with Retry-After", status(503, 1000), "wait", "wait"],
  ["504", status(504), "wait", "ambiguous"],
  ["530", status(530), "wait", "ambiguous"],
  ["409 while an operation runs", busy, "wait", "wait"],
  ["409 for whatever reason", perhapsBusy, "wait", "wait"],
  ["a refused connection", fault("Refused", false), "wait", "wait"],
  ["an unknown host", fault("Unresolved", false), "wait", "wait"],
  ["a bad certificate", fault("Tls", false), "final", "final"],
  ["a timeout", fault("TimedOut", true), "wait", "ambiguous"],
  ["a cut connection", fault("Cut", true), "wait", "ambiguous"],
])("decides on %s", (_, outcome, repeatable, once) => {
  const told = (decision: ReturnType<typeof decideRetry>): string =>
    decision.kind === "wait" ? "wait" : decision.why;
  expect(told(decideRetry(attemptWith(outcome)))).toBe(repeatable);
  expect(told(decideRetry(attemptWith(outcome, { repeatable: false })))).toBe(once);
});

it.each<[string, Outcome, number, number, number]>([
  // outcome, attempt, shortest and longest wait
  ["first 500", status(500), 1, 250, 500],
  ["third 500", status(500), 3, 1000, 2000],
  ["first 429", status(429), 1, 1000, 2000],
  ["ninth 429", status(429), 9, 15_000, 30_000],
  ["tenth busy", busy, 10, 2500, 5000],
  ["Retry-After 7 s", status(503, 7000), 1, 7000, 7700],
  ["Retry-After 60 s", status(429, 60_000), 1, 60_000, 61_000],
  ["Retry-After 0", status(429, 0), 1, 1000, 2000],
  ["ninth Retry-After 0", status(429, 0), 9, 15_000, 30_000],
  ["503 with a Retry-After that has passed", status(503, 0), 1, 1000, 1250],
  ["busy with Retry-After 0", { ...busy, retryAfterMs: 0 }, 1, 1000, 1250],
])("waits after %s", (_, outcome, attempt, shortest, longest) => {
  const ms = (random: number): number => {
    const decision = decideRetry(attemptWith(outcome, { attempt, random }));
    return decision.kind === "wait" ? decision.ms : NaN;
  };
  expect(ms(0)).toBe(shortest);
  expect(ms(0.999_999_9)).toBeCloseTo(longest, -1);
});

it.each<[string, Outcome, number, boolean]>([
  ["500", status(500), 5, true],
  ["500", status(500), 6, false],
  ["a refused connection", fault("Refused", false), 6, false],
  ["429", status(429), 9, true],
  ["429", status(429), 10, false],
  ["503 with Retry-After", status(503, 10), 9, true],
  ["503 with Retry-After", status(503, 10), 10, false],
  ["409 while an operation runs", busy, 50, true],
  ["409 for whatever reason", perhapsBusy, 5, true],
  ["409 for whatever reason", perhapsBusy, 6, false],
])("%s after %i tries: goes on = %s", (_, outcome, attempt, goesOn) => {
  expect(decideRetry(attemptWith(outcome, { attempt })).kind === "wait").toBe(goesOn);
});

it("gives up at once when the service asks for more time than is left", () => {
  expect(decideRetry(attemptWith(status(429, 60_000), { budgetMs: 30_000 }))).toEqual({
    kind: "giveUp",
    why: "spent",
  });
});

const anyOutcome = fc.oneof(
  fc.record({
    kind: fc.constant("status" as const),
    status: fc.integer({ min: 400, max: 599 }),
    retryAfterMs: fc.option(fc.nat(100_000), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant("busy" as const),
    certain: fc.boolean(),
    retryAfterMs: fc.option(fc.nat(100_000), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant("fault" as const),
    fault: fc.constantFrom(
      "Refused" as const,
      "Unresolved" as const,
      "Tls" as const,
      "TimedOut" as const,
      "Cut" as const,
    ),
    sent: fc.boolean(),
  }),
);
const anyAttempt = fc.record({
  outcome: anyOutcome,
  attempt: fc.integer({ min: 1, max: 1000 }),
  elapsedMs: fc.nat(1_000_000),
  budgetMs: fc.nat(1_000_000),
  random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  repeatable: fc.boolean(),
});

it("rests for a second at least where the service says when to come back, however soon that is", () => {
  fc.assert(
    fc.property(anyAttempt, (attempt) => {
      const { outcome } = attempt;
      const decision = decideRetry(attempt);
      if (decision.kind !== "wait" || outcome.kind === "fault" || outcome.retryAfterMs === undefined) return;
      expect(decision.ms).toBeGreaterThanOrEqual(1000);
    }),
  );
});

it("never waits past the budget, nor less than nothing", () => {
  fc.assert(
    fc.property(anyAttempt, (attempt) => {
      const decision = decideRetry(attempt);
      if (decision.kind !== "wait") return;
      expect(decision.ms).toBeGreaterThanOrEqual(0);
      expect(attempt.elapsedMs + decision.ms).toBeLessThan(attempt.budgetMs);
    }),
  );
});

it("never repeats blindly what must not be doubled", () => {
  fc.assert(
    fc.property(anyAttempt, (attempt) => {
      const { outcome } = attempt;
      const decision = decideRetry({ ...attempt, repeatable: false });
      const open =
        (outcome.kind === "fault" && outcome.sent) ||
        (outcome.kind === "status" && outcome.status !== 429 && outcome.retryAfterMs === undefined);
      if (open) expect(decision.kind).toBe("giveUp");
    }),
  );
});

describe("Retry-After", () => {
  const now = Date.UTC(2026, 10, 22, 10, 0, 0);

  it.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ["", undefined],
    ["0", 0],
    ["7", 7000],
    [" 120 ", 120_000],
    ["1.5", 1500],
    ["-3", undefined],
    ["soon", undefined],
    ["2026", 2_026_000],
    ["Sun, 22 Nov 2026 10:00:30 GMT", 30_000],
    ["Sunday, 22-Nov-26 10:00:30 GMT", 30_000],
    ["Sun, 22 Nov 2026 09:00:00 GMT", 0],
    ["Sun, 99 Nov 2026 09:00:00 GMT", undefined],
  ])("reads %j as %j ms", (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
  });
});

describe("a 409", () => {
  const conflict = (body: unknown) => ({
    status: 409,
    headers: {},
    text: typeof body === "string" ? body : JSON.stringify(body),
  });

  it.each<[unknown, Busy, Busy]>([
    // the 409's body, for a create, for a change
    [
      { code: "Conflict", details: [{ code: "OperationInProgress", message: "op-1 is in progress" }] },
      true,
      true,
    ],
    [{ code: "Conflict", message: "Another operation is running on this service." }, true, true],
    [{ code: "Conflict", message: "The service is being updated" }, true, true],
    [{ code: "Conflict", message: "The service is in Transitioning state" }, true, true],
    [
      { code: "ServiceAlreadyExists", message: "A service with the name svc already exists" },
      false,
      "perhaps",
    ],
    [{ code: "Conflict", message: "service exists" }, false, "perhaps"],
    [{ code: "Conflict", message: "The name svc is already in use" }, false, "perhaps"],
    [
      { code: "Conflict", message: "A service svc already exists and an operation is in progress" },
      false,
      true,
    ],
    [{ code: "Conflict", message: "etag mismatch" }, false, "perhaps"],
    ["", false, "perhaps"],
  ])("judges %j", (body, create, change) => {
    expect(isBusyCreate(conflict(body))).toBe(create);
    expect(isBusyChange(conflict(body))).toBe(change);
  });
});
