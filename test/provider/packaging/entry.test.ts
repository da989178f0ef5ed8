import fc from "fast-check";
import { posix } from "node:path";
import { entryName } from "../../../provider/packaging/entry";

describe("entryName", () => {
  it.each([
    ["score.py", "score.py"],
    ["lib/score.py", "lib/score.py"],
    ["./score.py", "score.py"],
    ["././lib/score.py", "lib/score.py"],
    ["lib\\score.py", "lib/score.py"],
    ["..hidden/...py", "..hidden/...py"],
    ["a b/ä.py", "a b/ä.py"],
  ])("takes %s as %s", (given, name) => expect(entryName(given)).toBe(name));

  it.each([
    "",
    "/etc/passwd",
    "\\x",
    "C:\\x",
    "c:/x",
    "..",
    "../x",
    "a/../b",
    "a/..",
    "a//b",
    "a/",
    "a/./b",
    "a\0b",
    "..\\x",
  ])("refuses %j", (given) =>
    expect(() => entryName(given)).toThrow(expect.objectContaining({ code: "BadEntryName" })),
  );

  it("never lets a name through that leads out of the folder", () => {
    const piece = fc.constantFrom("..", ".", "a", "", "/", "\\", "..\\", "C:", "../", "b");
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
        let name: string;
        try {
          name = entryName(pieces.join("/"));
        } catch {
          return;
        }
        expect(posix.resolve("/home/source", name)).toMatch(/^\/home\/source\/./);
      }),
    );
  });
});
