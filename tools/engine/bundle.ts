import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Compiled by `npm run build`. */
const HOST = join(__dirname, __filename.endsWith(".ts") ? "../../dist/tools/engine" : ".", "language-host");

/** What decides what stands beside the CLI: the language host, and how it is put there. */
export const engineSources = (): readonly string[] =>
  [join(HOST, ".."), HOST].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".js"))
      .sort()
      .map((name) => join(folder, name)),
  );

/** Writes the language host and all that it imports into one file, so that it outlives this checkout. */
export async function bundleLanguageHost(file: string): Promise<void> {
  const { build } = await import("esbuild"); // late: most calls find the engine made
  await build({
    entryPoints: [join(HOST, "main.js")],
    outfile: file,
    bundle: true,
    platform: "node",
    target: "node20",
    logLevel: "warning",
  });
}
