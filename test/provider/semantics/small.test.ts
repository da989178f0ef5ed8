import * as fc from "fast-check";
import { mayHaveKeys, usesKeys } from "../../../provider/semantics/access";
import { entriesOf, entryOf } from "../../../provider/semantics/additive";
import { durationMs } from "../../../provider/semantics/duration";
import { describe as described, failure, pathOf } from "../../../provider/semantics/failure";
import { keyChanges, keysIn } from "../../../provider/semantics/key-changes";
import { defaultServiceName } from "../../../provider/semantics/name";
import { compile } from "../../../provider/semantics/pointer";
import { secrecyOf, secretMembers } from "../../../provider/semantics/secrecy";
import {
  errorOf,
  isAksService,
  isHealthy,
  isMadeWithinDay,
  isOnItsWay,
  kindOf,
  lastOperation,
  mayRecover,
  progressOf,
} from "../../../provider/semantics/service-state";
import { isStampedBy, stampOf, withStamp } from "../../../provider/semantics/stamp";
import { nearestSetting } from "../../../provider/semantics/suggest";
import { timeoutMs } from "../../../provider/semantics/timeouts";
import { hasUnknown, isObject, isUnknown, UNKNOWN } from "../../../provider/semantics/unknown";
import {
  sameValue,
  settingsOf,
  valueAt,
  withoutUnset,
  withValueAt,
} from "../../../provider/semantics/values";
import { documentOf, key, least, row, textMap, URN, WORKSPACE } from "./settings";

describe("durations", () => {
  it.each<[unknown, number | undefined]>([
    ["90s", 90_000],
    ["60m", 3_600_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    ["250ms", 250],
    ["1h1m1s1ms", 3_661_001],
    ["", undefined],
    ["0s", undefined],
    ["60", undefined],
    ["m", undefined],
    ["-5m", undefined],
    ["5 m", undefined],
    ["5m ", undefined],
    ["5m\n", undefined],
    ["5d", undefined],
    ["1e3s", undefined],
    [`${"9".repeat(400)}h`, undefined],
    [60, undefined],
    [null, undefined],
    [["5m"], undefined],
  ])("%j is %j ms", (text, ms) => expect(durationMs(text)).toBe(ms));

  it.each<[string, object, Record<"create" | "update" | "delete", number>]>([
    ["nothing said", {}, { create: 3_600_000, update: 3_600_000, delete: 1_200_000 }],
    ["one said", { timeouts: { delete: "1s" } }, { create: 3_600_000, update: 3_600_000, delete: 1_000 }],
    [
      "remembered",
      { __managed: { timeouts: { update: "2s" } } },
      { create: 3_600_000, update: 2_000, delete: 1_200_000 },
    ],
    [
      "said and remembered",
      { timeouts: { update: "3s" }, __managed: { timeouts: { update: "2s" } } },
      { create: 3_600_000, update: 3_000, delete: 1_200_000 },
    ],
  ])("apply with %s", (_what, values, expected) => {
    for (const verb of ["create", "update", "delete"] as const)
      expect(timeoutMs(verb, { ...values })).toBe(expected[verb]);
  });
});

describe("the default name", () => {
  const rule = row("serviceName").rule!;
  it("always satisfies the name rule, and is the same for the same URN", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary", maxLength: 80 })), (name) => {
        const made = defaultServiceName(`urn:pulumi:s::p::t::${name}`);
        expect(made).toMatch(rule.pattern!);
        expect(made.length).toBeGreaterThanOrEqual(rule.length![0]);
        expect(made.length).toBeLessThanOrEqual(rule.length![1]);
        expect(defaultServiceName(`urn:pulumi:s::p::t::${name}`)).toBe(made);
      }),
    );
  });

  it.each([
    ["fraud", "fraud"],
    ["Fraud_Scoring", "fraud-scoring"],
    ["2fast", "fast"],
    ["a", "service-a"],
    ["ab-", "service-ab"],
    ["İ", "service-i"],
    ["", "service"],
    ["--", "service"],
    ["a".repeat(32), "a".repeat(32)],
  ])("of %j is %s", (name, expected) =>
    expect(defaultServiceName(`urn:pulumi:s::p::t::${name}`)).toBe(expected),
  );

  it("of more than 32 is 24 of them, a hyphen and 7 of a hash that differs from URN to URN", () => {
    const made = ["prod", "test"].map((stack) =>
      defaultServiceName(`urn:pulumi:${stack}::p::t::${"abcdefgh".repeat(5)}`),
    );
    for (const name of made) expect(name).toMatch(/^abcdefghabcdefghabcdefgh-[0-9a-f]{7}$/);
    expect(made[0]).not.toBe(made[1]);
  });
});

