import { tokenChain, type Candidate } from "../../../provider/client/token-chain";
import { failure, testClock } from "./fake-workspace";

const later = (clock: { now(): number }, ms: number): number => clock.now() + ms;

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

it("renews a token before it ends, once for all who wait", async () => {
  const clock = testClock();
  const only = candidate("only", ["a", "b"], later(clock, 60 * 60_000));
  const chain = tokenChain([only], clock);
  expect(await chain.current()).toBe("a");
  await clock.sleep(54 * 60_000);
  expect(await chain.current()).toBe("a");
  await clock.sleep(2 * 60_000);
  expect(await Promise.all([chain.current(), chain.current()])).toEqual(["b", "b"]);
  expect(only.asked).toBe(2);
});

it("gives a candidate with another token a second chance, and only one", async () => {
  const chain = tokenChain(
    [candidate("fickle", ["a", "b", "c", "d"]), candidate("next", ["z"])],
    testClock(),
  );
  const first = await chain.current();
  const second = await chain.replace(first);
  const third = await chain.replace(second);
  expect([first, second, third]).toEqual(["a", "b", "z"]);
});

it("moves on at once from a candidate that has only the refused token", async () => {
  const chain = tokenChain([candidate("stale", ["a"]), candidate("next", ["z"])], testClock());
  expect(await chain.replace(await chain.current())).toBe("z");
  expect(await chain.current()).toBe("z");
});

it("moves on once for many callers who were refused with the same token", async () => {
  const chain = tokenChain(
    [candidate("a", ["a"]), candidate("b", ["b"]), candidate("c", ["c"])],
    testClock(),
  );
  const token = await chain.current();
  expect(await Promise.all([chain.replace(token), chain.replace(token)])).toEqual(["b", "b"]);
});

it("lists what was tried, says what to do, and starts again for the next caller", async () => {
  const first = candidate("first", [new Error("is down"), "a"]);
  const chain = tokenChain([first, candidate("second", ["b"])], testClock());
  const error = await failure(chain.replace(await chain.current()));
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
