import fc from "fast-check";
import { compareJson, isNear, TooManyComparisons, type Tolerance } from "../../../cli/compare/json-compare";
import { parsePattern, pathText } from "../../../cli/compare/json-path";
import { beginningOf, jsonIn, NotJson, parseJson, type Json } from "../../../cli/compare/json-text";

const exact: Tolerance = { absolute: 0, relative: 0, ignore: [], unordered: [] };
const usual: Tolerance = { ...exact, absolute: 1e-9, relative: 1e-6 };

const withPaths = (paths: {
  readonly ignore?: readonly string[];
  readonly unordered?: readonly string[];
}) => ({
  ...usual,
  ignore: (paths.ignore ?? []).map((text) => parsePattern(text)!),
  unordered: (paths.unordered ?? []).map((text) => parsePattern(text)!),
});

/** The differences of two texts, as `path kind`. */
const between = (old: string, fresh: string, tolerance: Tolerance = usual): readonly string[] =>
  compareJson(parseJson(old), parseJson(fresh), tolerance).first.map(({ path, kind }) => `${path} ${kind}`);

describe("reading JSON", () => {
  test.each([
    ["null", null],
    ["1", 1n],
    ["-0", 0n],
    ["9007199254740993", 9007199254740993n],
    ["1.0", 1],
    ["1e3", 1000],
    ["NaN", NaN],
    ["[Infinity, -Infinity]", [Infinity, -Infinity]],
    [' "a\\u00e9\\n\\"" ', 'aé\n"'],
    [
      '{"__proto__": [ ], "b": {}}',
      new Map<string, Json>([
        ["__proto__", []],
        ["b", new Map()],
      ]),
    ],
  ])("%s", (text, value) => expect(parseJson(text)).toEqual(value));

  test.each([
    "",
    " ",
    "nul",
    "01",
    "1.",
    "+1",
    ".5",
    "1e",
    "--1",
    "[1,]",
    "[1 2]",
    '{"a":1,}',
    "{a:1}",
    "{'a':1}",
    '"a',
    '"\n"',
    '"\\x"',
    "1 2",
    '{"a":1,"a":1}',
    "1e400",
    `${"[".repeat(600)}${"]".repeat(600)}`,
    "9".repeat(1001),
    "NaNa",
    "undefined",
  ])("refuses %s", (text) => {
    expect(() => parseJson(text)).toThrow(NotJson);
    expect(jsonIn(text)).toBeUndefined();
  });

  test("whatever JSON.stringify writes is read as JSON.parse reads it, and written again", () => {
    const plain = (value: Json): unknown => {
      if (typeof value === "bigint") return Number(value);
      if (Array.isArray(value)) return (value as readonly Json[]).map(plain);
      if (value instanceof Map)
        return Object.fromEntries([...value].map(([key, each]) => [key, plain(each)]));
      return value;
    };
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false } as object), (text) => {
        const parsed = JSON.parse(text) as unknown;
        const read = jsonIn(text);
        // A repeated name is refused; JSON.stringify writes none, but for __proto__, which fromEntries takes as it is.
        expect(plain(read!)).toEqual(parsed);
        expect(JSON.parse(beginningOf(read!, Infinity))).toEqual(parsed);
      }),
    );
  });

  test("the beginning of a value is about as long as asked for", () => {
    const long = parseJson(
      JSON.stringify(Array.from({ length: 10_000 }, (_, n) => ({ n, text: "x".repeat(50) }))),
    );
    expect(beginningOf(long, 100).length).toBeLessThan(300);
    expect(beginningOf("y".repeat(10_000), 100)).toHaveLength(102);
  });
});

describe("paths", () => {
  test.each([
    ["$.a.b", ["a", "b"], true],
    ["a.b", ["a", "b"], true],
    ["a.b", ["a"], false],
    ["a.b", ["a", "b", "c"], true],
    ["a[0]", ["a", 0], true],
    ["a[0]", ["a", 1], false],
    ["a[*].id", ["a", 7, "id"], true],
    ["a.*.id", ["a", "x", "id"], true],
    ["*", ["a"], true],
    ["**.id", ["id"], true],
    ["**.id", ["a", 3, "id"], true],
    ["**.id", ["a", 3, "ids"], false],
    ["a.**.id", ["a", "b", "c", "id"], true],
    ['["a.b"].c', ["a.b", "c"], true],
    ['$["a\\"b"]', ['a"b'], true],
    ["$[2]", [2], true],
    ["0", ["0"], true],
    ["0", [0], false],
  ] as const)("%s and %j: %s", (text, keys, isNamed) => {
    const at = (rest: readonly (string | number)[]): string => {
      const [key, ...more] = rest;
      if (key === undefined) return "1";
      const member = at(more);
      return typeof key === "number"
        ? `[${"0,".repeat(key)}${member}]`
        : `{${JSON.stringify(key)}:${member}}`;
    };
    const old = at(keys);
    const fresh = `${old.slice(0, old.lastIndexOf("1"))}2${old.slice(old.lastIndexOf("1") + 1)}`;
    expect(between(old, fresh, withPaths({ ignore: [text] })).length === 0).toBe(isNamed);
  });

  test.each(["", "$$", "a..b", "a[", "a[x]", "a]b", '["a"', "a[-1]"])("%j is none", (text) =>
    expect(parsePattern(text)).toBeUndefined(),
  );

  test("a path that is shown can be given", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.nat(1000)), { minLength: 1 }), (keys) => {
        expect(parsePattern(pathText(keys))).toEqual(keys.map((key) => ({ key })));
      }),
    );
  });
});

