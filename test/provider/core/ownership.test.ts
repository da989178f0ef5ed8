import fc from "fast-check";
import {
  adoptsAgain,
  claimInWords,
  claimOf,
  isMadeByCreateOf,
  isOwnedBy,
  isOwnership,
  mayClaimBy,
  mayDelete,
  ownerInWords,
  ownerOf,
  ownerTokenIn,
  withStamp,
} from "../../../provider/core/ownership";
import { documentOf, least } from "./settings";

const live = (properties: unknown) => ({ properties });
const stamp = "a1.5ca1ab1e0ddba115";
const NOW = Date.parse("2026-11-20T12:00:00Z");
const claim = (token: string, who = "acme/fraud/prod") => `${token} 2026-11-20T12:00:00.000Z ${who}`;

describe("the owner of a live service", () => {
  it.each<[string, unknown, string | undefined, number | undefined]>([
    ["nobody", { team: "risk" }, undefined, undefined],
    ["nobody without properties", null, undefined, undefined],
    ["its creator", { "pulumi-created-by": stamp }, "a1", 0],
    ["its creator of version 0.1", { "pulumi-created-by": "5ca1ab1e0ddba115" }, "5ca1ab1e0ddba115", 0],
    ["who adopted what no program made", { "pulumi-claim-1": claim("b2") }, "b2", 1],
    [
      "who claimed it from its creator",
      { "pulumi-created-by": stamp, "pulumi-claim-1": claim("b2") },
      "b2",
      1,
    ],
    [
      "the highest claim",
      { "pulumi-claim-2": claim("a1"), "pulumi-claim-10": claim("c3"), "pulumi-claim-9": "d" },
      "c3",
      10,
    ],
    [
      "nobody known, of two claims with one number",
      { "pulumi-claim-1": claim("b2"), "pulumi-claim-01": claim("c3") },
      "",
      1,
    ],
    [
      "the higher claim, beside two with one number",
      { "pulumi-claim-1": "b", "pulumi-claim-01": "c", "pulumi-claim-2": "d" },
      "d",
      2,
    ],
    ["nobody known, of a claim that is no text", { "pulumi-created-by": stamp, "pulumi-claim-1": 7 }, "", 1],
    ["nobody known, of an emptied stamp", { "pulumi-created-by": "" }, "", 0],
    [
      "its creator, beside what is no claim",
      { "pulumi-created-by": stamp, "pulumi-claim-0": "x", "pulumi-claim-x": "x", "pulumi-claim-": "x" },
      "a1",
      0,
    ],
  ])("is %s", (_, properties, token, number) => {
    expect(ownerOf(live(properties))?.token).toBe(token);
    expect(ownerOf(live(properties))?.claim).toBe(number);
  });

  it("is told in words, with no token", () => {
    const words = [
      {},
      { "pulumi-created-by": stamp },
      { "pulumi-claim-3": claim("b2") },
      { "pulumi-claim-3": "b2" },
      { "pulumi-claim-3": "" },
    ].map((properties) => ownerInWords(ownerOf(live(properties))));
    expect(words).toEqual([
      "was neither made nor claimed by a Pulumi program",
      "was made by another Pulumi resource (property pulumi-created-by)",
      "belongs to acme/fraud/prod since 2026-11-20T12:00:00.000Z (property pulumi-claim-3)",
      "belongs to another Pulumi program (property pulumi-claim-3)",
      "has a property pulumi-claim-3 that was edited by hand, so that its owner cannot be told",
    ]);
  });
});

const withClaim = (document: { properties: Record<string, unknown> }, token: string, stack: string) => {
  const { op, path, value } = claimOf(document, token, NOW, { __stack: stack });
  expect(op).toBe("add");
  const key = path.replace("/properties/", "");
  expect(document.properties).not.toHaveProperty([key]);
  return { properties: { ...document.properties, [key]: value } };
};

