import { execFileSync } from "node:child_process";
import { builtinModules } from "node:module";
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { repository } from "../harness/project-folder";
import { BUDGET } from "../../scripts/release/checks";
import { startEmulatorProcess } from "../harness/emulator-process";
import { must, run } from "../harness/run";
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
    ...[
      "cli",
      "dist/cli",
      "dist/emulator",
      "dist/kubernetes",
      "dist/provider",
      "dist/provider.js",
      "dist/sdk",
    ],
    ...["docs", "emulator", "examples", "package.json"],
  ]);
});

/** Headings of a page, as GitHub makes anchors of them. */
const anchors = (page: string): ReadonlySet<string> =>
  new Set(
    [...readFileSync(page, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );

const LINK = /\]\((?!https?:)([^)\s]+)|(?:src|srcset|href)="(?!https?:)([^"]+)"/g;

test("every page, picture and heading that README, the docs and the errors point to is in the package", () => {
  const pages = files().filter((file) => file.endsWith(".md"));
  const links = pages.flatMap((page) =>
    [...readFileSync(join(unpacked, page), "utf8").matchAll(LINK)].map(([, inText, inTag]) => {
      const [path, anchor] = (inText ?? inTag!).split("#") as [string, string?];
      const target = path === "" ? join(unpacked, page) : resolve(dirname(join(unpacked, page)), path);
      return { page, target, anchor };
    }),
  );
  const code = files().filter((file) => file.endsWith(".js"));
  const named = code.flatMap((file) =>
    [...readFileSync(join(unpacked, file), "utf8").matchAll(/\bdocs\/[\w/-]+\.md/g)].map(([page]) => ({
      ...{ page: file, target: join(unpacked, page), anchor: undefined },
    })),
  );
  expect(links.filter(({ anchor }) => anchor !== undefined).length).toBeGreaterThan(3);
  expect(named.length).toBeGreaterThan(0);
  const broken = [...links, ...named].filter(
    ({ target, anchor }) =>
      !target.startsWith(unpacked) ||
      !existsSync(target) ||
      (anchor !== undefined && !anchors(target).has(anchor)),
  );
  expect(broken).toEqual([]);
});

test("is no larger than it may be", () => {
  const sizes = files().map((file) => statSync(join(unpacked, file)).size);
  const packed = {
    size: statSync(tarball()).size,
    unpackedSize: sizes.reduce((sum, size) => sum + size, 0),
    entryCount: sizes.length,
  };
  const measures = Object.keys(BUDGET) as (keyof typeof BUDGET)[];
  process.stdout.write(
    `package: ${measures.map((measure) => `${measure} ${packed[measure]} of ${BUDGET[measure]}`).join(", ")}\n`,
  );
  expect(measures.filter((measure) => packed[measure] > BUDGET[measure])).toEqual([]);
});

/** The packages that a part of the package requires, at once or on first use. */
const required = (part: string): readonly string[] => {
  const named = files(join("dist", part))
    .filter((file) => file.endsWith(".js"))
    .flatMap((file) =>
      [...readFileSync(join(unpacked, file), "utf8").matchAll(/\b(?:require|import)\("([^."][^"]*)"\)/g)].map(
        ([, name]) => name!,
      ),
    )
    .filter((name) => !/^(node:|pulumi-azureml\b)/.test(name) && !builtinModules.includes(name))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
  return [...new Set(named)].sort();
};

// docs/decisions/002-runtime-dependencies.md
test("each part requires its own packages: the emulator none, the provider all that the package depends on", () => {
  const { dependencies } = JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8")) as {
    dependencies: object;
  };
  expect(
    Object.fromEntries(
      ["cli", "emulator", "kubernetes", "provider", "sdk"].map((part) => [part, required(part)]),
    ),
  ).toEqual({
    cli: [],
    emulator: [],
    // The host's own copy of @pulumi/pulumi, and azure-native where it is installed, are looked up at run time.
    kubernetes: ["@pulumi/pulumi"],
    provider: Object.keys(dependencies).sort(),
    sdk: ["@pulumi/pulumi"],
  });
});

test("the emulator starts without any other package, and the provider loads with fastest-levenshtein alone", async () => {
  const emulator = await startEmulatorProcess(unpacked, []);
  await emulator.stop();
  const loads = () =>
    run(process.execPath, ["-p", "typeof require('./dist/provider').aksWebservice.create"], {
      folder: unpacked,
      env: environment(),
    });
  expect((await loads()).printed).toContain("Cannot find module 'fastest-levenshtein'");
  const [from, to] = [repository(), unpacked].map((folder) =>
    join(folder, "node_modules", "fastest-levenshtein"),
  );
  cpSync(from!, to!, { recursive: true });
  expect(await loads()).toEqual({ status: 0, printed: "function\n" });
});
