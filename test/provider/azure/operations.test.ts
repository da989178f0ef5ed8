import fc from "fast-check";
import { pollDelayMs, terminalState } from "../../../provider/azure/operations";
import { newestLine, readStreamedLog, tail } from "../../../provider/azure/logs";
import { expectSuccess } from "../../../provider/azure/response";

it.each<[unknown, string | undefined]>([
  ["Succeeded", "Succeeded"],
  ["succeeded", "Succeeded"],
  ["Failed", "Failed"],
  ["Cancelled", "Cancelled"],
  ["TIMEDOUT", "TimedOut"],
  ["Running", undefined],
  ["NotStarted", undefined],
  ["Paused", undefined],
  [undefined, undefined],
  [7, undefined],
])("reads state %j as %j", (word, state) => {
  expect(terminalState(word)).toBe(state);
});

it.each<[string, string | undefined]>([
  ["https://host/a/operations/op-1", "op-1"],
  ["/a/operations/op-1?api-version=1", "op-1"],
  ["operations/op-1/", "op-1"],
  ["op-1", "op-1"],
  ["", undefined],
])("finds the id in %j", (header, id) => {
  const response = { status: 200, headers: { "operation-location": header }, text: "" };
  expect(expectSuccess("removeService", "delete", response).operation?.operationId).toBe(id);
});

it("polls fast at first, never faster than before, and every five seconds in the end", () => {
  const delays = Array.from({ length: 12 }, (_, index) => pollDelayMs(index + 1));
  expect(delays[0]).toBeLessThanOrEqual(250);
  expect(delays).toEqual([...delays].sort((a, b) => a - b));
  expect(delays.at(-1)).toBe(5000);
});

describe("a streamed log", () => {
  const streamed = "20261122101500|Building image#20261122101530|Deploying\n#";
  it("becomes lines with the time of day", () => {
    expect(readStreamedLog(streamed)).toBe("10:15:00 Building image\n10:15:30 Deploying");
    expect(newestLine(streamed)).toBe("Deploying");
  });

  it("is shown as it is where it has no stamps", () => {
    expect(readStreamedLog("plain text")).toBe("plain text");
    expect(newestLine("")).toBeUndefined();
  });

  it("keeps its end, from the beginning of a line where there is one", () => {
    expect(tail("first\nsecond\nthird", 10)).toBe("third");
    expect(tail("abcdef", 3)).toBe("def");
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (log, most) => {
        const kept = tail(log, most);
        expect(kept.length).toBeLessThanOrEqual(most);
        expect(log.endsWith(kept)).toBe(true);
      }),
    );
  });
});