describe("a claim", () => {
  it("has the number above the highest, its token, the time and the stack", () => {
    const document = live({
      "pulumi-created-by": stamp,
      "pulumi-claim-7": claim("x"),
      "pulumi-claim-3": claim("y"),
    });
    expect(claimOf(document, "b2", NOW, { __stack: "acme/fraud/prod" })).toEqual({
      op: "add",
      path: "/properties/pulumi-claim-8",
      value: "b2 2026-11-20T12:00:00.000Z acme/fraud/prod",
    });
  });

  it("makes its program the owner, whoever claimed before, whatever else is there", () => {
    const program = fc.record({
      token: fc.stringMatching(/^[0-9a-f]{16}$/),
      stack: fc.stringMatching(/^[a-z]+\/[a-z]+\/[a-z .]+$/),
    });
    const others = fc.dictionary(fc.string(), fc.string(), { maxKeys: 5 });
    fc.assert(
      fc.property(others, fc.array(program, { minLength: 1, maxLength: 80 }), (properties, programs) => {
        let document = { properties: { ...properties } as Record<string, unknown> };
        for (const { token, stack } of programs) {
          document = withClaim(document, token, stack);
          expect(ownerOf(document)).toMatchObject({ token, who: stack });
        }
        const last = programs.at(-1)!.token;
        for (const { token } of programs) expect(isOwnedBy(document, token)).toBe(token === last);
        expect(isOwnedBy(document, undefined)).toBe(false);
      }),
    );
  });

  it("never makes an owner of two programs, whatever the properties hold", () => {
    const key = fc.oneof(
      fc.constantFrom("pulumi-created-by", "pulumi-claim-1", "pulumi-claim-01", "pulumi-claim-2"),
      fc.string(),
    );
    fc.assert(
      fc.property(
        fc.dictionary(key, fc.oneof(fc.string(), fc.constantFrom("a b c", "b x y"), fc.integer())),
        (properties) => {
          const owners = ["a", "b", undefined].filter((token) =>
            mayDelete(live(properties), { __ownerToken: token }),
          );
          expect(owners.length).toBeLessThanOrEqual(1);
          expect(mayDelete(live(properties), { __ownerToken: "" })).toBe(false);
        },
      ),
    );
  });
});

describe("the token in a state", () => {
  it.each<[string, Record<string, unknown>, string | undefined]>([
    ["is its own", { __ownerToken: "a1", __managed: { __createdBy: "hash" } }, "a1"],
    ["is the recorded hash in a state of version 0.1", { __managed: { __createdBy: "hash" } }, "hash"],
    ["is none where a service is only read", {}, undefined],
    ["is none where it was emptied", { __ownerToken: "" }, undefined],
  ])("%s", (_, outputs, token) => expect(ownerTokenIn(outputs)).toBe(token));

  it("of version 0.1 is that of its service, and no token to claim one with that nobody owns", () => {
    const outputs = { __managed: { __createdBy: "hash" } };
    expect(isOwnedBy(live({ "pulumi-created-by": "hash" }), ownerTokenIn(outputs))).toBe(true);
    expect(mayClaimBy({ ...outputs, properties: { "pulumi-created-by": "hash" } })).toBe(true);
    expect(mayClaimBy(outputs)).toBe(true);
    expect(mayClaimBy({ ...outputs, properties: {} })).toBe(false);
    expect(mayClaimBy({ ...outputs, properties: {}, __ownerToken: "a1" })).toBe(true);
  });
});

