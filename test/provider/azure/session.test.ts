import { deadlineAfter } from "../../../provider/azure/clock";
import {
  TransportFault,
  type HttpRequest,
  type HttpResponse,
  type Transport,
} from "../../../provider/azure/http";
import { openSession, type RequestOptions, type Session } from "../../../provider/azure/session";
import type { TokenSource } from "../../../provider/azure/auth/token-chain";
import { failure, testClock } from "./fake-workspace";

const hour = 60 * 60_000;
const answer = (status: number, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers,
  text: "{}",
});
const tokens: TokenSource = { current: async () => "token", replace: async () => "token" };
const forEver = () => new Promise<never>(() => undefined);
const open = (transport: Transport, clock = testClock(), source = tokens): Session =>
  openSession({ clock, transport, tokens: source, mayTrust: () => true });
const call = (more: Partial<RequestOptions> = {}): RequestOptions => ({
  action: 'read service "a"',
  method: "GET",
  url: "https://host.example/a",
  repeatable: true,
  ...more,
});

describe("a workspace that throttles for ever", () => {
  it.each([
    ["with Retry-After: 0", { "retry-after": "0" }],
    ["with a date that has passed", { "retry-after": "Sun, 22 Nov 2020 09:00:00 GMT" }],
    ["without a word on when to come back", {}],
  ])(
    "is asked a counted number of times, with rests, and then named: %s",
    async (_, headers: Record<string, string>) => {
      const services = Array.from({ length: 40 }, () => testClock());
      let asked = 0;
      const throttle: Transport = async () => {
        asked += 1;
        return answer(429, headers);
      };
      const ends = services.map((clock) =>
        failure(open(throttle, clock).send(call({ deadline: deadlineAfter(clock, 10 * hour) }))),
      );
      for (const end of ends)
        expect(await end).toMatchObject({
          code: "Throttled",
          advice: expect.stringContaining("--parallel") as string,
        });
      expect(asked).toBeLessThanOrEqual(40 * 10);
      for (const { sleeps } of services) expect(Math.min(...sleeps)).toBeGreaterThanOrEqual(1000);
    },
  );

  it.each(["99999999999", "9".repeat(400), "Fri, 31 Dec 9999 23:59:59 GMT"])(
    "is not waited for beyond the deadline: Retry-After: %s",
    async (retryAfter) => {
      const clock = testClock();
      const session = open(async () => answer(429, { "retry-after": retryAfter }), clock);
      const end = failure(session.send(call({ deadline: deadlineAfter(clock, hour) })));
      expect(await end).toMatchObject({ code: "Throttled" });
      expect(clock.sleeps).toEqual([]);
    },
  );

  it("is named so even where a gateway's page says it", async () => {
    const page = { status: 429, headers: { "content-type": "text/html" }, text: "<html>" };
    expect(await failure(open(async () => page).send(call()))).toMatchObject({ code: "Throttled" });
  });
});

it("waits for a token no longer than the deadline", async () => {
  const clock = {
    ...testClock(),
    alarm: (_: number, ring: () => void) => (setImmediate(ring), () => undefined),
  };
  const session = open(async () => answer(200), clock, { current: forEver, replace: forEver });
  const end = failure(session.send(call({ deadline: deadlineAfter(clock, 5000) })));
  expect(await end).toMatchObject({
    code: "TimedOut",
    message: expect.stringContaining("a token") as string,
  });
});

describe("an interrupt", () => {
  const interruptedWhile = async (
    method: RequestOptions["method"],
    transport: (request: HttpRequest, interrupt: () => void) => ReturnType<Transport>,
    more: Partial<RequestOptions> = {},
  ): Promise<unknown> => {
    const clock = testClock();
    const user = new AbortController();
    const session = open((request) => transport(request, () => user.abort()), clock);
    const deadline = deadlineAfter(clock, hour, user.signal);
    return session.send(call({ method, deadline, ...more })).catch((error: unknown) => error);
  };

  it("ends a read under way, whose request is let go", async () => {
    let signal: AbortSignal | undefined;
    const end = await interruptedWhile("GET", (request, interrupt) => {
      signal = request.signal;
      setImmediate(interrupt);
      return forEver();
    });
    expect(end).toMatchObject({ code: "Interrupted", ambiguous: false });
    expect(signal?.aborted).toBe(true);
  });

  it("hears out a request that may change something, so that its answer is known", async () => {
    const end = await interruptedWhile(
      "POST",
      async (_, interrupt) => {
        interrupt();
        await new Promise(setImmediate);
        return answer(202);
      },
      { repeatable: false },
    );
    expect(end).toMatchObject({ status: 202 });
  });

  it("sends nothing again", async () => {
    let sent = 0;
    const end = await interruptedWhile(
      "POST",
      async (_, interrupt) => {
        sent += 1;
        interrupt();
        return answer(429);
      },
      { repeatable: false },
    );
    expect(end).toMatchObject({ code: "Interrupted" });
    expect(sent).toBe(1);
  });

  it("leaves it open whether a change whose answer was lost has taken effect", async () => {
    const end = await interruptedWhile("DELETE", async (_, interrupt) => {
      interrupt();
      throw new TransportFault("Cut", true, "ECONNRESET");
    });
    expect(end).toMatchObject({ code: "ConnectionLost", ambiguous: true });
  });
});
