import { latencyOf } from "../../../cli/compare/report";

test.each([
  [[], null],
  [[7], { p50: 7, p95: 7, p99: 7 }],
  [[3, 1, 2], { p50: 2, p95: 3, p99: 3 }],
  [[4, 3, 2, 1], { p50: 2, p95: 4, p99: 4 }],
  [Array.from({ length: 100 }, (_, n) => 100 - n), { p50: 50, p95: 95, p99: 99 }],
  [Array.from({ length: 1000 }, (_, n) => n + 1), { p50: 500, p95: 950, p99: 990 }],
])("percentiles of %j", (measured, latency) => expect(latencyOf(measured)).toEqual(latency));
