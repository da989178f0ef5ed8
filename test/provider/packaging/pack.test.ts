import fc from "fast-check";
import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { pack as tarOf } from "tar-stream";
import { listEntries } from "../../../provider/packaging/entries";
import { textEntry, type Entry } from "../../../provider/packaging/entry";
import { packed } from "../../../provider/packaging/pack";
import { withScratch, spool } from "../../../provider/packaging/scratch";
import { readSource } from "../../../provider/packaging/source";
import { archive, asset, bytesOf, failure, freshFolder, unpacked } from "./sources";
import { zipOf } from "./zip";

const folder = freshFolder();
const at = (...path: string[]): string => join(folder(), ...path);
const put = (path: string, text: string): string => {
  mkdirSync(join(at(path), ".."), { recursive: true });
  writeFileSync(at(path), text);
  return at(path);
};

const packedValue = (value: unknown, top = "src"): Promise<Buffer> =>
  withScratch(async (scratch) => bytesOf(packed(await listEntries(readSource(value), scratch), top)));

const namesOf = async (value: unknown): Promise<string[]> =>
  withScratch(async (scratch) => (await listEntries(readSource(value), scratch)).map(({ name }) => name));

async function tarFile(
  members: readonly { name: string; text?: string; type?: string; linkname?: string }[],
) {
  const tar = tarOf();
  for (const { text = "", ...header } of members) tar.entry(header as never, text);
  tar.finalize();
  return bytesOf(tar as unknown as Readable);
}

describe("the same bytes", () => {
  it("for another clock, order on disk, mode and place", async () => {
    put("one/b.py", "b");
    put("one/lib/a.py", "a");
    put("two/lib/a.py", "a");
    put("two/b.py", "b");
    utimesSync(at("two/b.py"), 1, 1);
    chmodSync(at("two/b.py"), 0o600);
    chmodSync(at("one/b.py"), 0o755);
    const [one, two] = [
      await packedValue(archive({ path: at("one") })),
      await packedValue(archive({ path: at("two") })),
    ];
    expect(one.equals(two)).toBe(true);
  });

  it("from a folder, a map, a tar, a tgz and a zip of the same files", async () => {
    put("src/b.py", "b");
    put("src/lib/a.py", "a");
    const members = [
      { name: "lib/", type: "directory" },
      { name: "lib/a.py", text: "a" },
      { name: "./b.py", text: "b" },
    ];
    writeFileSync(at("s.tar"), await tarFile(members));
    writeFileSync(at("s.tgz"), gzipSync(await tarFile(members)));
    writeFileSync(
      at("s.zip"),
      zipOf([
        { name: "lib/a.py", text: "a" },
        { name: "b.py", text: "b" },
      ]),
    );
    const expected = await packedValue(archive({ path: at("src") }));
    for (const same of [
      archive({ assets: { "b.py": asset({ text: "b" }), "lib/a.py": asset({ path: at("src/lib/a.py") }) } }),
      archive({
        assets: { lib: archive({ assets: { "a.py": asset({ text: "a" }) } }), "b.py": asset({ text: "b" }) },
      }),
      archive({ path: at("s.tar") }),
      archive({ path: at("s.tgz") }),
      archive({ path: at("s.zip") }),
    ])
      expect((await packedValue(same)).equals(expected)).toBe(true);
  });

  it("whatever sizes the disk gives its content in", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 8 }),
        async (cuts) => {
          const content = Buffer.alloc(150_000, "abcdefghij klmnop\n").map((byte, i) =>
            i % 997 === 0 ? i & 255 : byte,
          );
          const inPieces = function* () {
            for (let from = 0, turn = 0; from < content.length; turn += 1) {
              const size = cuts[turn % cuts.length] as number;
              yield content.subarray(from, from + size);
              from += size;
            }
          };
          const entry = (open: () => Readable): Entry => ({ name: "m.bin", size: content.length, open });
          const whole = await bytesOf(packed([entry(() => Readable.from([content], { objectMode: false }))]));
          const cut = await bytesOf(packed([entry(() => Readable.from(inPieces(), { objectMode: false }))]));
          expect(cut.equals(whole)).toBe(true);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("are these, so that no version of this package changes them unseen", async () => {
    const bytes = await packedValue(archive({ assets: { "score.py": asset({ text: "VERSION = '1'\n" }) } }));
    expect(bytes.subarray(0, 10).toString("hex")).toBe("1f8b08000000000000ff");
    expect(await unpacked(bytes)).toEqual([
      {
        header: expect.objectContaining({
          name: "src/score.py",
          mode: 0o755,
          uid: 0,
          gid: 0,
          uname: "",
          gname: "",
          mtime: new Date(0),
        }),
        text: "VERSION = '1'\n",
      },
    ]);
  });
});

