import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { repository } from "../../test/harness/project-folder";
import { must } from "../../test/harness/run";
import { runProgram } from "../program";
import { findings, isProblem, reportOf, type Facts, type Packed } from "./checks";

const root = repository();
const textOf = (file: string): string => readFileSync(join(root, file), "utf8");

/** What a command prints; what it says beside is shown only when it fails. */
const printed = async (command: string, ...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)(command, args, { cwd: root, maxBuffer: 1 << 26 })).stdout;

const facts = async (): Promise<Facts> => {
  const manifest = JSON.parse(textOf("package.json")) as Record<string, unknown>;
  const [status, committed, packed, isPublished] = await Promise.all([
    printed("git", "status", "--porcelain"),
    printed("git", "log", "-1", "--format=%ct"),
    // The build is fresh: this program is part of it.
    printed("npm", "pack", "--dry-run", "--json", "--ignore-scripts"),
    published(`${String(manifest["name"])}@${String(manifest["version"])}`),
  ]);
  return {
    manifest,
    changed: status.split("\n").flatMap((line) => (line === "" ? [] : [line.slice(3)])),
    changelog: textOf("CHANGELOG.md"),
    committedAt: Number(committed) * 1000,
    reports: reportsIn(join(root, "reports")),
    packed: (JSON.parse(packed) as [Packed])[0],
    isPublished,
  };
};

/** A registry that refuses, or is not there, says nothing. */
const published = async (version: string): Promise<boolean | undefined> => {
  try {
    return (await printed("npm", "view", version, "version", "--json")).trim() !== "";
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: unknown; stderr?: unknown };
    return /\bE404\b/.test(`${String(stdout)}${String(stderr)}`) ? false : undefined;
  }
};

const reportsIn = (folder: string): Facts["reports"] =>
  Object.fromEntries(
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter((file) => file.endsWith(".json"))
      .map((file) => {
        const path = join(folder, file);
        return [file, reportOf(readFileSync(path, "utf8"), statSync(path).mtimeMs)] as const;
      }),
  );

/**
 * Publishes with provenance, when nothing stands in the way: `npm run release`. With `--dry-run` everything but the upload is done,
 * and what is only due on the day of the release is named and fails nothing.
 */
async function main(args: readonly string[]): Promise<number> {
  const isDry = args.includes("--dry-run");
  const gathered = await facts();
  const { size, unpackedSize, entryCount } = gathered.packed;
  console.log(`packed ${size} bytes, unpacked ${unpackedSize}, ${entryCount} files`);
  const all = findings(gathered);
  for (const finding of all)
    console.log(`${isProblem(finding, isDry) ? "PROBLEM" : "NOT YET"}  ${finding.code}: ${finding.text}`);
  if (all.some((finding) => isProblem(finding, isDry))) return 1;
  // npm's own dry run asks for neither a login nor the network; provenance is a matter of the CI that publishes.
  const flags = isDry ? ["--dry-run", "--ignore-scripts", "--offline"] : ["--provenance"];
  await must("npm", ["publish", "--access", "public", ...flags], { folder: root, env: process.env });
  console.log(isDry ? "dry run: npm would publish" : "published");
  return 0;
}

runProgram("release", main);
