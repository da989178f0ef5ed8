import { writeFileSync } from "node:fs";
import { join } from "node:path";

// Loaded before anything else into each Node.js process of one command (see provider-kill.ts): the engines do not tell
// the process id of the provider that they start.
const folder = process.env["DEMO_PROVIDERS"];
if (folder !== undefined && process.argv[1]?.includes("dynamic-provider"))
  writeFileSync(join(folder, String(process.pid)), "");
