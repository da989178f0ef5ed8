import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { startArm, type Arm } from "../arm/arm";
import { findPulumi } from "../harness/engines/pulumi";
import { FRAUD } from "../harness/seeded-fraud";
import { forgetOwnSettings } from "../harness/session";
import { isChange, nameOf, openWorkspace, type Call } from "../harness/workspace";
import { commandsOf, readersEnvironment, readersFolder, removeFolder, shell } from "./page";

jest.setTimeout(900_000);
forgetOwnSettings();

let emulator: Emulator;
let arm: Arm;
let root: string;
beforeAll(async () => {
  emulator = await startEmulator({ operationTime: 10, seed: { services: [FRAUD] } });
  arm = await startArm({ workspaceId: emulator.workspaceId });
  root = readersFolder();
});
afterAll(async () => {
  removeFolder(root);
  await arm.close();
  await emulator.close();
});

const changes = (): readonly string[] =>
  (emulator.requests() as unknown as readonly Call[]).filter(isChange).map(nameOf);

(findPulumi() ? test : test.skip)(
  `docs/leaving.md from its first command to its last${findPulumi() ? "" : " (skipped: no Pulumi CLI)"}`,
  async () => {
    const commands = commandsOf("leaving.md", emulator);
    const env = {
      ...readersEnvironment(root, emulator, arm),
      AZUREML_NEW_KEY: (await openWorkspace(emulator).keys("fraud")).primaryKey,
    };
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
