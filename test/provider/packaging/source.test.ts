import { readSource } from "../../../provider/packaging/source";
import { archive, asset } from "./sources";

describe("readSource", () => {
  it.each<[string, unknown, unknown]>([
    ["a file", asset({ path: "a.py" }), { kind: "file", path: "a.py" }],
    ["a text", asset({ text: "x" }), { kind: "text", text: "x" }],
    ["an empty text", asset({ text: "" }), { kind: "text", text: "" }],
    ["a folder or archive file", archive({ path: "src" }), { kind: "archive", path: "src" }],
    [
      "a map, with archives inside",
      archive({ assets: { "a.py": asset({ text: "1" }), lib: archive({ path: "lib.zip" }) } }),
      {
        kind: "members",
        members: { "a.py": { kind: "text", text: "1" }, lib: { kind: "archive", path: "lib.zip" } },
      },
    ],
  ])("reads %s", (_, value, source) => expect(readSource(value)).toEqual(source));

  it.each<[string, unknown, string]>([
    ["a remote asset", asset({ uri: "https://h.example/a.py?sig=s3cret" }), "RemoteSource"],
    ["a remote archive", archive({ uri: "https://h.example/a.zip" }), "RemoteSource"],
    ["a remote member", archive({ assets: { a: asset({ uri: "https://h.example/a" }) } }), "RemoteSource"],
    ["an asset of which only the hash is known", asset({}), "NotASource"],
    ["an archive of which only the hash is known", archive({}), "NotASource"],
    ["a text", "src", "NotASource"],
    ["nothing", undefined, "NotASource"],
    ["another object", { path: "src" }, "NotASource"],
  ])("refuses %s", (_, value, code) => {
    expect(() => readSource(value)).toThrow(expect.objectContaining({ code, message: expect.any(String) }));
    expect(() => readSource(value)).not.toThrow(/s3cret/);
  });
});
