import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Archive } from "../../../rehearsal/values/property";
import { Asset, contains, Secret, UNKNOWN } from "../../../rehearsal/values/property";
import { REFERENCE_SIGNATURE, SECRET_SIGNATURE, SIGNATURE_KEY } from "../../../rehearsal/values/signatures";
import { fromStruct, toStruct } from "../../../rehearsal/values/wire";
import { propertyMap } from "./arbitrary";

const EVERYTHING = { unknowns: true, secrets: true };

describe("values on the wire", () => {
  it("come back as they were sent", () => {
    fc.assert(
      fc.property(propertyMap, (map) => {
        expect(fromStruct(toStruct(map, EVERYTHING), { unknowns: "keep" })).toEqual(map);
      }),
    );
  });

  it("hold nothing that the receiver does not understand", () => {
    fc.assert(
      fc.property(propertyMap, (map) => {
        const received = fromStruct(toStruct(map, {}), { unknowns: "keep" });
        expect(contains(received, (part) => part === UNKNOWN || part instanceof Secret)).toBe(false);
      }),
    );
  });

  it("refuse unknowns where only real values may be", () => {
    const struct = toStruct({ a: [UNKNOWN] }, EVERYTHING);
    expect(() => fromStruct(struct, { unknowns: "reject" })).toThrow(
      /unexpected unknown property value for "a"/,
    );
  });

  it.each([
    [{ [SIGNATURE_KEY]: "nonsense" }, /unrecognized signature 'nonsense'/],
    [{ [SIGNATURE_KEY]: SECRET_SIGNATURE }, /missing value/],
    [
      { [SIGNATURE_KEY]: REFERENCE_SIGNATURE, urn: "u" },
      /does not take a whole resource as a value \(a\); use the Pulumi CLI/,
    ],
    [Infinity, /does not store Infinity \(a\); use the Pulumi CLI/],
  ])("refuse %j", (value, message) => {
    expect(() => fromStruct(Struct.fromJavaScript({ a: value }), { unknowns: "keep" })).toThrow(message);
  });
});

describe("assets", () => {
  // The hashes are from the recordings of the real engine.
  const folder = mkdtempSync(join(tmpdir(), "rehearsal-assets-"));
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "data", "one.txt"), "one");
  writeFileSync(join(folder, "data", "two.txt"), "two");
  const ASSET = "c44067f5952c0a294b673a41bacd8c17";
  const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
  const text = { [SIGNATURE_KEY]: ASSET, text: "x" };
  const file = { [SIGNATURE_KEY]: ASSET, path: "data/one.txt", __pulumiAsset: true };

  it.each([
    [
      "text",
      { [SIGNATURE_KEY]: ASSET, text: "hello" },
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    ],
    ["file", file, "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"],
    [
      "folder",
      { [SIGNATURE_KEY]: ARCHIVE, path: "data" },
      "68c97eb83296f447f537e9c4d69c6d9acb8b24e1b22e21c3b59b7db9ad108058",
    ],
    [
      "map of assets",
      { [SIGNATURE_KEY]: ARCHIVE, assets: { "x.txt": text, "sub/one.txt": file } },
      "bbec7998c97d54c3646d498aded053a795fc17034ef750864e21e9225fd9d5a6",
    ],
  ])("hash a %s as the engine does", (_, value, hash) => {
    const { a } = fromStruct(Struct.fromJavaScript({ a: value }), { unknowns: "keep", assetFolder: folder });
    expect((a as Asset | Archive).source.hash).toBe(hash);
  });

  it("travel as a hash where their content is not wanted", () => {
    const sent = toStruct(
      { a: new Asset({ hash: "h", text: "long" }) },
      { elideAssets: true },
    ).toJavaScript();
    expect(sent).toEqual({ a: { [SIGNATURE_KEY]: ASSET, hash: "h" } });
  });

  it("are not fetched from the network", () => {
    const remote = Struct.fromJavaScript({ a: { [SIGNATURE_KEY]: ASSET, uri: "https://example.com/a" } });
    expect(() => fromStruct(remote, { unknowns: "keep", assetFolder: folder })).toThrow(/use the Pulumi CLI/);
  });
});
