import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exampleFolder, openSession, workspaceConfig, type Session } from "../harness/session";
import type { Engine, RunResult } from "../harness/engines/engine";
import { findPulumi, pulumiEngine } from "../harness/engines/pulumi";
import { rehearsalEngine } from "../harness/engines/rehearsal";

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

const succeeded = (result: RunResult): RunResult => {
  if (result.exitCode !== 0) throw new Error(result.text);
  return result;
};

const open = async (engine: Engine, folder: string): Promise<Session> => {
  const session = await openSession(engine, exampleFolder("quickstart"));
  session.folder.take(folder);
  await session.stack.setConfig(workspaceConfig(session));
  return session;
};

/** What a team sees on its way out, step by step. */
const migrates = async ({ stack, folder }: Session): Promise<void> => {
  const set = (name: string, value: string) => stack.setConfig({ [`${folder.name}:${name}`]: value });
  succeeded(await stack.up());
  const before = await stack.outputs();

  await set("migrateTo", "k8s-prod");
  const preview = succeeded(await stack.preview());
  expect(preview.text).toMatch(/k8s-prod.*CANNOT BE UNDONE/);
  expect(preview.changes).toMatchObject({ update: 1 });

  succeeded(await stack.up());
  expect(await stack.outputs()).toEqual({ ...before, state: "Migrated" });

  for (const operation of [stack.preview, stack.up, stack.refresh, stack.preview] as const)
    expect(succeeded(await operation()).changes).toEqual({ same: 2 });

  await set("cpuCores", "2");
  const refused = await stack.preview();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.text).toMatch(/Immutable: cpuCores .*migrated.*pulumi state delete/);
};

describe("a program that migrates its service deploys, warns, migrates once, and stays as it is", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), "azureml-migration-"));
    writeFileSync(join(folder, "index.ts"), PROGRAM);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const under = async (engine: Engine): Promise<void> => {
    const session = await open(engine, folder);
    try {
      await migrates(session);
    } finally {
      await session.close();
    }
  };

  test("under the rehearsal", () => under(rehearsalEngine));

  const [withCli, why] = findPulumi() ? [test, ""] : [test.skip, " (skipped: no Pulumi CLI)"];
  withCli(`under the Pulumi CLI${why}`, () => under(pulumiEngine));
});
