import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { findPulumi } from "../harness/engines/pulumi";
import { exampleFolder, forgetOwnSettings } from "../harness/session";
import { isChange, nameOf, type Call } from "../harness/workspace";
import { adopted } from "./examples/table";
import { commandsOf, linkModules, readersEnvironment, readersFolder, removeFolder, shell } from "./page";

// The pages of docs/ that say how to reach a goal, but leaving.md: each of their commands. That one has a test of its own.

jest.setTimeout(600_000);
forgetOwnSettings();

const cli = findPulumi() !== undefined;

interface Reader {
  readonly root: string;
  readonly emulator: Emulator;
  /** What Azure Resource Manager was sent, by path. */
  readonly sent: ReadonlyMap<string, unknown>;
  readonly run: (lines: readonly string[], folder?: string) => Promise<string>;
  /** What was sent to the workspace and changes something. */
  readonly changes: () => readonly string[];
}

/** Keeps what it is sent, and gives it back. */
const startStore = async () => {
  const sent = new Map<string, unknown>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = new URL(request.url ?? "/", "http://localhost").pathname;
      if (request.method === "PUT") sent.set(path, JSON.parse(Buffer.concat(chunks).toString("utf8")));
      response.writeHead(sent.has(path) ? 200 : 404).end(JSON.stringify(sent.get(path) ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    });
  return { sent, close, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

/** A page that is run by a reader who has an emulated workspace. */
const testPage = (
  page: string,
  use: (reader: Reader, commands: readonly string[]) => Promise<void>,
  services: readonly Readonly<Record<string, unknown>>[] = [],
): void =>
  (cli ? test : test.skip)(`docs/${page}${cli ? "" : " (skipped: no Pulumi CLI)"}`, async () => {
    const emulator = await startEmulator({ operationTime: 10, seed: { services: [...services] } });
    const store = await startStore();
    const root = readersFolder();
    try {
      const env = readersEnvironment(root, emulator, store);
      const commands = commandsOf(page, emulator);
      expect(commands.length).toBeGreaterThan(0);
      const run: Reader["run"] = (lines, folder = ".") => shell(lines, join(root, folder), env);
      const changes = () => (emulator.requests() as unknown as readonly Call[]).filter(isChange).map(nameOf);
      await use({ root, emulator, run, changes, sent: store.sent }, commands);
    } finally {
      removeFolder(root);
      await store.close();
      await emulator.close();
    }
  });

/** A Pulumi project whose program makes a service, or says what `index` says. */
const writeProject = (root: string, name: string, index: string): void => {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true, main: "index.js" }));
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n`,
  );
  writeFileSync(join(folder, "index.js"), `const azureml = require("pulumi-azureml");\n${index}\n`);
};

/** examples/environments as a project with node_modules of its own, and its stack. */
const environments = async ({ root, emulator, run }: Reader, stack: string): Promise<void> => {
  cpSync(exampleFolder("environments"), join(root, "scoring"), { recursive: true });
  linkModules(join(root, "scoring"));
  await run(
    [
      `pulumi stack init ${stack}`,
      `pulumi config set azureml:workspaceId ${emulator.workspaceId}`,
      "pulumi config rm platformStack",
      "pulumi config set computeTargetName aks",
    ],
    "scoring",
  );
};

testPage(
  "adopting.md",
  async ({ root, run, changes }, commands) => {
    const printed = await run(commands);
    expect(printed).toMatch(/Services +2\n/);
    expect(readFileSync(join(root, "services", "services", "risk.ts"), "utf8")).toContain("adopt: true");
    expect(printed.split("$ pulumi up").at(-1)).toContain("3 unchanged");
    const isDryRun = (call: string) => call.startsWith("POST services/validate");
    expect(changes().filter((call) => !isDryRun(call))).toEqual([]);
  },
  adopted,
);

testPage("environments.md", async ({ run, changes, emulator }, commands) => {
  await run(commands);
  expect(changes()).toEqual(["POST services", "PATCH services/fraud-dev", "POST services"]);
  const last = emulator
    .requests()
    .findLast(({ method, path }) => method === "POST" && path.endsWith("/services"));
  expect(last?.body).toMatchObject({
    name: "fraud-staging",
    environmentImageRequest: { modelIds: ["fraud:8"] },
  });
});

testPage("pull-requests.md", async (reader, commands) => {
  await environments(reader, "dev");
  await reader.run(["pulumi up"], "scoring");
  const before = reader.changes();
  await reader.run(commands, "scoring");
  expect(reader.changes()).toEqual(before);
  expect(readFileSync(join(reader.root, "scoring", "preview.txt"), "utf8")).toContain("unchanged");
});

testPage("policies.md", async (reader, commands) => {
  await environments(reader, "prod");
  const printed = await reader.run(commands);
  expect(printed).toContain("web-services-in-production");
  expect(reader.changes()).toEqual(["POST services"]);
});

testPage("keys.md", async ({ run, changes, sent }, commands) => {
  const path =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/ml/providers/Microsoft.KeyVault/vaults/ml-prod/secrets/";
  const kept = (which: string): unknown => sent.get(`${path}fraud-${which}-key`);
  const second = commands.findIndex((line) => line.includes("secondaryKey"));
  await run(commands.slice(0, second));
  const before = [kept("primary"), kept("secondary")];
  await run(commands.slice(second), "keys");
  expect(changes()).toEqual(["POST services", "POST services/fraud/regenerateKeys"]);
  expect(kept("primary")).toEqual(before[0]);
  expect(kept("secondary")).toEqual({
    properties: { value: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown },
  });
  expect(kept("secondary")).not.toEqual(before[1]);
});

testPage("handing-over.md", async ({ root, run, changes, emulator }, commands) => {
  const service = (name: string, options = "") =>
    `new azureml.AksWebservice("${name}", { serviceName: "fraud", computeTargetName: "aks-prod", models: ["fraud:7"] }${options});`;
  const settings = `pulumi config set azureml:workspaceId ${emulator.workspaceId}`;
  writeProject(root, "old", service("old-fraud"));
  writeProject(root, "new", "");
  await run(["pulumi stack init prod", settings], "new");
  await run(["pulumi stack init production", settings, "pulumi up"], "old");
  const made = changes();

  // The resource has another name, and its stack one too.
  writeProject(root, "old", service("fraud", ', { aliases: [{ name: "old-fraud" }] }'));
  const move = commands.findIndex((line) => line.includes("state move"));
  expect(await run(commands.slice(0, move), "old")).toContain("2 unchanged");
  await run(["pulumi up"], "old");

  // The resource goes to the other program, with its state.
  writeProject(root, "new", service("fraud"));
  writeProject(root, "old", "");
  const urn = `URN='urn:pulumi:prod::old::pulumi-nodejs:dynamic/azureml:AksWebservice::fraud'`;
  const moved = await run([urn, ...commands.slice(move)], "old");
  expect(moved.split("$ pulumi preview").at(-1)).not.toMatch(/\d to (create|replace|delete)/);
  expect(await run(["pulumi up"], "old")).not.toMatch(/deleted/);
  await run(["pulumi up"], "new");
  expect(changes()).toEqual(made);
  await run(["pulumi destroy"], "new");
  expect(changes()).toEqual([...made, "DELETE services/fraud"]);
});
