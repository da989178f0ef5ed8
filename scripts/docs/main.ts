import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pulumiEngine, findPulumi } from "../engines/pulumi";
import { rehearsalEngine } from "../engines/rehearsal";
import { repository } from "../demo/project-folder";
import { excerpt, withBlock } from "./blocks";
import { previewsUnder } from "./previews";
import { shown } from "./verdicts";

/** Writes the previews in docs/concepts.md anew. The CLI's stay as they are where there is no CLI. */
async function main(): Promise<void> {
  if (!findPulumi()) throw new Error("NoCli: the page shows both engines; put the Pulumi CLI on PATH.");
  const page = join(repository(), "docs", "concepts.md");
  const [cli, rehearsal] = [await previewsUnder(pulumiEngine), await previewsUnder(rehearsalEngine)];
  const text = shown.reduce(
    (all, { name }) =>
      withBlock(
        all,
        `preview:${name}`,
        [excerpt("The Pulumi CLI", cli[name]!), excerpt("The rehearsal engine", rehearsal[name]!)].join(
          "\n\n",
        ),
      ),
    readFileSync(page, "utf8"),
  );
  writeFileSync(page, text);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
