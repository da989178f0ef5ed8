import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findPulumi } from "../test/harness/engines/pulumi";
import { repository } from "../test/harness/project-folder";
import { openKept } from "../test/states/kept";
import { runProgram } from "./program";

/** Writes down the state that this version makes under the real engine, for later ones to read: `npm run states`. */
async function main(): Promise<number> {
  if (findPulumi() === undefined) throw new Error("no Pulumi CLI on PATH; `npm run engine` builds one");
  const manifest = readFileSync(join(repository(), "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const kept = await openKept();
  try {
    const { exitCode, text } = await kept.stack.up();
    if (exitCode !== 0) throw new Error(text);
    await kept.keep(version);
  } finally {
    await kept.close();
  }
  console.log(`test/states/${version} is written; commit it.`);
  return 0;
}

runProgram("states", main);