describe("what is packed", () => {
  it("is every file, sorted, with empty and long-named ones, and not Pulumi's own folder", async () => {
    put("src/z.py", "");
    put(`src/${"d".repeat(120)}/${"ü".repeat(60)}.py`, "long");
    put("src/.hidden", "h");
    put("src/.pulumi/state.json", "{}");
    mkdirSync(at("src/empty"));
    const found = await unpacked(await packedValue(archive({ path: at("src") }), ""));
    expect(found.map(({ header, text }) => [header.name, text])).toEqual([
      [".hidden", "h"],
      [`${"d".repeat(120)}/${"ü".repeat(60)}.py`, "long"],
      ["z.py", ""],
    ]);
  });

  it("unpacks to what went in, for any files", async () => {
    const name = fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8}){0,2}\.py$/);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.string(), { minKeys: 1, maxKeys: 6 }), async (files) => {
        const assets = Object.fromEntries(Object.entries(files).map(([n, text]) => [n, asset({ text })]));
        const found = await unpacked(await packedValue(archive({ assets }), ""));
        expect(Object.fromEntries(found.map(({ header, text }) => [header.name, text]))).toEqual({
          ...Object.fromEntries(Object.entries(files).map(([n, t]) => [n, Buffer.from(t).toString("utf8")])),
        });
      }),
      { numRuns: 30 },
    );
  });

  it("is spooled with its length, and read as often as wanted", async () => {
    await withScratch(async (scratch) => {
      const spooled = await spool(Readable.from([Buffer.from("abc")]), scratch);
      expect(spooled).toMatchObject({ size: 3 });
      expect([String(await bytesOf(spooled.open())), String(await bytesOf(spooled.open()))]).toEqual([
        "abc",
        "abc",
      ]);
    });
  });
});