describe("what is equal", () => {
  test.each([
    ["1", "1.0"],
    ["0.1", "0.10000000001"],
    ["1000000.0", "1000000.5"],
    ["0", "-0.0"],
    ["NaN", "NaN"],
    ["[Infinity, -Infinity]", "[Infinity, -Infinity]"],
    ['{"a":1,"b":2}', '{"b":2,"a":1}'],
    ['"{\\"a\\": [1, 2]}"', '"{\\"a\\":[1,2.0]}"'],
    ['"\\"[1]\\""', '"\\"[1.0]\\""'],
    ['"text"', '"text"'],
    ["9007199254740993", "9007199254740993"],
  ])("%s and %s", (old, fresh) => {
    expect(between(old, fresh)).toEqual([]);
    expect(between(fresh, old)).toEqual([]);
  });

  test.each([
    ["1", "2", ["$ number"]],
    ["1000000", "1000001", ["$ number"]],
    ["9007199254740993", "9007199254740992", ["$ number"]],
    ["0.1", "0.10001", ["$ number"]],
    ["NaN", "0.0", ["$ number"]],
    ["NaN", "null", ["$ type"]],
    ["NaN", "Infinity", ["$ number"]],
    ["Infinity", "-Infinity", ["$ number"]],
    ["Infinity", "1e308", ["$ number"]],
    ["1", '"1"', ["$ type"]],
    ["true", "false", ["$ value"]],
    ["true", "1", ["$ type"]],
    ["null", "{}", ["$ type"]],
    ["[]", "{}", ["$ type"]],
    ['"a"', '"b"', ["$ text"]],
    ['"1.0"', '"1.00"', ["$ text"]],
    ['"[1"', '"[1 "', ["$ text"]],
    ['"{\\"a\\":1}"', '{"a":1}', ["$ type"]],
    ['"{\\"a\\":1,\\"a\\":2}"', '"{\\"a\\":2}"', ["$ text"]],
    ['"{\\"a\\":{\\"b\\":1}}"', '"{\\"a\\":{\\"b\\":2}}"', ["$.a.b number"]],
    ['{"a":1}', '{"b":1}', ["$.a missing", "$.b added"]],
    ["[1,2]", "[1]", ["$[1] missing"]],
    ["[1]", "[1,null]", ["$[1] added"]],
    ["[1,2,3]", "[3,1,2]", ["$ order"]],
    ["[1,2,3]", "[3,1,4]", ["$[0] number", "$[1] number", "$[2] number"]],
    ['{"a b":1}', '{"a b":2}', ['$["a b"] number']],
  ])("%s and %s differ", (old, fresh, found) => expect(between(old, fresh)).toEqual(found));

  test.each([
    // With no tolerance at all a double is not the whole number that it was rounded from.
    ["9007199254740993", "9007199254740992.0", exact, false],
    ["5", "6", { ...exact, absolute: 1 }, true],
    ["5", "6", { ...exact, relative: 1 }, false],
    ["5.0", "6", { ...exact, relative: 0.2 }, true],
    ["9".repeat(400), "1e308", { ...exact, relative: 1 }, false],
  ] as const)("%s and %s within a tolerance", (old, fresh, tolerance, isEqual) => {
    expect(between(old, fresh, tolerance).length === 0).toBe(isEqual);
    expect(between(fresh, old, tolerance).length === 0).toBe(isEqual);
  });

  test("the count goes on where the shown differences end", () => {
    const old = JSON.stringify(Array.from({ length: 1000 }, (_, n) => n));
    const fresh = JSON.stringify(Array.from({ length: 1000 }, (_, n) => -n - 1));
    const { count, first } = compareJson(parseJson(old), parseJson(fresh), usual);
    expect({ count, shown: first.length }).toEqual({ count: 1000, shown: 5 });
  });
});

