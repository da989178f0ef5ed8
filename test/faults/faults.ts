import { TransportFault, type FaultKind, type HttpRequest } from "../../provider/azure/http";
import type { OperationFault } from "../../emulator/index";
import { withoutHeaders, type Answer } from "./http";
import type { WireParts } from "./wire";

/** What a fault leaves on the line for the rest of the run. */
export interface Trouble {
  rewrite: ((kind: string, answer: Answer) => Answer) | undefined;
}

/** The request that met the fault. */
export interface Exchange extends WireParts {
  readonly request: HttpRequest;
  readonly state: Trouble;
  /** Lets it through to the workspace. */
  forward(): Promise<Answer>;
}

export interface Fault {
  readonly name: string;
  /** From this request on, each of its kind; otherwise only this one. */
  readonly always?: boolean;
  /** For which kinds of requests it makes sense; all when absent. */
  readonly fits?: RegExp;
  /** What the program's run is expected to keep of it: someone else changed or deleted the thing. */
  readonly outsider?: "deletes" | "changes";
  /** What happens between the two runs, in place of what happens to a request. */
  readonly between?: (parts: WireParts) => Promise<void>;
  act(exchange: Exchange): Promise<Answer>;
}

const json = { "content-type": "application/json; charset=utf-8" };
const html = { "content-type": "text/html; charset=utf-8" };
const PAGE =
  "<!DOCTYPE html><html><head><title>Sign in to Contoso</title></head><body>Please sign in.</body></html>";

const errorBody = (status: number, code: string): string =>
  JSON.stringify({ code, statusCode: status, message: `emulated ${code}`, details: [], correlation: {} });

const codes: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "AuthorizationFailed",
  404: "ServiceNotFound",
  408: "RequestTimeout",
  409: "Conflict",
  412: "PreconditionFailed",
  429: "TooManyRequests",
};

interface Given {
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}

const answer = (status: number, { headers = {}, text }: Given = {}): Answer => ({
  status,
  headers: { ...json, ...headers },
  text: text ?? errorBody(status, codes[status] ?? "InternalError"),
});

/** Answered on the way: the workspace never hears of the request. */
const instead = (
  name: string,
  reply: Answer | ((at: Exchange) => Answer),
  more: Partial<Fault> = {},
): Fault => ({
  name,
  ...more,
  act: async (at) => (typeof reply === "function" ? reply(at) : reply),
});

/** Handled by the workspace, whose answer arrives as another one. */
const garbled = (name: string, change: (real: Answer) => Answer, more: Partial<Fault> = {}): Fault => ({
  name,
  ...more,
  act: async (at) => change(await at.forward()),
});

const broken = (kind: FaultKind, sent: boolean, reason: string): never => {
  throw new TransportFault(kind, sent, reason);
};

const unanswered = async ({ clock, request }: Exchange): Promise<never> => {
  await clock.sleep(request.timeoutMs);
  return broken("TimedOut", true, "UND_ERR_HEADERS_TIMEOUT");
};

const later = (ms: number) => (at: Exchange) => ({
  "retry-after": new Date(at.clock.now() + ms).toUTCString(),
});

