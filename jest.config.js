/** One project per kind of test, so that each kind has a command of its own. */
const project = (name, ...folders) => ({
  displayName: name,
  rootDir: __dirname,
  testEnvironment: "node",
  testMatch: folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/node_modules/pulumi-azureml/"],
});

module.exports = {
  // Generous: no test's verdict is a matter of time.
  testTimeout: 60_000,
  // For `test.concurrent`: on a small machine more would only wait for one another.
  maxConcurrency: 2,
  // Most tests wait for processes and servers: on a small machine one worker for each processor is not too many.
  maxWorkers: "100%",
  projects: [
    project(
      "unit",
      ...["provider", "sdk", "cli", "emulator", "rehearsal", "tools", "scripts"],
      ...["harness", "conformance", "crossed", "parity", "faults", "kubernetes", "judge"],
    ),
    project("contract", "contract"),
    project("lifecycle", "lifecycle", "promises"),
    project("e2e", "e2e"),
    project("outside", "outside"),
  ],
};
