import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { named, withCli } from "../harness/engines/rows";
import { projectYaml } from "../harness/own-folder";
import { repository } from "../harness/project-folder";
import { callWorkspace } from "../harness/workspace";

// What renames, moves and hands over is the CLI's own: the rehearsal has none of these commands.

jest.setTimeout(600_000);

/** The program of project "ours", by how far the story has come. */
const OURS = `
const pulumi = require("@pulumi/pulumi");
const azureml = require("pulumi-azureml");
const step = Number(process.env.STEP);
const service = (name, serviceName, more, options) => new azureml.AksWebservice(name, {
  serviceName, computeTargetName: "aks-prod", models: ["fraud:7"], tags: { step: String(step) }, ...more,
}, options);

class Team extends pulumi.ComponentResource {
  constructor(name) { super("acme:index:Team", name); }
}

if (step === 1) {
  service("old-name", "renamed");
  service("parentless", "reparented");
} else {
  service("new-name", "renamed", {}, { aliases: [{ name: "old-name" }] });
  const parent = new Team("team");
  service("parentless", "reparented", {}, { parent, aliases: [{ parent: pulumi.rootStackResource }] });
}
if (step <= 2) service("moved", "moved");
service("handed", "handed", step >= 3 ? { adopt: true } : {});
`;

/** The program of project "other", which adopts a service first, and later gets another one with its state. */
const OTHER = `
const azureml = require("pulumi-azureml");
const step = Number(process.env.STEP);
const service = (name, more) => new azureml.AksWebservice(name, {
  serviceName: name, computeTargetName: "aks-prod", models: ["fraud:7"], tags: { by: "other" }, ...more,
});
if (step === 1) service("handed", { adopt: true });
if (step === 2) service("moved");
`;

let emulator: Emulator;
let root: string;

const project = (name: string, program: string): string => {
  const folder = join(root, name);
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  writeFileSync(join(folder, "index.js"), program);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true }));
  nameProject(folder, name);
  symlinkSync(repository(), join(folder, "node_modules", "pulumi-azureml"));
  symlinkSync(join(repository(), "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"));
  return folder;
};

const nameProject = (folder: string, name: string): void =>
  writeFileSync(join(folder, "Pulumi.yaml"), projectYaml(name));

const pulumi = async (folder: string, step: number, ...args: string[]): Promise<string> => {
  const child = spawn("pulumi", [...args, "--non-interactive"], {
    cwd: folder,
    env: {
      ...Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !/^(AZURE|ARM_|PULUMI_)/.test(name)),
      ),
      PULUMI_BACKEND_URL: `file://${root}`,
      PULUMI_HOME: join(root, "home"),
      PULUMI_CONFIG_PASSPHRASE: "a passphrase",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      NO_COLOR: "1",
      AZUREML_DISCOVERY_URL: emulator.discoveryUrl,
      AZUREML_ACCESS_TOKEN: emulator.accessToken,
      STEP: String(step),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed with ${String(code)}:\n${text}`);
  return text;
};

const init = async (folder: string, stack: string): Promise<void> => {
  await pulumi(folder, 0, "stack", "init", stack);
  await pulumi(folder, 0, "config", "set", "azureml:workspaceId", emulator.workspaceId);
};
const up = (folder: string, step: number) => pulumi(folder, step, "up", "--yes", "--skip-preview");
const destroy = (folder: string) => pulumi(folder, 0, "destroy", "--yes", "--skip-preview");

interface Service {
  readonly name: string;
  readonly kvTags: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
}

const services = async (): Promise<Readonly<Record<string, Service>>> => {
  const answer = await callWorkspace(emulator, "GET", "/services");
  const { value } = (await answer.json()) as { value: Service[] };
  return Object.fromEntries(value.map((service) => [service.name, service]));
};

/** What was sent since the last time, and changes a service: "PATCH renamed". */
const sent = (): readonly string[] => {
  const changes = emulator
    .requests()
    .filter(
      ({ method, path }) =>
        /^(PATCH|DELETE)$/.test(method) || (method === "POST" && /\/services$/.test(path)),
    )
    .map(({ method, path }) => `${method} ${path.split("/").at(-1)!}`);
  emulator.clearRequests();
  return [...changes].sort();
};

beforeEach(async () => {
  emulator = await startEmulator({ operationTime: 10 });
  root = mkdtempSync(join(realpathSync(tmpdir()), "ownership-"));
});
afterEach(async () => {
  await emulator.close();
  rmSync(root, { recursive: true, force: true });
});

withCli(
  named("no rename and no move makes a program a stranger to its own service, and only an owner deletes it"),
  async () => {
    const [ours, other] = [project("ours", OURS), project("other", OTHER)];
    await init(ours, "dev");
    await up(ours, 1);
    expect(sent()).toEqual(Array.from({ length: 4 }, () => "POST services"));

    // Stack rename, alias and new parent: each resource updates its own service.
    await pulumi(ours, 0, "stack", "rename", "prod");
    await up(ours, 2);
    expect(sent()).toEqual(["PATCH handed", "PATCH moved", "PATCH renamed", "PATCH reparented"]);
    for (const { kvTags, properties } of Object.values(await services())) {
      expect(kvTags).toEqual({ step: "2" });
      expect(Object.keys(properties)).toEqual(["pulumi-created-by"]);
    }

    // A → B → A: what the other stack adopted is claimed back, and its destroy leaves it.
    await init(other, "dev");
    await up(other, 1);
    expect(sent()).toEqual(["PATCH handed"]);
    const urn = (await pulumi(ours, 0, "stack", "--show-urns")).match(/urn:pulumi:\S+::moved/)![0];
    await pulumi(
      ours,
      0,
      "state",
      "move",
      "--yes",
      ...["--source", "organization/ours/prod"],
      ...["--dest", "organization/other/dev"],
      urn,
    );
    await up(ours, 3);
    expect(sent()).toEqual(["PATCH handed", "PATCH renamed", "PATCH reparented"]);
    const { handed } = await services();
    expect(Object.values(handed!.properties).map((value) => value.split(" ")[2])).toEqual([
      undefined,
      "organization/other/dev",
      "organization/ours/prod",
    ]);

    // The moved service is the other stack's now, and the handed one is not: one goes with its state, the other stays.
    const left = await up(other, 2);
    expect(left).toContain(
      '"handed" was not deleted and stays as it is, since it belongs to organization/ours/prod',
    );
    expect(sent()).toEqual(["PATCH moved"]);
    await destroy(other);
    expect(sent()).toEqual(["DELETE moved"]);
    expect(Object.keys(await services()).sort()).toEqual(["handed", "renamed", "reparented"]);

    // Another project's name, which the file backend cannot give: by hand, as the documentation of Pulumi says.
    const state = join(root, "state.json");
    await pulumi(ours, 0, "stack", "export", "--show-secrets", "--file", state);
    writeFileSync(
      state,
      readFileSync(state, "utf8")
        .replaceAll(":prod::ours::", ":live::renamed::")
        .replaceAll('"ours-prod"', '"renamed-live"'),
    );
    nameProject(ours, "renamed");
    await init(ours, "live");
    await pulumi(ours, 0, "stack", "import", "--file", state);
    await up(ours, 4);
    expect(sent()).toEqual(["PATCH handed", "PATCH renamed", "PATCH reparented"]);
    await destroy(ours);
    expect(sent()).toEqual(["DELETE handed", "DELETE renamed", "DELETE reparented"]);
    expect(await services()).toEqual({});
  },
);
