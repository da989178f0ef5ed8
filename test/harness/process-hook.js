const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

// Loaded first into each Node.js process that the engine starts (see processes.ts): both engines take an environment only
// when a stack is opened, and neither tells the process id of the provider.
const folder = process.env["DEMO_PROCESSES"];
if (folder !== undefined) {
  const environment = join(folder, "environment.json");
  if (existsSync(environment)) Object.assign(process.env, JSON.parse(readFileSync(environment, "utf8")));
  if (process.argv[1]?.includes("dynamic-provider"))
    writeFileSync(join(folder, `${process.pid}.provider`), "");
}
