import { readdir } from "node:fs/promises";
import { entryName, filesBelow } from "../../../provider/packaging/entry";
import { unreadable } from "../../../provider/packaging/entries";

/** More than an array may hold as the arguments of one call. */
const MANY = 200_000;

jest.mock("node:fs/promises", () => ({
  readdir: jest.fn(),
  lstat: () => Promise.resolve({ isSymbolicLink: () => false, isFile: () => true, size: 1 }),
}));

const child = (name: string, isFolder: boolean) => ({ name, isDirectory: () => isFolder });

it("a folder below another may hold very many files", async () => {
  const many = Array.from({ length: MANY }, (_, index) => child(`${index}.txt`, false));
  jest
    .mocked(readdir)
    .mockImplementation(((folder: string) =>
      Promise.resolve(folder.endsWith("inner") ? many : [child("inner", true)])) as never);
  const found = await filesBelow("/top");
  expect([found.length, found.at(-1)?.name]).toEqual([MANY, entryName(`inner/${MANY - 1}.txt`)]);
});

it("a mistake of the program is not called a matter of rights", () => {
  const mistake = new RangeError("Maximum call stack size exceeded");
  expect(unreadable("/top", mistake)).toBe(mistake);
  expect(unreadable("/top", Object.assign(new Error(), { code: "EACCES" })).message).toMatch(
    /NotReadable: .*EACCES.* Check its rights\./,
  );
});