describe("JSON Pointers", () => {
  const parse = (pointer: string): string[] =>
    pointer
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

  it("round-trip, whatever the keys", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(key, fc.constant("~01/"))), (keys) =>
        expect(parse(compile(keys))).toEqual(keys),
      ),
    );
  });

  it.each([
    [["a", "b/c"], "/a/b~1c"],
    [["~", "~1"], "/~0/~01"],
    [[""], "/"],
    [[], ""],
  ])("of %j are %j", (keys, pointer) => expect(compile(keys)).toBe(pointer));
});

describe("unknown values", () => {
  it("are found at any depth", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(hasUnknown(value)).toBe(false);
        expect(hasUnknown({ a: [value, { b: [UNKNOWN] }] })).toBe(true);
      }),
    );
  });
  it("are exactly the engine's text", () => {
    expect(UNKNOWN).toBe("04da6b54-80e4-46f7-96ec-b56ff0331ba9");
    expect([UNKNOWN, `${UNKNOWN} `, [UNKNOWN], undefined].map(isUnknown)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect([{}, [], null, "", undefined].map(isObject)).toEqual([true, false, false, false, false]);
  });
});

describe("values", () => {
  it.each<[string, unknown, unknown, boolean]>([
    ["cpuCores", 0.5, 0.5, true],
    ["cpuCores", 0.5, 1, false],
    ["gpuCores", 0, undefined, false],
    ["description", "", undefined, true],
    ["description", null, undefined, true],
    ["description", "a", "", false],
    ["tags", {}, undefined, true],
    ["tags", { a: "1", b: "2" }, { b: "2", a: "1" }, true],
    ["tags", { a: "1" }, {}, false],
    ["models", ["b:1", "a:1"], ["a:1", "b:1"], true],
    ["models", ["a:1"], ["a:1", "b:1"], false],
    ["workspaceId", WORKSPACE, WORKSPACE.toLowerCase(), true],
    ["serviceName", "a", "A", false],
    ["authEnabled", false, undefined, false],
  ])("of %s: %j and %j mean the same: %s", (input, a, b, same) => {
    expect(sameValue(row(input), a, b)).toBe(same);
    expect(sameValue(row(input), b, a)).toBe(same);
  });

  it("are put and found at a path, and nothing else moves", () => {
    const before = { a: { b: 1, c: 2 }, d: null };
    expect(withValueAt(before, "a.b", 3)).toEqual({ a: { b: 3, c: 2 }, d: null });
    expect(withValueAt(before, "d.e.f", 3)).toEqual({ a: { b: 1, c: 2 }, d: { e: { f: 3 } } });
    expect(before).toEqual({ a: { b: 1, c: 2 }, d: null });
    expect(["a.b", "a", "d", "d.e", "x.y", "a.b.c"].map((path) => valueAt(before, path))).toEqual([
      1,
      { b: 1, c: 2 },
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("are unset by null and undefined only", () => {
    expect(withoutUnset({ a: 0, b: "", c: false, d: {}, e: null, f: undefined })).toEqual({
      a: 0,
      b: "",
      c: false,
      d: {},
    });
    expect(settingsOf({ cpuCores: 0, state: "Healthy", __urn: "u", tags: null })).toEqual({ cpuCores: 0 });
  });
});

describe("map entries", () => {
  it("are found by own keys only", () => {
    fc.assert(
      fc.property(textMap, key, (map, name) => {
        expect(entryOf(map, name)).toBe(Object.entries(map).find(([k]) => k === name)?.[1]);
      }),
    );
    expect([entryOf({}, "constructor"), entryOf(undefined, "a"), entryOf(UNKNOWN, "length")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([entriesOf({ a: 1 }), entriesOf(UNKNOWN), entriesOf(null), entriesOf([1])]).toEqual([
      [["a", 1]],
      [],
      [],
      [],
    ]);
  });
});

describe("failures", () => {
  it.each<[unknown, boolean, string]>([
    [undefined, false, "nothing"],
    [null, true, "nothing"],
    [[1, 2], false, "a list of 2"],
    [{ a: 1 }, false, "an object"],
    ["a\n", false, 'the text "a\\n"'],
    [1.5, false, "1.5 (number)"],
    [NaN, false, "NaN (number)"],
    [true, false, "true (boolean)"],
    ["k", true, "a secret text"],
    [7, true, "a secret number"],
    ["x".repeat(200), false, `the text "${"x".repeat(79)}…`],
  ])("describe %j (secret: %s) as %s", (value, secret, text) => expect(described(value, secret)).toBe(text));

  it.each<[string, string | number, string]>([
    ["tags", "release", "tags.release"],
    ["tags", "a-b_1", "tags.a-b_1"],
    ["tags", "a.b", 'tags["a.b"]'],
    ["tags", 'a"]', 'tags["a\\"]"]'],
    ["tags", "", 'tags[""]'],
    ["models", 2, "models[2]"],
  ])("name the path %s %j as %s", (input, name, path) => expect(pathOf(input, name)).toBe(path));

  it("name the whole resource when the setting is secret", () => {
    const refusal = { code: "BadFormat", path: "primaryKey", expected: "x", found: "y", next: "z." } as const;
    expect(failure(refusal, () => true)).toEqual({
      property: "",
      reason: "BadFormat: primaryKey must be x; found y. z.",
    });
    expect(failure(refusal).property).toBe("primaryKey");
  });
});

describe("secrecy", () => {
  it.each([
    ["primaryKey", true],
    ["primarykey", true],
    ["secondary_key", true],
    ["tags.a", true],
    ['tags["x.y"]', true],
    ["description", true],
    ["cpuCores", false],
    ["keyboard", false],
    ["__urn", false],
  ])("of %s is %s", (path, expected) => {
    const isSecret = secrecyOf({ __secrets: ["tags"] }, { __managed: { __secrets: ["description"] } });
    expect(isSecret(path)).toBe(expected);
  });
  it("ignores what is no list of names", () => {
    for (const named of [UNKNOWN, null, [7], {}]) expect(secrecyOf({ __secrets: named })("tags")).toBe(false);
  });
  it("names what is stored as a secret", () => {
    expect(secretMembers({ primaryKey: "k", tags: {}, cpuCores: 1, __urn: "u" })).toEqual(["primaryKey"]);
    expect(secretMembers({ tags: {}, cpuCores: 1, __managed: { tags: {}, __secrets: ["tags"] } })).toEqual([
      "tags",
      "__managed",
    ]);
  });
});

describe("keys", () => {
  const live = { primaryKey: "p", secondaryKey: "s" };
  it.each<[string, object, readonly object[]]>([
    ["none given", {}, []],
    ["the live ones", live, []],
    ["another first", { primaryKey: "q" }, [{ which: "Primary", value: "q" }]],
    ["another second", { secondaryKey: "t" }, [{ which: "Secondary", value: "t" }]],
    [
      "swapped",
      { primaryKey: "s", secondaryKey: "p" },
      [
        { which: "Primary", value: "s" },
        { which: "Secondary", value: "p" },
      ],
    ],
    ["null", { primaryKey: null }, []],
  ])("%s", (_what, news, expected) => expect(keyChanges({ ...news }, live)).toEqual(expected));

  it("are in outputs only together", () => {
    expect([keysIn(live), keysIn({ primaryKey: "p" }), keysIn({})]).toEqual([live, undefined, undefined]);
  });
  it("are told by a service with key authentication", () => {
    expect([{ authEnabled: true }, { authEnabled: false }, {}].map(usesKeys)).toEqual([true, false, false]);
    expect(
      [{ authEnabled: true }, { authEnabled: false }, {}, { authEnabled: UNKNOWN }].map(mayHaveKeys),
    ).toEqual([true, false, true, true]);
  });
});

describe("the stamp", () => {
  it("goes into the properties, beside the program's", () => {
    const stamped = withStamp({ ...least, properties: { a: "1" } }, "abc");
    expect(stamped["properties"]).toEqual({ a: "1", "pulumi-created-by": "abc" });
    const document = documentOf(stamped);
    expect(stampOf(document)).toBe("abc");
    expect([
      isStampedBy(document, "abc"),
      isStampedBy(document, "abd"),
      isStampedBy(document, undefined),
    ]).toEqual([true, false, false]);
  });
  it("is none where there is none", () => {
    expect(withStamp(least, undefined)).toBe(least);
    expect(withStamp(least, "")).toBe(least);
    expect([
      stampOf({}),
      stampOf({ properties: null }),
      isStampedBy({}, undefined),
      isStampedBy({ properties: { "pulumi-created-by": "" } }, ""),
    ]).toEqual([undefined, undefined, false, false]);
  });
});

describe("suggestions", () => {
  it.each([
    ["cpu_cores", "cpuCores"],
    ["CPUCORES", "cpuCores"],
    ["memorygb", "memoryGb"],
    ["enableAppInsight", "enableAppInsights"],
    ["compute_target", "computeTargetName"],
    ["modles", "models"],
    ["zebra", undefined],
    ["x", undefined],
  ])("for %s: %s", (name, expected) => expect(nearestSetting(name)).toBe(expected));
});

describe("a service's state", () => {
  it.each<[string, object, [boolean, boolean, boolean]]>([
    ["Healthy", { state: "Healthy" }, [true, false, false]],
    ["Transitioning", { state: "Transitioning" }, [false, true, false]],
    ["Migrating", { state: "Migrating" }, [false, true, false]],
    ["Unhealthy", { state: "Unhealthy" }, [false, false, true]],
    ["Failed", { state: "Failed" }, [false, false, false]],
    ["none", {}, [false, false, false]],
    ["null", { state: null }, [false, false, false]],
  ])("%s", (_what, document, expected) =>
    expect([isHealthy, isOnItsWay, mayRecover].map((is) => is({ ...document }))).toEqual(expected),
  );

  it("names its kind, its last operation and its error", () => {
    expect([{ computeType: "AKS" }, { computeType: "ACI" }, {}].map(isAksService)).toEqual([
      true,
      false,
      false,
    ]);
    expect(kindOf({ computeType: "ACI" })).toBe("ACI");
    expect([{ operationId: "o" }, { operationId: "" }, { operationId: 1 }, {}].map(lastOperation)).toEqual([
      "o",
      undefined,
      undefined,
      undefined,
    ]);
    expect(errorOf({ error: { code: "x" } })).toEqual({ code: "x" });
  });

  it.each([
    [
      { state: "Transitioning", deploymentStatus: { desiredReplicas: 3, availableReplicas: 1 } },
      "Transitioning, 1 of 3 replicas available",
    ],
    [
      { state: "Transitioning", deploymentStatus: { desiredReplicas: 3 } },
      "Transitioning, 0 of 3 replicas available",
    ],
    [{ state: "Failed", deploymentStatus: null }, "Failed"],
    [{}, "unknown"],
  ])("in words: %j", (document, text) => expect(progressOf(document)).toBe(text));

  it("knows whether it was made within a day", () => {
    const now = Date.UTC(2026, 10, 22);
    const made = (hours: number) => ({ createdTime: new Date(now - hours * 3_600_000).toISOString() });
    expect(
      [made(1), made(23.9), made(24), made(48), {}, { createdTime: "?" }].map((d) => isMadeWithinDay(d, now)),
    ).toEqual([true, true, false, false, false, false]);
  });
});

it("a URN of the tests is one of the provider's type", () => expect(URN).toContain("AksWebservice"));
