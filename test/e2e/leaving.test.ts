import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { startArm, type Arm } from "../arm/arm";
import { standInEnvironment } from "../arm/stand-in";
import { envFor } from "../cli/run";
import { findPulumi } from "../harness/engines/pulumi";
import { repository } from "../harness/project-folder";
import { forgetOwnSettings } from "../harness/session";
import { isChange, nameOf, openWorkspace, type Call } from "../harness/workspace";

// docs/leaving.md, word for word: each of its commands, one after the other, in one shell.

jest.setTimeout(900_000);
forgetOwnSettings();

const page = readFileSync(join(repository(), "docs", "leaving.md"), "utf8");

/** The commands of the page; a line each. */
const commands = [...page.matchAll(/```sh\n([^]*?)\n```/g)].flatMap(([, block = ""]) => block.split("\n"));

/** What ends with another status than 0 where there is something to look at. */
const FINDINGS: readonly (readonly [RegExp, number])[] = [
  [/ (assess|check-script|migrate|snapshot|import) /, 2],
  // The emulated service answers with its own name.
  [/ compare /, 1],
];

const FRAUD = {
  name: "fraud",
  computeType: "AKS",
  computeName: "aks-prod",
  environmentImageRequest: {
    driverProgram: "score.py",
    modelIds: ["fraud:7"],
    assets: [{ id: "score.py", url: "aml://artifact/LocalUpload/fraud/score.py" }],
    environment: {
      name: "fraud-env",
      version: "3",
      environmentVariables: { AZUREML_ENTRY_SCRIPT: "score.py" },
    },
  },
  numReplicas: 2,
  autoScaler: { autoscaleEnabled: false },
  containerResourceRequirements: { cpu: 0.5, memoryInGB: 1 },
};

let emulator: Emulator;
let arm: Arm;
let root: string;
beforeAll(async () => {
  emulator = await startEmulator({ operationTime: 10, seed: { services: [FRAUD] } });
  arm = await startArm({ workspaceId: emulator.workspaceId });
  root = mkdtempSync(join(realpathSync(tmpdir()), "azureml-leaving-"));
  symlinkSync(join(repository(), "node_modules"), join(root, "node_modules"), "junction");
});
afterAll(async () => {
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  await arm.close();
  await emulator.close();
});

const command = (name: string, script: string): void => {
  const file = join(root, "bin", name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
};

/** Programs of the repository in place of what a user installs; of what is not there, a note that it was called. */
const environment = async (): Promise<NodeJS.ProcessEnv> => {
  mkdirSync(join(root, "bin"));
  mkdirSync(join(root, "backend"));
  const cli = join(repository(), "cli", "bin.js");
  const compiler = join(repository(), "node_modules", "typescript", "bin", "tsc");
  command(
    "npx",
    `tool=$1; shift; case $tool in pulumi-azureml) exec node '${cli}' "$@";; tsc) exec node '${compiler}' "$@";; esac; exit 127`,
  );
  command("npm", "exit 0");
  for (const name of ["kubectl", "nginx"]) command(name, `echo "${name} $*" >> '${join(root, "called")}'`);
  command(
    "jq",
    `exec node -e 'let text = ""; process.stdin.on("data", (part) => (text += part)).on("end", () => console.log(JSON.parse(text)[process.argv[1].slice(1)]))' "$2"`,
  );
  const path = [join(root, "bin"), process.env["PATH"]].join(delimiter);
  return {
    ...process.env,
    ...envFor(emulator),
    ...standInEnvironment(root, arm, path),
    AZUREML_NEW_KEY: (await openWorkspace(emulator).keys("fraud")).primaryKey,
    PULUMI_BACKEND_URL: `file://${join(root, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
};

/** Runs lines in one shell, which ends at the first that fails. */
const shell = (lines: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> => {
  const each = lines.map((line) => {
    const allowed = FINDINGS.find(([pattern]) => pattern.test(`${line} `))?.[1] ?? 0;
    return `echo '$ ${line.replaceAll("'", "’")}'\n${line} || { ended=$?; [ $ended = ${allowed} ] || { echo "ended with $ended"; exit 9; }; }`;
  });
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["--noprofile", "--norc", "-c", each.join("\n")], { cwd, env });
    let printed = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
    child.on("error", reject);
    child.on("close", (status) =>
      status === 0 ? resolve(printed) : reject(new Error(`ended with ${String(status)}:\n${printed}`)),
    );
  });
};

const changes = (): readonly string[] =>
  (emulator.requests() as unknown as readonly Call[]).filter(isChange).map(nameOf);

(findPulumi() ? test : test.skip)(
  `docs/leaving.md from its first command to its last${findPulumi() ? "" : " (skipped: no Pulumi CLI)"}`,
  async () => {
    const env = await environment();
    mkdirSync(join(root, "src"));
    writeFileSync(
      join(root, "src", "score.py"),
      "def init():\n    pass\n\n\ndef run(data):\n    return data\n",
    );
    // The services are adopted already.
    await shell(
      [
        "npx pulumi-azureml import --out services",
        "cd services",
        "pulumi stack init prod",
        "pulumi up --yes",
      ],
      root,
      env,
    );
    const last = commands.lastIndexOf("cd ../services");
    expect(last).toBeGreaterThan(20);
    writeFileSync(join(root, "fraud.jsonl"), '{"amount":1}\n{"amount":2}\n');
    const [before, after] = [commands.slice(0, last), commands.slice(last)];
    const recorded = "mkdir -p recorded && cp ../fraud.jsonl recorded/fraud.jsonl";
    const cd = before.indexOf("cd endpoints");
    const printed = await shell([...before.slice(0, cd + 1), recorded, ...before.slice(cd + 1)], root, env);
    expect(printed).toContain("$ npx pulumi-azureml compare");
    // Those of `compare`; the key that it needs is read.
    const scored = ["POST api/v1/service/fraud/score", "POST api/v1/service/fraud/score"];
    expect(changes()).toEqual(scored);
    expect(arm.endpoints()).toEqual(["fraud"]);
    expect(arm.traffic("fraud")).toEqual({ blue: 100 });
    const files = join(root, "endpoints");
    expect(readFileSync(join(root, "called"), "utf8").split("\n").slice(0, 2)).toEqual([
      "kubectl apply -f instance-types.yaml",
      "nginx -s reload",
    ]);
    expect(readFileSync(join(files, "callers.csv"), "utf8")).toContain("fraud");
    // As the page says: the options go, `deleteAdopted: true` comes; then the resource goes.
    const file = join(root, "services", "services", "aks-prod.ts");
    const text = readFileSync(file, "utf8");
    const adopted = text
      .replace(/adopt: true,/, "adopt: true, deleteAdopted: true,")
      .replace(/\{ protect: true, retainOnDelete: true \}/, "{}");
    expect(adopted).toContain("{}");
    writeFileSync(file, adopted);
    await shell(after, files, env);
    expect(changes()).toEqual(scored);
    writeFileSync(file, "export {};\n");
    await shell(["pulumi up --yes"], join(root, "services"), env);
    expect(changes()).toEqual([...scored, "DELETE services/fraud"]);
    expect(arm.endpoints()).toEqual(["fraud"]);
  },
);
