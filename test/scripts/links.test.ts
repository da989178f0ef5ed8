import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pages } from "../harness/pages";

const root = join(__dirname, "..", "..");

const withoutCode = (text: string): string => text.replace(/^ *```[^]*?^ *```/gm, "");

/** The anchors that GitHub gives the headings of a page. */
const anchorsOf = (page: string): readonly string[] =>
  [...withoutCode(readFileSync(page, "utf8")).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );

/** Why a link leads nowhere; undefined for one that leads to a file, and to a heading where it names one. */
const problemOf = (page: string, link: string): string | undefined => {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? join(root, page) : join(root, dirname(page), path);
  if (!existsSync(target)) return `${page}: ${link}: there is no such file`;
  if (relative(root, target).startsWith("..")) return `${page}: ${link}: it leads out of the repository`;
  if (anchor === undefined) return undefined;
  return statSync(target).isFile() && anchorsOf(target).includes(anchor)
    ? undefined
    : `${page}: ${link}: there is no such heading`;
};

test("every link of a page leads to a file, and to a heading of it where it names one", () => {
  const links = pages().flatMap((page) =>
    [
      ...withoutCode(readFileSync(join(root, page), "utf8")).matchAll(
        /\]\((?!https?:)([^)\s]+)\)|(?:src|srcset)="(?!https?:)([^"]+)"/g,
      ),
    ].map(([, link, source]) => [page, (link ?? source)!] as const),
  );
  expect(links.length).toBeGreaterThan(80);
  expect(links.flatMap(([page, link]) => problemOf(page, link) ?? [])).toEqual([]);
});

test.each([
  ["README.md", "docs/nowhere.md", "there is no such file"],
  ["README.md", "docs/concepts.md#nowhere", "there is no such heading"],
  ["docs/keys.md", "concepts.md#live-previews", undefined],
])("%s: %s", (page, link, problem) => {
  const found = problemOf(page, link);
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(problem);
});

test("every page of docs/ is linked from README, or from a page that is", () => {
  const linked = new Set(["README.md"]);
  for (const page of linked)
    for (const [, link = ""] of readFileSync(join(root, page), "utf8").matchAll(
      /\]\((?!https?:)([^)#\s]+)/g,
    )) {
      const target = relative(root, join(root, dirname(page), link));
      if (target.endsWith(".md") && existsSync(join(root, target))) linked.add(target);
    }
  expect(
    pages()
      .filter((page) => page.startsWith(join("docs", "")))
      .filter((page) => !linked.has(page)),
  ).toEqual([]);
});