describe("refusals", () => {
  const cases: [string, () => unknown | Promise<unknown>, string][] = [
    ["an empty folder", () => (mkdirSync(at("e")), archive({ path: at("e") })), "EmptySource"],
    ["an empty map", () => archive({ assets: {} }), "EmptySource"],
    ["a folder that is not there", () => archive({ path: at("nowhere") }), "MissingFile"],
    ["a file that is not there", () => asset({ path: at("no.py") }), "MissingFile"],
    [
      "a member that is not there",
      () => archive({ assets: { a: asset({ path: at("no.py") }) } }),
      "MissingFile",
    ],
    ["a folder as a file", () => (mkdirSync(at("d")), asset({ path: at("d") })), "SpecialFile"],
    ["a single file as an archive", () => archive({ path: put("a.py", "a") }), "BadArchive"],
    ["a tgz that is none", () => archive({ path: put("a.tgz", "no archive") }), "BadArchive"],
    ["a tar that is none", () => archive({ path: put("a.tar", "x".repeat(2000)) }), "BadArchive"],
    ["a zip that is none", () => archive({ path: put("a.zip", "no archive") }), "BadArchive"],
    [
      "a member's name that leads out",
      () => archive({ assets: { "../a": asset({ text: "" }) } }),
      "BadEntryName",
    ],
    ["an absolute member's name", () => archive({ assets: { "/a": asset({ text: "" }) } }), "BadEntryName"],
    [
      "two members that meet",
      () =>
        archive({
          assets: { "lib/a": asset({ text: "1" }), lib: archive({ assets: { a: asset({ text: "2" }) } }) },
        }),
      "DuplicateEntry",
    ],
    [
      "a file where another's folder must be",
      () => archive({ assets: { a: asset({ text: "1" }), "a/b": asset({ text: "2" }) } }),
      "DuplicateEntry",
    ],
    [
      "a link within the folder",
      () => {
        symlinkSync(put("l/a.py", "a"), at("l/b.py"));
        return archive({ path: at("l") });
      },
      "SymbolicLink",
    ],
    [
      "a link to a folder",
      () => {
        put("l/a.py", "a");
        symlinkSync("/", at("l/up"));
        return archive({ path: at("l") });
      },
      "SymbolicLink",
    ],
  ];
  it.each(["character-device", "block-device", "fifo"])("of a %s in a tar, by its name", async (type) => {
    writeFileSync(
      at("odd.tar"),
      await tarFile([
        { name: "a.py", text: "a" },
        { name: "odd", type },
      ]),
    );
    expect(await failure(namesOf(archive({ path: at("odd.tar") })))).toMatchObject({
      code: "SpecialFile",
      message: expect.stringContaining(`"odd" in ${at("odd.tar")}`),
    });
  });

  it("of a member of a tar that is sparse, in GNU's own form or in the extended one, by its name", async () => {
    const old = await tarFile([{ name: "sparse.bin", text: "data" }]);
    old[156] = "S".charCodeAt(0);
    const sum = [...old.subarray(0, 148), ...Buffer.from(" ".repeat(8)), ...old.subarray(156, 512)];
    old.write(
      `${sum
        .reduce((a, b) => a + b)
        .toString(8)
        .padStart(6, "0")}\0 `,
      148,
      "latin1",
    );
    const pax = { "GNU.sparse.major": "1", "GNU.sparse.minor": "0" };
    const extended = await tarFile([{ name: "sparse.bin", text: "data", pax } as never]);
    for (const bytes of [old, extended]) {
      writeFileSync(at("sparse.tar"), bytes);
      expect(await failure(namesOf(archive({ path: at("sparse.tar") })))).toMatchObject({
        code: "SpecialFile",
        message: expect.stringContaining('"sparse.bin"'),
      });
    }
  });

  it("of a file that goes away after it was listed, by its name", async () => {
    put("going/a.py", "a");
    const source = readSource(archive({ path: at("going") }));
    const reading = withScratch(async (scratch) => {
      const entries = await listEntries(source, scratch);
      rmSync(at("going/a.py"));
      return bytesOf(packed(entries, "src"));
    });
    expect(await failure(reading)).toMatchObject({
      code: "SourceChanged",
      message: expect.stringMatching(
        /SourceChanged: expected a\.py to stay .* found no file at .*a\.py any more/,
      ),
    });
  });

  it.each(cases)("of %s", async (_, value, code) => {
    expect(await failure(namesOf(await value()))).toMatchObject({
      code,
      message: expect.stringContaining(`${code}: `),
    });
  });

  it.each([
    ["leads out", { name: "../a.py", text: "a" }, "BadEntryName"],
    ["is absolute", { name: "/a.py", text: "a" }, "BadEntryName"],
    ["is a symbolic link", { name: "a.py", type: "symlink", linkname: "/etc/passwd" }, "SymbolicLink"],
    ["is a hard link", { name: "a.py", type: "link", linkname: "b.py" }, "SymbolicLink"],
  ])("of a tar member that %s", async (_, member, code) => {
    writeFileSync(at("bad.tar"), await tarFile([member]));
    expect(await failure(namesOf(archive({ path: at("bad.tar") })))).toMatchObject({ code });
  });

  it.each([
    ["leads out", { name: "../a.py", text: "a" }, "BadEntryName"],
    ["is absolute", { name: "/a.py", text: "a" }, "BadEntryName"],
    ["is a symbolic link", { name: "a.py", text: "/etc/passwd", mode: 0o120777 }, "SymbolicLink"],
  ])("of a zip member that %s", async (_, member, code) => {
    writeFileSync(at("bad.zip"), zipOf([member]));
    expect(await failure(namesOf(archive({ path: at("bad.zip") })))).toMatchObject({ code });
  });

  it.each([
    ["cut off", (whole: Buffer) => whole.subarray(0, whole.length - 20)],
    ["of another length", () => Buffer.alloc(0)],
  ])("of a tgz that is %s", async (_, spoil) => {
    writeFileSync(at("cut.tgz"), spoil(gzipSync(await tarFile([{ name: "a.py", text: "a".repeat(5000) }]))));
    expect(await failure(namesOf(archive({ path: at("cut.tgz") })))).toMatchObject({
      code: expect.stringMatching(/BadArchive|EmptySource/),
    });
  });

  it.each([
    ["grew", 2],
    ["shrank", 4],
  ])("of a file that %s while it was packed", async (_, size) => {
    const entry: Entry = { ...textEntry("a.py", "abc"), size };
    expect(await failure(bytesOf(packed([entry])))).toMatchObject({ code: "SourceChanged" });
  });
});
