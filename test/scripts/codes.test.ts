import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), "utf8");

/** Where each kind of error has its codes: a union of texts. */
const unions = [
  ["provider/azure/errors.ts", "ErrorCode"],
  ["provider/core/check-failure.ts", "FailureCode"],
  ["provider/packaging/source.ts", "SourceErrorCode"],
  ["provider/functions/arguments.ts", "CallErrorCode"],
  ["kubernetes/online-service/checks.ts", "Code"],
] as const;

const codesOf = (file: string, type: string): readonly string[] => {
  const union = new RegExp(`type ${type} =([^;]+);`).exec(read(file))?.[1] ?? "";
  return [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code!);
};

const troubleshooting = read("docs", "troubleshooting.md");
const others = readdirSync(join(root, "docs"))
  .filter((page) => page.endsWith(".md") && page !== "troubleshooting.md")
  .map((page) => read("docs", page));

describe.each(unions)("%s", (file, type) => {
  const codes = codesOf(file, type);

  it("has codes", () => expect(codes.length).toBeGreaterThan(5));

  it("has no code that docs/troubleshooting.md does not name", () =>
    expect(codes.filter((code) => !troubleshooting.includes(`\`${code}\``))).toEqual([]));
});

test("a code that docs/troubleshooting.md leaves to another page is explained there", () => {
  const list = troubleshooting.slice(
    troubleshooting.indexOf("Other pages explain"),
    troubleshooting.indexOf("## After a kill"),
  );
  const left = [...list.matchAll(/`([A-Z]\w+)`/g)]
    .map(([, code]) => code!)
    .filter((code) => code !== "KubernetesOnlineService");
  expect(left.length).toBeGreaterThan(30);
  expect(left.filter((code) => !others.some((text) => text.includes(`\`${code}\``)))).toEqual([]);
});