const statuses: readonly Fault[] = [
  instead("429", answer(429)),
  instead("429, Retry-After 1", answer(429, { headers: { "retry-after": "1" } })),
  instead("429, Retry-After 0", answer(429, { headers: { "retry-after": "0" } })),
  instead("429, Retry-After in words", answer(429, { headers: { "retry-after": "soon" } })),
  instead("429, Retry-After far too long", answer(429, { headers: { "retry-after": "99999999999" } })),
  instead("429, Retry-After a date", (at) => answer(429, { headers: later(20_000)(at) })),
  instead("429, Retry-After a past date", (at) => answer(429, { headers: later(-60_000)(at) })),
  instead("429 always", answer(429), { always: true }),
  instead("429 always, Retry-After 0", answer(429, { headers: { "retry-after": "0" } }), { always: true }),
  instead("429 always, Retry-After a past date", (at) => answer(429, { headers: later(-60_000)(at) }), {
    always: true,
  }),
  instead("500", answer(500)),
  instead("500 always", answer(500), { always: true }),
  instead("502 with a page", answer(502, { headers: html, text: PAGE })),
  instead("503", answer(503)),
  instead("503, Retry-After 2", answer(503, { headers: { "retry-after": "2" } })),
  instead("503 always, Retry-After 0", answer(503, { headers: { "retry-after": "0" } }), { always: true }),
  instead("504", answer(504)),
  instead("408", answer(408)),
  garbled("500 after it was done", () => answer(500)),
  garbled("504 after it was done", () => answer(504, { headers: html, text: PAGE })),
  instead("401", answer(401)),
  instead("401 always", answer(401), { always: true }),
  instead("403", answer(403)),
  instead("400", answer(400)),
  instead("412", answer(412)),
  instead("404 with a code", answer(404)),
  instead(
    "404 of a gateway",
    answer(404, { text: JSON.stringify({ statusCode: 404, message: "Resource not found" }) }),
  ),
  instead("404 page", answer(404, { headers: html, text: PAGE })),
  instead("409", answer(409), { fits: /^(?!GET)/ }),
  instead("409 while an operation runs", answer(409, { text: errorBody(409, "OperationInProgress") }), {
    fits: /^(POST|PATCH|DELETE) \/services/,
  }),
  instead(
    "302 to a sign-in page",
    answer(302, { headers: { ...html, location: "https://login.example/" }, text: "" }),
  ),
];

const connections: readonly Fault[] = [
  instead("refused", () => broken("Refused", false, "ECONNREFUSED")),
  instead("refused always", () => broken("Refused", false, "ECONNREFUSED"), { always: true }),
  instead("cut before", () => broken("Cut", true, "ECONNRESET")),
  instead("cut before, always", () => broken("Cut", true, "ECONNRESET"), { always: true }),
  garbled("cut after", () => broken("Cut", true, "UND_ERR_SOCKET")),
  garbled("cut after, always", () => broken("Cut", true, "UND_ERR_SOCKET"), { always: true }),
  garbled("cut in the middle of the body", () => broken("Cut", true, "UND_ERR_SOCKET")),
  { name: "no answer", act: unanswered },
  { name: "no answer always", always: true, act: unanswered },
  {
    name: "no answer, though it was done",
    act: async (at) => {
      await at.forward();
      return unanswered(at);
    },
  },
  {
    name: "slow answer",
    act: async (at) => {
      const real = await at.forward();
      await at.clock.sleep(Math.min(60_000, at.request.timeoutMs - 1));
      return real;
    },
  },
];

const withText =
  (text: string, headers: Given["headers"] = {}) =>
  (real: Answer): Answer => ({
    ...real,
    headers: { ...real.headers, ...headers },
    text,
  });

const withoutLocation = (real: Answer): Answer => ({
  ...real,
  headers: withoutHeaders(real.headers, "operation-location"),
});

const bodies: readonly Fault[] = [
  garbled("truncated JSON", (real) => ({
    ...real,
    text: real.text.slice(0, Math.floor(real.text.length / 2)),
  })),
  garbled("body that is empty", withText("")),
  garbled("body that is null", withText("null")),
  garbled("body that is a list", withText("[]")),
  garbled("page after it was done", () => answer(200, { headers: html, text: PAGE })),
  garbled("answer without its Operation-Location", (real) => ({ ...withoutLocation(real), text: "" }), {
    fits: /^(POST|PATCH|DELETE) \/services/,
  }),
  instead("200 with a page", answer(200, { headers: html, text: PAGE })),
  instead("200 with a page, always", answer(200, { headers: html, text: PAGE }), { always: true }),
  instead("200 with {}", answer(200, { text: "{}" })),
  instead("200 with OK", answer(200, { headers: { "content-type": "text/plain" }, text: "OK" })),
  instead("200 with nothing", answer(200, { text: "" })),
  instead("204", answer(204, { text: "" })),
  instead(
    "202 of an operation that nobody knows",
    answer(202, { headers: { "operation-location": "/operations/none" }, text: "" }),
    {
      fits: /^(POST|PATCH|DELETE) \/services/,
    },
  ),
];

