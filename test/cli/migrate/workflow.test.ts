import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { repository } from "../../harness/project-folder";
import { ownFolder } from "../../harness/own-folder";

const folder = ownFolder();
const file = join(repository(), "examples", "cut-over", ".github", "workflows", "cut-over.yml");
const text = readFileSync(file, "utf8");
const { jobs } = parse(text) as { jobs: Record<string, { steps: { name?: string; run?: string }[] }> };
const gate = jobs["compare"]!.steps.find(({ name }) => name?.startsWith("Compare"))!.run!;

/** Runs the gate as GitHub would; `compare` of the services named here finds differences. */
const run = (services: object, different: readonly string[] = []) => {
  const program = (name: string, script: string): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const endpoints = JSON.stringify({ fraud: "http://new/fraud", churn: "http://new/churn" });
  program(
    "pulumi",
    `case "$1" in config) echo '${JSON.stringify(services)}';; stack) echo '${endpoints}';; esac`,
  );
  const fails = different.map((name) => `*"--old ${name} "*) exit 1;;`).join(" ");
  program("npx", `echo "$@" >> calls; case "$* " in ${fails} *) exit 0;; esac`);
  writeFileSync(join(folder, "calls"), "");
  const { status } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", gate], {
    cwd: folder,
    env: {
      PATH: `${folder}${delimiter}${process.env["PATH"]}`,
      STACK: "acme/prod",
      GITHUB_STEP_SUMMARY: join(folder, "summary"),
    },
  });
  const calls = readFileSync(join(folder, "calls"), "utf8");
  return {
    status,
    compared: [...calls.matchAll(/--old (\S+) --new (\S+)/g)].map(([, old, to]) => [old, to]),
  };
};

test("the gate compares the services that are to get calls, and no other", () => {
  expect(run({ fraud: { weight: 10 }, churn: { weight: 0 } })).toEqual({
    status: 0,
    compared: [["fraud", "http://new/fraud"]],
  });
  expect(run({ fraud: { weight: 0 }, churn: { weight: 100, retired: true } })).toEqual({
    status: 0,
    compared: [],
  });
});

test("one difference closes the gate, and the other services are compared all the same", () => {
  expect(run({ fraud: { weight: 10 }, churn: { weight: 20 } }, ["fraud"])).toEqual({
    status: 1,
    compared: [
      ["fraud", "http://new/fraud"],
      ["churn", "http://new/churn"],
    ],
  });
});

test("it holds no secret", () => expect(text).not.toMatch(/secrets\.|PASSWORD|CLIENT_SECRET/));
