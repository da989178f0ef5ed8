import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exampleFolder, openSession, type Session } from "../../scripts/demo/session";
import type { RunResult } from "../../scripts/engines/engine";
import { rehearsalEngine } from "../../scripts/engines/rehearsal";

jest.setTimeout(300_000);

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";
const config = new pulumi.Config();
const compute = config.get("migrateTo");
const service = new azureml.AksWebservice("fraud", {
  computeTargetName: "aks-prod",
  models: ["fraud:7"],
  cpuCores: config.getNumber("cpuCores") ?? 0.5,
  ...(compute ? { migrateTo: { computeTargetName: compute, acknowledgeIrreversible: true } } : {}),
});
export const state = service.state;
export const scoringUri = service.scoringUri;
`;

/** What a team sees on its way out, step by step, with the engine, the provider's process and the workspace. */
describe("a program that migrates its service", () => {
  let session: Session;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), "azureml-migration-"));
    writeFileSync(join(folder, "index.ts"), PROGRAM);
    session = await openSession(rehearsalEngine, exampleFolder("quickstart"));
    session.folder.take(folder);
    const { workspaceId, discoveryUrl, accessToken } = session.emulator();
    await session.stack.setConfig({
      "azureml:workspaceId": workspaceId,
      "azureml:discoveryUrl": discoveryUrl,
      "azureml:accessToken": { secret: accessToken },
    });
  });
  afterAll(async () => {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const succeeded = (result: RunResult): RunResult => {
    if (result.exitCode !== 0) throw new Error(result.text);
    return result;
  };
  const set = (values: Record<string, string>) => session.stack.setConfig(values);
  const key = (name: string): string => `${session.folder.name}:${name}`;

  it("deploys, warns, migrates once, and stays as it is", async () => {
    const { stack } = session;
    succeeded(await stack.up());
    const before = await stack.outputs();

    await set({ [key("migrateTo")]: "k8s-prod" });
    const preview = succeeded(await stack.preview());
    expect(preview.text).toMatch(/k8s-prod.*CANNOT BE UNDONE/);
    expect(preview.changes).toMatchObject({ update: 1 });

    succeeded(await stack.up());
    expect(await stack.outputs()).toEqual({ ...before, state: "Migrated" });

    for (const operation of [stack.preview, stack.up, stack.refresh, stack.preview] as const)
      expect(succeeded(await operation()).changes).toEqual({ same: 2 });

    await set({ [key("cpuCores")]: "2" });
    const refused = await stack.preview();
    expect(refused.exitCode).not.toBe(0);
    expect(refused.text).toMatch(/Immutable: cpuCores .*migrated.*pulumi state delete/);
  });
});