describe("a delete", () => {
  it.each<[string, unknown, Record<string, unknown>, boolean]>([
    ["removes its own", { "pulumi-created-by": stamp }, { __ownerToken: "a1" }, true],
    [
      "removes what it claimed",
      { "pulumi-created-by": "x.y", "pulumi-claim-1": claim("a1") },
      { __ownerToken: "a1" },
      true,
    ],
    [
      "leaves what another claimed",
      { "pulumi-created-by": stamp, "pulumi-claim-1": claim("b2") },
      { __ownerToken: "a1" },
      false,
    ],
    [
      "leaves another's also with deleteAdopted",
      { "pulumi-created-by": stamp },
      { __ownerToken: "b2", deleteAdopted: true },
      false,
    ],
    ["leaves what nobody owns", { team: "risk" }, { __ownerToken: "a1" }, false],
    [
      "removes what nobody owns with deleteAdopted",
      { team: "risk" },
      { __ownerToken: "a1", deleteAdopted: true },
      true,
    ],
    [
      "leaves what was edited by hand",
      { "pulumi-claim-1": "" },
      { __ownerToken: "a1", deleteAdopted: true },
      false,
    ],
    ["leaves everything where the state knows nothing", { "pulumi-created-by": stamp }, {}, false],
  ])("%s", (_, properties, outputs, removes) => expect(mayDelete(live(properties), outputs)).toBe(removes));
});

describe("the stamp of a create", () => {
  const inputs = { __createdBy: "5ca1ab1e0ddba115", __stack: "acme/fraud/prod" };

  it("goes into the properties, beside the program's", () => {
    const stamped = withStamp({ ...least, properties: { a: "1" } }, "a1", inputs);
    expect(stamped["properties"]).toEqual({ a: "1", "pulumi-created-by": stamp });
    expect(ownerOf(documentOf(stamped))).toEqual({ token: "a1", claim: 0 });
    expect(withStamp(least, "a1", {})["properties"]).toEqual({ "pulumi-created-by": "a1" });
  });

  it.each<[string, Record<string, unknown>, boolean]>([
    ["this resource's", { "pulumi-created-by": stamp }, true],
    ["this resource's, of version 0.1", { "pulumi-created-by": "5ca1ab1e0ddba115" }, true],
    ["another resource's", { "pulumi-created-by": "a1.another" }, false],
    [
      "another's with the hash in the place of the token",
      { "pulumi-created-by": "5ca1ab1e0ddba115.another" },
      false,
    ],
    ["nobody's", {}, false],
    ["this resource's, resumed before", { "pulumi-created-by": stamp, "pulumi-claim-1": claim("b2") }, true],
    [
      "this resource's, claimed by another stack",
      { "pulumi-created-by": stamp, "pulumi-claim-1": claim("b2", "acme/fraud/dev") },
      false,
    ],
  ])("tells that a half-made service is %s", (_, properties, isOurs) => {
    expect(isMadeByCreateOf(live(properties), inputs)).toBe(isOurs);
    expect(isMadeByCreateOf(live(properties), { __stack: "acme/fraud/prod" })).toBe(false);
  });
});

describe("adopt", () => {
  it("counts again only when it has just been set", () => {
    expect(adoptsAgain({}, { adopt: true })).toBe(true);
    expect(adoptsAgain({ adopt: false }, { adopt: true })).toBe(true);
    expect(adoptsAgain({ adopt: true }, { adopt: true })).toBe(false);
    expect(adoptsAgain({}, {})).toBe(false);
  });

  it("is announced where it takes a service over, or where a first write claims one", () => {
    const other = { __ownerToken: "a1", properties: { "pulumi-claim-4": claim("b2") } };
    expect(claimInWords(other, { adopt: true }, false)).toMatch(
      /^Takes the service over: it belongs to acme\/fraud\/prod .*pulumi-claim-5/,
    );
    expect(claimInWords({ ...other, adopt: true }, { adopt: true }, true)).toBeUndefined();
    expect(claimInWords({ __ownerToken: "a1", properties: {} }, {}, true)).toMatch(
      /^No program owns the service yet/,
    );
    expect(claimInWords({ __ownerToken: "a1", properties: {} }, {}, false)).toBeUndefined();
    expect(
      claimInWords({ __ownerToken: "a1", properties: { "pulumi-created-by": stamp } }, {}, true),
    ).toBeUndefined();
  });
});

it("knows its own properties by name", () => {
  expect(
    ["pulumi-created-by", "pulumi-claim-1", "pulumi-claim-x", "pulumi", "team"].map(isOwnership),
  ).toEqual([true, true, true, false, false]);
});
