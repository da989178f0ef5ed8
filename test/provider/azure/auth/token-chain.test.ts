import { tokenChain, type Candidate } from "../../../../provider/azure/auth/token-chain";
import { failure, testClock } from "../fake-workspace";

/** A candidate that gives these tokens in turn, the last one for ever; an Error is a failure. */
function candidate(
  name: string,
  given: readonly (string | Error)[],
  expiresOn = Infinity,
): Candidate & { asked: number } {
  const made = {
    name,
    asked: 0,
    get: () => {
      const next = given[Math.min(made.asked, given.length - 1)] as string | Error;
      made.asked += 1;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve({ token: next, expiresOn });
    },
  };
  return made;
}

it("takes the first that gives a token, and keeps it", async () => {
  const first = candidate("first", [new Error("is down")]);
  const second = candidate("second", ["b"]);
  const chain = tokenChain([first, second], testClock());
  expect(await Promise.all([chain.current(), chain.current()])).toEqual(["b", "b"]);
  expect(await chain.current()).toBe("b");
  expect([first.asked, second.asked]).toEqual([1, 1]);
});

const hour = 60 * 60_000;

/** A candidate whose tokens live for an hour from when they are given; an Error is a failure. */
function hourly(clock: { now(): number }, name: string, given: readonly (string | Error)[]) {
  const made = candidate(name, given);
  const get = async () => ({ ...(await made.get()), expiresOn: clock.now() + hour });
  return Object.assign(Object.create(made) as typeof made, { get });
}

/** What runs beside the requests has run. */
const aside = () => new Promise(setImmediate);

it("renews a token before it ends, once for all and beside the requests", async () => {
  const clock = testClock();
  const only = hourly(clock, "only", ["a", "b"]);
  const chain = tokenChain([only], clock);
  expect(await chain.current()).toBe("a");
  await clock.sleep(54 * 60_000);
  expect(await chain.current()).toBe("a");
  await clock.sleep(2 * 60_000);
  expect(await Promise.all([chain.current(), chain.current()])).toEqual(["a", "a"]);
  await aside();
  expect(await chain.current()).toBe("b");
  expect(only.asked).toBe(2);
});

it("keeps a token that is good while it cannot be renewed, asks now and then, and takes no other identity", async () => {
  const clock = testClock();
  const first = hourly(clock, "first", ["a", new Error("is down"), new Error("is down"), "b"]);
  const other = candidate("other", ["z"]);
  const chain = tokenChain([first, other], clock);
  await chain.current();
  await clock.sleep(55 * 60_000);
  for (const asked of [2, 2, 3]) {
    expect(await chain.current()).toBe("a");
    await aside();
    expect(first.asked).toBe(asked);
    await clock.sleep(20_000);
  }
  await clock.sleep(30_000);
  await chain.current();
  await aside();
  expect(await chain.current()).toBe("b");
  expect(other.asked).toBe(0);
});

it("takes the next candidate when a token has ended and its own gives none", async () => {
  const clock = testClock();
  const chain = tokenChain(
    [hourly(clock, "first", ["a", new Error("is down")]), candidate("other", ["z"])],
    clock,
  );
  expect(await chain.current()).toBe("a");
  await clock.sleep(hour);
  expect(await Promise.all([chain.current(), chain.current()])).toEqual(["z", "z"]);
});

it("goes on with a single candidate that cannot be renewed until its token has ended", async () => {
  const clock = testClock();
  const chain = tokenChain([hourly(clock, "only", ["a", new Error("is down")])], clock);
  await chain.current();
  await clock.sleep(hour - 1);
  expect(await chain.current()).toBe("a");
  await clock.sleep(1);
  expect(await failure(chain.current())).toMatchObject({ code: "NoCredential" });
});

it("forgets a refusal at the next renewal", async () => {
  const clock = testClock();
  const chain = tokenChain([hourly(clock, "first", ["a", "b", "c", "d"]), candidate("other", ["z"])], clock);
  expect(await chain.replace(await chain.current(), false)).toBe("b");
  await clock.sleep(56 * 60_000);
  await chain.current();
  await aside();
  expect(await chain.current()).toBe("c");
  expect(await chain.replace("c", false)).toBe("d");
  expect(await chain.replace("d", false)).toBe("z");
});

it("lets a token that cannot be another be sent once more, for each caller", async () => {
  const only = candidate("only", ["a"]);
  const chain = tokenChain([only], testClock());
  const token = await chain.current();
  expect(await Promise.all([chain.replace(token, false), chain.replace(token, false)])).toEqual(["a", "a"]);
  expect(await chain.replace(token, false)).toBe("a");
  expect(only.asked).toBe(2);
  expect(await failure(chain.replace(token, true))).toMatchObject({ code: "CredentialRefused" });
});

it("gives a candidate with another token a second chance, and only one", async () => {
  const chain = tokenChain(
    [candidate("fickle", ["a", "b", "c", "d"]), candidate("next", ["z"])],
    testClock(),
  );
  const first = await chain.current();
  const second = await chain.replace(first, false);
  const third = await chain.replace(second, false);
  expect([first, second, third]).toEqual(["a", "b", "z"]);
});

it("moves on from a candidate that has only a token that was refused twice", async () => {
  const chain = tokenChain([candidate("stale", ["a"]), candidate("next", ["z"])], testClock());
  expect(await chain.replace(await chain.current(), false)).toBe("a");
  expect(await chain.replace("a", true)).toBe("z");
  expect(await chain.current()).toBe("z");
});

it("moves on once for many callers who were refused with the same token", async () => {
  const chain = tokenChain(
    [candidate("a", ["a"]), candidate("b", ["b"]), candidate("c", ["c"])],
    testClock(),
  );
  const token = await chain.current();
  expect(await Promise.all([chain.replace(token, true), chain.replace(token, true)])).toEqual(["b", "b"]);
});

it("lists what was tried, says what to do, and starts again for the next caller", async () => {
  const first = candidate("first", [new Error("is down"), "a"]);
  const chain = tokenChain([first, candidate("second", ["b"])], testClock());
  const error = await failure(chain.replace(await chain.current(), true));
  expect(error).toMatchObject({
    code: "CredentialRefused",
    detail: "Tried in this order: first (is down); second (refused by the service, 401).",
  });
  expect(await chain.current()).toBe("a");
});

it("says NoCredential when nothing gave a token", async () => {
  const chain = tokenChain([candidate("only", [new Error("is not there")])], testClock());
  expect(await failure(chain.current())).toMatchObject({ code: "NoCredential" });
});