/** Requests that begin an operation. */
const BEGINS =
  /^(POST \/services|POST \/services\/[^/]+\/regenerateKeys|PATCH \/services\/[^/]+|DELETE \/services\/[^/]+)$/;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const operation = (name: string, outcome: OperationFault): Fault => ({
  name,
  fits: BEGINS,
  act: async (at) => {
    const path = `^${escaped(decodeURIComponent(new URL(at.request.url).pathname))}$`;
    at.emulator.addFault({ method: at.request.method, path, operation: outcome });
    return at.forward();
  },
});

/** As long as the run goes on, nobody sees the operation end. */
const endless: Fault = {
  name: "operation that does not end",
  fits: BEGINS,
  act: async (at) => {
    const seen = new Map<string, Answer>();
    at.state.rewrite = (kind, real) => {
      if (kind === "GET /operations/*" && real.status === 200)
        return {
          ...real,
          text: JSON.stringify({ ...(JSON.parse(real.text) as object), state: "Running", error: null }),
        };
      if (!/^GET \/services\/[^/]+$/.test(kind)) return real;
      if (real.status === 200) seen.set(kind, real);
      const shown = seen.get(kind);
      if (!shown) return real;
      return {
        ...shown,
        text: JSON.stringify({ ...(JSON.parse(shown.text) as object), state: "Transitioning" }),
      };
    };
    return at.forward();
  },
};

const operations: readonly Fault[] = [
  operation("operation that fails", { outcome: "failed" }),
  operation("operation that fails in the image's build", { outcome: "failed", phase: "BuildImage" }),
  operation("operation that is cancelled", { outcome: "cancelled" }),
  operation("operation that times out", { outcome: "timedOut" }),
  operation("operation that vanishes", { outcome: "lost" }),
  operation("operation in an unknown state", { outcome: "unknownState", state: "Paused" }),
  operation("operation that ends in a crash loop", { outcome: "crashLoop" }),
  endless,
];

/** What is under test, for whoever changes it from outside. */
export const NAME = "fraud";
export const OUTSIDE_DESCRIPTION = "written by someone else";
const OUTSIDE_TIMEOUT = 45_000;

const deleted = async ({ witness }: WireParts): Promise<void> => {
  await witness.deleteService(NAME);
  await witness.deleteModels(NAME);
};

const changed = async ({ witness }: WireParts): Promise<void> => {
  await witness.patchService(NAME, [
    { op: "replace", path: "/scoringTimeoutMs", value: OUTSIDE_TIMEOUT },
    { op: "replace", path: "/description", value: OUTSIDE_DESCRIPTION },
  ]);
  await witness.patchModels(NAME, [{ op: "replace", path: "/description", value: OUTSIDE_DESCRIPTION }]);
};

const outsiders: readonly Fault[] = (
  [
    ["deletes", deleted],
    ["changes", changed],
  ] as const
).flatMap(([outsider, act]): Fault[] => [
  {
    name: `someone ${outsider} it before`,
    outsider,
    act: async (at) => {
      await act(at);
      return at.forward();
    },
  },
  {
    name: `someone ${outsider} it after`,
    outsider,
    act: async (at) => {
      const real = await at.forward();
      await act(at);
      return real;
    },
  },
]);

const untouched = (at: Exchange): Promise<Answer> => at.forward();

/** Not at a request, but between a run without a fault and the next. */
export const betweenRuns: readonly Fault[] = [
  { name: "someone deletes it", outsider: "deletes", between: deleted, act: untouched },
  { name: "someone changes it", outsider: "changes", between: changed, act: untouched },
];

/** What can happen to one request of a run. */
export const faults: readonly Fault[] = [...statuses, ...connections, ...bodies, ...operations, ...outsiders];
