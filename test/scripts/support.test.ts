import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../harness/project-folder";
import { MANAGERS, MATRIX, parseRow } from "../matrix/support";

// README's table of versions says what is tested, and no more.

const textOf = (file: string): string => readFileSync(join(repository(), file), "utf8");

const manifest = JSON.parse(textOf("package.json")) as {
  engines: { node: string };
  peerDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

/** The second cell of a row of the table. */
const supported = (what: string): string => {
  const versions = textOf("README.md").split("## Versions")[1]!;
  return new RegExp(`^\\| ${what} +\\| (.*?) *\\|$`, "m").exec(versions)![1]!;
};

const peer = manifest.peerDependencies["@pulumi/pulumi"]!.replace("^", "");

test("Node.js: the oldest, and those of the matrix", () => {
  const nodes = MATRIX.map(({ node }) => node);
  expect(supported("Node.js")).toBe(
    `${manifest.engines.node.replace(">=", "")} and later; tested on ${nodes.slice(0, -1).join(", ")} and ${nodes.at(-1)}`,
  );
});

test("@pulumi/pulumi: the oldest of the peer range and the newest are in the matrix", () => {
  expect(MATRIX.map(({ pulumi }) => pulumi)).toEqual([peer, "latest", "latest"]);
  const own = manifest.devDependencies["@pulumi/pulumi"]!;
  expect(supported("`@pulumi/pulumi`")).toBe(
    `${peer} and later 3.x; tested with ${peer}, ${own} and the newest`,
  );
});

test("the Pulumi CLI: the one that is built", () => {
  const [, version] = /pulumi\/pkg\/v3 v([\d.]+)/.exec(textOf("tools/engine/go.mod"))!;
  expect(supported("Pulumi CLI")).toBe(`tested with ${version}`);
});

test("package managers: those that install the packed package", () => {
  const names = supported("package managers")
    .replace(/\(.*?\)/g, "")
    .toLowerCase();
  expect(names.match(/[a-z]+/g)!.filter((word) => word !== "and")).toEqual([...MANAGERS]);
});

test.each([
  ["22", { node: "22", pulumi: "latest" }],
  ["20@3.216.0", { node: "20", pulumi: "3.216.0" }],
])("npm run matrix -- %s", (text, row) => {
  expect(parseRow(text)).toEqual(row);
  expect(() => parseRow(`v${text}`)).toThrow(/expected NODE/);
});
