import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "./files";

const root = join(__dirname, "..", "..", "..");
for (const [path, text] of Object.entries(generatedFiles())) {
  writeFileSync(join(root, path), text);
  console.log(`wrote ${path}`);
}
