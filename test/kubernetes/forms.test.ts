import * as fc from "fast-check";
import { cores, gibibytes, milliseconds, seconds } from "../../kubernetes/forms";

it.each([
  [1, "PT0.001S"],
  [500, "PT0.5S"],
  [1000, "PT1S"],
  [59_999, "PT59.999S"],
  [60_000, "PT1M"],
  [61_500, "PT1M1.5S"],
  [310_000, "PT5M10S"],
  [3_600_000, "PT1H"],
  [86_400_000, "P1D"],
  [90_061_123, "P1DT1H1M1.123S"],
  [604_800_000, "P7D"],
])("%d ms are %s, as the client writes them", (value, text) => expect(milliseconds(value)).toBe(text));

test("a duration means what it was written from", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (value) => {
      const [, d = 0, h = 0, m = 0, s = 0] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(
        milliseconds(value),
      )!;
      expect(Math.round((((+d * 24 + +h) * 60 + +m) * 60 + +s) * 1000)).toBe(value);
    }),
  );
});

test("seconds are a thousand milliseconds", () => expect(seconds(310)).toBe(milliseconds(310_000)));

it.each([
  [0.1, "100m"],
  [0.5, "500m"],
  [1, "1"],
  [1.5, "1500m"],
  [0.29, "290m"],
  [0.0001, "1m"],
  [1e-7, "1m"],
])("%d cores are %s", (value, text) => expect(cores(value)).toBe(text));

it.each([
  [0.5, "0.5Gi"],
  [1, "1Gi"],
  [14, "14Gi"],
  [100, "100Gi"],
  [0.1, "0.1Gi"],
  [0.0000001, "0.0000001Gi"],
])("%d GB are %s", (value, text) => expect(gibibytes(value)).toBe(text));
