import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { repository } from "../harness/project-folder";
import { must } from "../harness/run";
import { environment, outsideFolder, removeFolder, tarball } from "./packed";

jest.setTimeout(300_000);

const root = outsideFolder();
afterAll(() => removeFolder(root));

const unpacked = join(root, "package");
beforeAll(() => void execFileSync("tar", ["-xzf", tarball(), "-C", root]));

const tool = (name: string, ...args: readonly string[]): Promise<void> =>
  must(join(repository(), "node_modules", ".bin", name), args, { folder: root, env: environment() });

test("publint finds nothing in the package", () => tool("publint", tarball(), "--strict"));

test("every way of resolving modules finds the types of every entry point", () => tool("attw", tarball()));

const files = (under = ""): readonly string[] =>
  readdirSync(join(unpacked, under), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(under, entry.name)) : [join(under, entry.name)],
  );

test("only what a user needs is in the package", () => {
  const parts = files().map((file) =>
    file
      .split("/")
      .slice(0, file.startsWith("dist/") ? 2 : 1)
      .join("/"),
  );
  expect([...new Set(parts)].sort()).toEqual([
    ...["CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md"],
    ...["cli", "dist/cli", "dist/emulator", "dist/kubernetes", "dist/provider", "dist/sdk"],
    ...["docs", "emulator", "examples", "package.json"],
  ]);
});

test("every page that README, the docs and the errors point to is in the package", () => {
  const pages = files().filter((file) => file.endsWith(".md"));
  const links = pages.flatMap((page) =>
    [...readFileSync(join(unpacked, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
      ([, link]) => [page, resolve(dirname(join(unpacked, page)), link!)] as const,
    ),
  );
  const code = files().filter((file) => file.endsWith(".js"));
  const named = code.flatMap((file) =>
    [...readFileSync(join(unpacked, file), "utf8").matchAll(/\bdocs\/[\w/-]+\.md/g)].map(
      ([page]) => [file, join(unpacked, page)] as const,
    ),
  );
  expect(links.length > 0 && named.length > 0).toBe(true);
  expect([...links, ...named].filter(([, target]) => !existsSync(target))).toEqual([]);
});
