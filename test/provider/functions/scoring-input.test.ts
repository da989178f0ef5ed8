import { output } from "@pulumi/pulumi";
import * as fc from "fast-check";
import { scoringBody } from "../../../provider/functions/scoring-input";

describe("the body of a scoring request", () => {
  it("is the JSON of any JSON value that is not null", () => {
    fc.assert(
      fc.property(
        fc.jsonValue().filter((value) => value !== null && typeof value !== "string"),
        (value) => {
          expect(JSON.parse(scoringBody(value) as string)).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });

  it("is any text that is not blank, as it is", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => text.trim() !== ""),
        (text) => expect(scoringBody(text)).toBe(text),
      ),
    );
  });

  it("is bytes as they are", () => {
    const bytes = new Uint8Array([0]);
    expect(scoringBody(bytes)).toBe(bytes);
  });

  it("is the JSON of an object of a class", () => {
    class Point {
      constructor(readonly x: number) {}
    }
    expect(scoringBody([new Point(1), Object.create(null), new Date(0)])).toBe(
      '[{"x":1},{},"1970-01-01T00:00:00.000Z"]',
    );
  });

  it("may hold the same value twice", () => {
    const row = [1];
    expect(scoringBody({ a: row, b: row })).toBe('{"a":[1],"b":[1]}');
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["an empty text", ""],
    ["a blank text", " \n"],
    ["no bytes", new Uint8Array()],
  ])("must not be %s", (_, input) => {
    expect(() => scoringBody(input)).toThrow(/^EmptyInput: .*Pass the model's input/);
  });

  const circle: Record<string, unknown> = {};
  circle["deep"] = { inside: circle };

  it.each<[string, unknown, RegExp]>([
    ["a circle", circle, /a circle at input\.deep\.inside/],
    ["NaN, which would go as null", { rows: [[1, NaN]] }, /NaN at input\.rows\[0\]\[1\]/],
    ["an infinity", [Infinity], /Infinity at input\[0\]/],
    ["a big integer", { n: 1n }, /a bigint at input\.n/],
    ["a function", () => 1, /a function at input/],
    ["an undefined entry of a list", [undefined], /a undefined at input\[0\]/],
    [
      "typed numbers, which would go as an object",
      { data: new Float32Array(2) },
      /Float32Array at input\.data/,
    ],
    ["an output, which would go as a text about outputs", { x: output(1) }, /an Output at input\.x/],
    ["a promise, which would go as an empty object", [Promise.resolve(1)], /a Promise at input\[0\]/],
    ["an object that keeps what is in it", { file: new Blob(["x"]) }, /a Blob at input\.file/],
    ["a regular expression", /x/, /a RegExp at input/],
    ["bytes inside a value", { data: new Uint8Array(2) }, /Uint8Array at input\.data/],
    ["a map, which would go as {}", new Map(), /a Map at input/],
  ])("must not be %s", (_, input, text) => {
    expect(() => scoringBody(input)).toThrow(/^BadInput: /);
    expect(() => scoringBody(input)).toThrow(text);
  });
});
