import { existsSync } from "node:fs";
import { join } from "node:path";

/** Compiled, also when this file runs from its source. */
const FILE = join(
  __dirname,
  __filename.endsWith(".ts") ? "../../dist/rehearsal/host" : ".",
  "late-modules.js",
);

/** What makes a Node.js process of the SDK start in a third of its time; nothing before the first build. */
export const LATE_MODULES: readonly string[] = existsSync(FILE) ? ["--require", FILE] : [];