describe("lists without order", () => {
  const unordered = withPaths({ unordered: ["$"] });

  test.each([
    ["[1,2,3]", "[3,1,2]", []],
    ['[{"a":1},{"a":2}]', '[{"a":2},{"a":1}]', []],
    ["[1,1,2]", "[1,2,2]", ["$[1] number"]],
    ["[1,2]", "[2]", ["$[0] missing"]],
    ["[2]", "[1,2]", ["$[0] added"]],
    // The first that fits is another's only one.
    ["[1.0,1.0000009]", "[1.0000009,1.0000017]", []],
    ["[1.0,1.0000009,1.0000017]", "[1.0000025,1.0000009,1.0000017]", []],
  ])("%s and %s", (old, fresh, found) => expect(between(old, fresh, unordered)).toEqual(found));

  test("within others, by their path, and with what is ignored in them", () => {
    const paths = withPaths({ unordered: ["groups[*].of"], ignore: ["**.at"] });
    const old = '{"groups":[{"of":[{"n":1,"at":5},{"n":2,"at":6}]}]}';
    const fresh = '{"groups":[{"of":[{"n":2,"at":7},{"n":1,"at":8}]}]}';
    expect(between(old, fresh, paths)).toEqual([]);
    expect(between(old, fresh)).not.toEqual([]);
  });

  test("identical entries by the ten thousands take no time, and too much work is refused", () => {
    const zeros = JSON.stringify(Array(50_000).fill(0));
    expect(between(zeros, zeros.replace("0", "1"), unordered)).toEqual(["$[49999] number"]);
    const distinct = (by: number) => JSON.stringify(Array.from({ length: 2500 }, (_, n) => n + by));
    expect(() => between(distinct(0.25), distinct(0.5), unordered)).toThrow(TooManyComparisons);
  });

  test("a match is found wherever there is one", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 8 }),
        fc.infiniteStream(fc.constantFrom(-1, 0, 1)),
        fc.integer(),
        (values, noise, seed) => {
          const fresh = values.map((value) => value + noise.next().value!);
          const shuffled = fresh
            .map((value, index) => ({ value, key: Math.sin(seed + index * 17.3) }))
            .sort((a, b) => a.key - b.key)
            .map(({ value }) => value);
          const tolerance = { ...unordered, absolute: 1 };
          expect(between(JSON.stringify(values), JSON.stringify(shuffled), tolerance)).toEqual([]);
        },
      ),
    );
  });
});

describe("properties", () => {
  const document = fc.jsonValue({ maxDepth: 4 });
  const tolerance = fc.record({
    absolute: fc.constantFrom(0, 1e-9, 0.5, 10),
    relative: fc.constantFrom(0, 1e-6, 0.1),
    ignore: fc.constantFrom([], [parsePattern("**.a")!]),
    unordered: fc.constantFrom([], [parsePattern("**")!]),
  });
  const read = (value: unknown): Json => parseJson(JSON.stringify(value));
  const count = (old: Json, fresh: Json, within: Tolerance) => compareJson(old, fresh, within).count;

  test("equality is symmetric, and everything is equal to itself", () => {
    fc.assert(
      fc.property(document, document, tolerance, (one, other, within) => {
        const [old, fresh] = [read(one), read(other)];
        expect(count(old, fresh, within) === 0).toBe(count(fresh, old, within) === 0);
        expect(count(old, old, within)).toBe(0);
      }),
    );
  });

  test("numbers near each other are so in both directions", () => {
    const number = fc.oneof(fc.double(), fc.bigInt(), fc.double({ noInteger: true }));
    fc.assert(
      fc.property(number, number, tolerance, (a, b, within) => {
        expect(isNear(a, b, within)).toBe(isNear(b, a, within));
        expect(isNear(a, a, within)).toBe(true);
      }),
    );
  });

  /** All places of a value, root first. */
  const placesOf = (
    value: unknown,
    above: readonly (string | number)[] = [],
  ): (readonly (string | number)[])[] => {
    if (typeof value !== "object" || value === null) return [above];
    const members: [string | number, unknown][] = Array.isArray(value)
      ? [...value.entries()]
      : Object.entries(value);
    return [above, ...members.flatMap(([key, member]) => placesOf(member, [...above, key]))];
  };
  const replaced = (
    value: unknown,
    [key, ...rest]: readonly (string | number)[],
    by: (old: unknown) => unknown,
  ): unknown => {
    if (key === undefined) return by(value);
    if (Array.isArray(value))
      return value.map((member, index) => (index === key ? replaced(member, rest, by) : member));
    return Object.fromEntries(
      Object.entries(value as object).map(([name, member]) => [
        name,
        name === key ? replaced(member, rest, by) : member,
      ]),
    );
  };
  const spoiled = (old: unknown): unknown => {
    if (typeof old === "number") return old + Math.max(1, Math.abs(old));
    if (typeof old === "string") return `${old}!`;
    if (typeof old === "boolean") return !old;
    return old === null ? 0 : null;
  };

  test("a planted difference is found, at its place, also in JSON within a text", () => {
    fc.assert(
      fc.property(document, fc.nat(), fc.boolean(), (value, pick, isText) => {
        const places = placesOf(value);
        const place = places[pick % places.length]!;
        const other = replaced(value, place, spoiled);
        const text = (each: unknown) => JSON.stringify(isText ? JSON.stringify(each) : each);
        const found = between(text(value), text(other), usual);
        expect(found).toHaveLength(1);
        // What is no object and no list is a text's own content.
        const isStructure =
          typeof value === "object" && value !== null && typeof other === "object" && other !== null;
        const path = isText && !isStructure ? "$" : pathText(place);
        expect(found[0]!.startsWith(`${path} `)).toBe(true);
      }),
    );
  });
});
