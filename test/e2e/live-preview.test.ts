import { startEmulator, type Emulator } from "../../emulator";
import type { EngineStack } from "../harness/engines/engine";
import { pulumiEngine } from "../harness/engines/pulumi";
import { engineRows, named, withCli } from "../harness/engines/rows";
import { ownProject } from "../harness/own-folder";
import { copyProject } from "../harness/project-folder";
import { forgetOwnSettings } from "../harness/session";
import { callWorkspace } from "../harness/workspace";

jest.setTimeout(600_000);
forgetOwnSettings();

const SERVICES = 40;

/** As many services as a large team has; the second program changes each, the third names two alike. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const azureml = require("pulumi-azureml");
const config = new pulumi.Config();
for (let n = 0; n < ${SERVICES}; n += 1)
  new azureml.AksWebservice("svc-" + n, {
    computeTargetName: "aks-prod", models: ["fraud:7"], numReplicas: 2, tags: { release: config.require("release") },
  });
if (config.getBoolean("twice"))
  new azureml.AksWebservice("other", { computeTargetName: "aks-prod", models: ["fraud:7"], serviceName: "svc-7" });
`;

const folder = ownProject("many", PROGRAM);

/** What was asked of the workspace, without its address: "GET /services", how often. */
const asked = (emulator: Emulator): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { method, path } of emulator.requests()) {
    const key = `${method} ${path.replace(/^.*\/workspaces\/[^/]+/, "")}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  emulator.clearRequests();
  return counts;
};

const DISCOVERY = "GET /discovery";

describe.each(engineRows)("under $name", ({ engine, run }) => {
  let emulator: Emulator;
  let stack: EngineStack;
  let close: () => Promise<void>;

  const open = async () => {
    emulator = await startEmulator({ operationTime: 10 });
    const project = copyProject(folder);
    stack = await engine.open({
      projectDir: project.project,
      workDir: project.engine,
      stack: "prod",
      passphrase: "x",
      env: { AZUREML_DISCOVERY_URL: emulator.discoveryUrl, AZUREML_ACCESS_TOKEN: emulator.accessToken },
    });
    close = async () => {
      await stack.close();
      project.remove();
      await emulator.close();
    };
    await stack.setConfig({ "azureml:workspaceId": emulator.workspaceId, "many:release": "1" });
  };

  /** Runs a preview; says what it asked, and prints how long it took. */
  const previewed = async (what: string, live: boolean) => {
    await stack.setConfig({ "azureml:livePreview": String(live) });
    emulator.clearRequests();
    const start = performance.now();
    const result = await stack.preview();
    const seconds = (performance.now() - start) / 1000;
    const counts = asked(emulator);
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    process.stdout.write(
      `${engine.name}: ${live ? "live" : "default"} preview of ${SERVICES} services, ${what}: ${total} requests, ${seconds.toFixed(1)} s\n`,
    );
    return { ...result, counts };
  };

  const edit = (name: string, path: string, value: unknown) =>
    callWorkspace(emulator, "PATCH", `/services/${name}`, [{ op: "replace", path, value }]);

  run(
    "forty services cost one list and their validations; drift, refusals and open doors are on their rows",
    async () => {
      await open();
      try {
        expect((await previewed("all new", false)).counts).toEqual({});
        const fresh = await previewed("all new", true);
        expect([fresh.exitCode, fresh.counts]).toEqual([
          0,
          {
            [DISCOVERY]: 1,
            "GET /services": 1,
            "POST /services/validate": SERVICES,
            "POST /services/validate/resource": SERVICES,
          },
        ]);
        // One process may serve the preview and the update after it: names are not taken for twice given.
        // (The rehearsal has no preview before an update.)
        const up = await stack.up({ flags: engine.name === "pulumi" ? { withPreview: true } : {} });
        process.stdout.write(
          `${engine.name}: the first up, with its own preview under the CLI: ${asked(emulator)["GET /services"]} lists\n`,
        );
        expect([up.exitCode, up.changes]).toEqual([0, expect.objectContaining({ create: SERVICES + 1 })]);

        expect((await edit("svc-7", "/numReplicas", 8)).status).toBe(202);
        expect((await previewed("none changed", false)).counts).toEqual({});
        const unchanged = await previewed("none changed", true);
        expect([unchanged.exitCode, unchanged.counts]).toEqual([0, { [DISCOVERY]: 1, "GET /services": 1 }]);
        expect(unchanged.text).toContain(
          "svc-7: numReplicas is 8 on the live service, the program says 2; `pulumi refresh` shows it, `pulumi up` then heals it.",
        );

        await stack.setConfig({ "many:release": "2" });
        const changed = await previewed("all changed", true);
        expect([changed.exitCode, changed.counts]).toEqual([
          0,
          { [DISCOVERY]: 1, "GET /services": 1, "POST /services/validate": SERVICES },
        ]);

        await stack.setConfig({ "many:twice": "true" });
        const twice = await previewed("two of one name", false);
        expect(twice.exitCode).not.toBe(0);
        expect(twice.text).toMatch(/found "svc-7" for "(other" and "svc-7|svc-7" and "other)"/);
        expect((await stack.destroy()).exitCode).toBe(0);
      } finally {
        await close();
      }
    },
  );
});

withCli(named("the nightly report's command tells drift by its exit code, and changes nothing"), async () => {
  const emulator = await startEmulator({ operationTime: 10 });
  const project = copyProject(folder);
  const stack = await pulumiEngine.open({
    projectDir: project.project,
    workDir: project.engine,
    stack: "prod",
    passphrase: "x",
    env: { AZUREML_DISCOVERY_URL: emulator.discoveryUrl, AZUREML_ACCESS_TOKEN: emulator.accessToken },
  });
  try {
    await stack.setConfig({ "azureml:workspaceId": emulator.workspaceId, "many:release": "1" });
    expect((await stack.up()).exitCode).toBe(0);
    const report = () => stack.refresh({ flags: { previewOnly: true, expectNoChanges: true } });
    const before = await stack.exportState();
    const made = (before.stored.resources ?? []).filter(({ type }) => String(type).includes("AksWebservice"));
    // The line of the program that made them, which Pulumi finds by a stack trace.
    expect(made.map(({ sourcePosition }) => sourcePosition)).toEqual(
      Array.from({ length: SERVICES }, () => "project:///index.js#6,3"),
    );
    expect((await report()).exitCode).toBe(0);
    const edited = await callWorkspace(emulator, "PATCH", "/services/svc-3", [
      { op: "replace", path: "/kvTags", value: { release: "9" } },
    ]);
    expect(edited.status).toBe(200);
    const drifted = await report();
    expect(drifted.exitCode).not.toBe(0);
    expect(drifted.text).toMatch(/release.*"1" => "9"/);
    expect(await stack.exportState()).toEqual(before);
    expect((await stack.destroy()).exitCode).toBe(0);
  } finally {
    await stack.close();
    project.remove();
    await emulator.close();
  }
});
