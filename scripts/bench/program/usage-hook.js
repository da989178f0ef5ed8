/* global setInterval */
const { renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

// Loaded first into each Node.js process that the engine starts: neither engine tells what its processes have used.
const folder = process.env.BENCH_NOTES;
const roles = { "dynamic-provider": "provider", "cmd/run": "program" };
const started = process.argv[1] ?? "";
const role = Object.keys(roles).find((part) => started.includes(part));

if (folder !== undefined && role !== undefined) {
  const file = join(folder, `${process.pid}.${roles[role]}.json`);
  const note = () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeFileSync(
      `${file}.new`,
      JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMb: maxRSS / 1024 }),
    );
    renameSync(`${file}.new`, file);
  };
  // A provider is ended by a signal, at which nothing of it runs any more.
  setInterval(note, 100).unref();
  process.on("exit", note);
}
