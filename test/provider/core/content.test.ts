import {
  contentDigest,
  recordedContent,
  isArchive,
  isContent,
  otherContent,
  sameContent,
  shownContent,
} from "../../../provider/core/content";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const asset = (more: object) => ({ [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", ...more });
const archive = (more: object) => ({ [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7", ...more });

describe("content of assets and archives", () => {
  it.each<[string, unknown, unknown, boolean]>([
    [
      "the same hash from another place",
      asset({ hash: "h", path: "a" }),
      asset({ hash: "h", text: "x" }),
      true,
    ],
    ["a hash alone", asset({ hash: "h", path: "a" }), asset({ hash: "h" }), true],
    ["the memory", archive({ hash: "h", path: "a" }), { kind: "archive", hash: "h" }, true],
    ["another hash", asset({ hash: "h" }), asset({ hash: "i" }), false],
    ["an archive instead of an asset", asset({ hash: "h" }), archive({ hash: "h" }), false],
    ["the same without hashes", asset({ path: "a" }), asset({ path: "a" }), true],
    ["another without hashes", asset({ path: "a" }), asset({ path: "b" }), false],
    ["nothing", asset({ hash: "h" }), undefined, false],
  ])("is compared with %s", (_, a, b, same) => {
    expect([sameContent(a, b), sameContent(b, a)]).toEqual([same, same]);
  });

  it("is previousInputs by its hash alone, and by itself where there is none", () => {
    expect(recordedContent(asset({ hash: "h", text: "x" }))).toEqual({ kind: "asset", hash: "h" });
    expect(recordedContent(asset({ path: "a" }))).toEqual(asset({ path: "a" }));
    expect(recordedContent("x")).toBe("x");
  });

  it.each<[string, unknown, unknown, unknown]>([
    ["as given", archive({ hash: "h", path: "a" }), undefined, archive({ hash: "h", path: "a" })],
    [
      "as it was",
      { kind: "asset", hash: "h" },
      asset({ hash: "h", path: "a" }),
      asset({ hash: "h", path: "a" }),
    ],
    [
      "with a placeholder where another was before",
      { kind: "asset", hash: "h" },
      asset({ hash: "i", path: "a" }),
      asset({ hash: "h", text: "(not kept)" }),
    ],
    ["with a placeholder", archive({ hash: "h" }), undefined, archive({ hash: "h", assets: {} })],
    ["not at all where it is none", "x", undefined, "x"],
  ])("is shown %s", (_, value, before, shown) => expect(shownContent(value, before)).toEqual(shown));

  it("has a short name that tells its kind, and is the same for the memory", () => {
    const one = asset({ hash: "h", path: "a" });
    expect(contentDigest(one)).toMatch(/^[0-9a-f]{16}$/);
    expect(contentDigest(recordedContent(one))).toBe(contentDigest(one));
    expect(contentDigest(archive({ hash: "h" }))).not.toBe(contentDigest(one));
  });

  it("is another under another name", () => {
    const like = archive({ hash: "h" });
    expect(sameContent(otherContent(like, "x"), like)).toBe(false);
    expect(sameContent(otherContent(like, "x"), otherContent(like, "x"))).toBe(true);
    expect(isArchive(otherContent(like, "x"))).toBe(true);
  });

  it.each<[unknown, boolean]>([
    [asset({ hash: "h" }), true],
    [archive({ path: "a" }), true],
    [{ kind: "asset", hash: "h" }, false],
    [{ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: 1 }, false],
    ["text", false],
    [undefined, false],
  ])("is told from other values: %j", (value, is) => expect(isContent(value)).toBe(is));
});
