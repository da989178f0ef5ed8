import { parseRetryAfter } from "../../../provider/azure/retry";

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
