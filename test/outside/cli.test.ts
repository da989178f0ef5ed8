import { existsSync } from "node:fs";
import { join } from "node:path";
import { startEmulatorProcess } from "../harness/emulator-process";
import { must, run } from "../harness/run";
import { environment, npmInstall, outsideFolder, removeFolder, tarball, version, write } from "./packed";

jest.setTimeout(600_000);

const root = outsideFolder();
afterAll(() => removeFolder(root));

test("npx pulumi-azureml of the installed package writes a program that type-checks", async () => {
  const folder = join(root, "cli");
  const dependencies = { "@pulumi/pulumi": "^3.216.0", "pulumi-azureml": `file:${tarball()}` };
  const devDependencies = { "@types/node": "^20.0.0", typescript: "^5.9.0" };
  write(folder, {
    "package.json": JSON.stringify({ name: "cli", private: true, dependencies, devDependencies }),
  });
  await npmInstall(folder);
  const program = (env: NodeJS.ProcessEnv, ...args: readonly string[]) =>
    run("npx", ["--no-install", "pulumi-azureml", ...args], { folder, env: { ...environment(), ...env } });
  expect(await program({}, "import", "--help")).toMatchObject({
    status: 0,
    printed: expect.stringContaining("Usage: pulumi-azureml import --out DIR") as unknown,
  });
  expect(await program({}, "--version")).toMatchObject({ status: 0, printed: `${version()}\n` });
  const seed = { services: [{ name: "fraud", computeType: "AKS", computeName: "aks-prod" }] };
  write(folder, {
    "seed.json": JSON.stringify(seed),
    "score.py": "from azureml.core import Model\n\ndef init(): pass\n\ndef run(data): return data\n",
  });
  const emulator = await startEmulatorProcess(join(folder, "node_modules", "pulumi-azureml"), [
    "--seed",
    join(folder, "seed.json"),
  ]);
  const env = {
    AZUREML_DISCOVERY_URL: emulator.discoveryUrl,
    AZUREML_ACCESS_TOKEN: emulator.accessToken,
    AZUREML_WORKSPACE_ID: emulator.workspaceId,
  };
  const [imported, assessed] = await Promise.all([
    program(env, "import", "--out", "adopted"),
    program(env, "assess", "--compute", "k8s", "--format", "markdown"),
  ]).finally(() => emulator.stop());
  expect(assessed).toMatchObject({
    status: 2,
    printed: expect.stringContaining("### fraud: needs a decision") as unknown,
  });
  expect(await program({}, "check-script", "score.py")).toMatchObject({
    status: 2,
    printed: expect.stringContaining("score.py:1: breaks (azureml-core)") as unknown,
  });
  expect(imported.status).toBe(0);
  expect(existsSync(join(folder, "adopted", "services", "aks-prod.ts"))).toBe(true);
  // Its packages are found in the folder above.
  const compiler = join(folder, "node_modules", "typescript", "bin", "tsc");
  await must(process.execPath, [compiler, "--noEmit", "--project", "adopted"], {
    folder,
    env: environment(),
  });
});
