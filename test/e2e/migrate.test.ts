import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments, stringify } from "yaml";
import { scriptOf } from "../../cli/assess/assessment";
import { fromDocument } from "../../cli/found-services";
import { startEmulator, type Emulator } from "../../emulator";
import { toKubernetes } from "../../kubernetes/bodies";
import { isSet, type Settings } from "../../provider/core/values";
import { startArm, type Arm, type ArmOptions } from "../arm/arm";
import { judgeReceived, type Migrated } from "../arm/received";
import { standInEnvironment } from "../arm/stand-in";
import { ownFolder } from "../harness/own-folder";
import { envFor, runProgram } from "../cli/run";
import { unfitServices, workingServices } from "../cli/shapes";
import type { EngineStack } from "../harness/engines/engine";
import { findPulumi, pulumiEngine } from "../harness/engines/pulumi";
import { runCommand, type Command } from "../harness/operation";
import { copyProject, repository, type ProjectFolder } from "../harness/project-folder";
import { endpoints as client, readyPython } from "../harness/python";
import { run } from "../harness/run";
import { forgetOwnSettings } from "../harness/session";
import { callWorkspace, isChange, nameOf, type Call } from "../harness/workspace";

// The judge of `pulumi-azureml migrate`: what it writes is type-checked, and brings endpoints up beside adopted services.

jest.setTimeout(900_000);
forgetOwnSettings();

const SERVICES = 25;
const SEED = 19;

const folder = ownFolder();
let emulator: Emulator;
let arm: Arm | undefined;
const projects: ProjectFolder[] = [];
beforeAll(async () => {
  emulator = await startEmulator({
    seed: { services: [...workingServices(SERVICES, SEED), ...unfitServices] },
  });
});
afterAll(async () => {
  for (const project of projects) project.remove();
  await arm?.close();
  await emulator.close();
});

const compile = (at: string) =>
  run(
    process.execPath,
    [join(repository(), "node_modules", "typescript", "bin", "tsc"), "--noEmit", "-p", at],
    { folder: at, env: process.env },
  );

const opened = async (
  from: string,
  more: (root: string) => Readonly<Record<string, string>> = () => ({}),
) => {
  const project = copyProject(from);
  projects.push(project);
  const stack = await pulumiEngine.open({
    projectDir: project.project,
    stack: "prod",
    workDir: project.engine,
    passphrase: "a passphrase",
    env: { ...envFor(emulator), PULUMI_NODEJS_TRANSPILE_ONLY: "true", ...more(project.root) },
  });
  return { project, stack };
};

const calls = async () => emulator.requests() as unknown as readonly Call[];
const go = (stack: EngineStack, command: Command) => runCommand(stack, command, calls);

interface Report {
  readonly undecided: readonly { readonly name: string; readonly decisions: Record<string, string> }[];
}

type Services = Record<string, Record<string, unknown>>;

const KEY = "ws-emulated-endpoints:services";

/** The stack's configuration, as the commands of the README change it. */
const configure = (project: ProjectFolder, change: (services: Services) => Services): void => {
  const file = join(project.project, "Pulumi.prod.yaml");
  const settings = parse(readFileSync(file, "utf8")) as { config: Record<string, Services> };
  settings.config[KEY] = change(settings.config[KEY]!);
  writeFileSync(file, stringify(settings));
};

const each = (services: Services, change: (name: string) => Record<string, unknown>): Services =>
  Object.fromEntries(
    Object.entries(services).map(([name, settings]) => [name, { ...settings, ...change(name) }]),
  );

const VALUES: Readonly<Record<string, (name: string) => string>> = {
  codeUri: (name) => `https://store.example/code/${name}`,
  environmentId: (name) => `${emulator.workspaceId}/environments/${name}/versions/1`,
  image: (name) => `registry.example/${name}:1`,
  modelUri: (name) => `azureml://datastores/store/paths/${name}`,
  authMode: () => "Key",
};

/** Every decision that the program asks for. */
const decidedFor = ({ undecided }: Report, name: string): Record<string, unknown> => {
  const open = Object.keys(undecided.find((one) => one.name === name)?.decisions ?? {});
  return {
    ...Object.fromEntries(open.filter((key) => VALUES[key]).map((key) => [key, VALUES[key]!(name)])),
    decided: open.filter((key) => !VALUES[key]),
  };
};

/** The cluster, once its InstanceTypes are applied. */
const appliedTypes = (yaml: string): NonNullable<ArmOptions["instanceTypes"]> =>
  Object.fromEntries([
    ["defaultinstancetype", { cpu: 2, memoryGi: 2, gpu: 0 }],
    ...parseAllDocuments(yaml).map((document) => {
      const { metadata, spec } = document.toJS() as {
        metadata: { name: string };
        spec: { resources: { limits: Record<string, string> } };
      };
      const { cpu, memory, "nvidia.com/gpu": gpu = 0 } = spec.resources.limits;
      return [
        metadata.name,
        { cpu: Number(cpu), memoryGi: parseInt(memory!, 10), gpu: Number(gpu) },
      ] as const;
    }),
  ]);

const bodyAt = (path: string): Settings =>
  arm!.received.find((request) => request.method === "PUT" && request.path === path)!.body as Settings;

/** A live service, and what its endpoint's assets got for ids, which only the emulated Azure Resource Manager knows. */
const migratedOf = async (name: string): Promise<Migrated> => {
  const call = async (method: string, more = "") =>
    (await (await callWorkspace(emulator, method, `/services/${name}${more}`)).json()) as Settings;
  const service = fromDocument(await call("GET", "?expand=true"));
  const [endpoint, deployment] = [`onlineEndpoints/${name}`, `onlineEndpoints/${name}/deployments/blue`];
  const properties = bodyAt(deployment)["properties"] as Settings;
  const { authMode } = bodyAt(endpoint)["properties"] as Settings;
  const code = properties["codeConfiguration"] as Settings | undefined;
  const keys =
    authMode === "Key" && service.settings["authEnabled"] === true ? await call("POST", "/listkeys") : {};
  const destination = {
    ...{ workspaceId: emulator.workspaceId, location: "westeurope", compute: "k8s-prod" },
    ...{ authMode, codeId: code?.["codeId"], environmentId: properties["environmentId"] },
    ...{ model: properties["model"], instanceType: properties["instanceType"] },
  };
  return {
    settings: {
      ...service.settings,
      serviceName: name,
      ...(service.code
        ? { inferenceConfig: { entryScript: scriptOf(service.code), environment: service.code.environment } }
        : {}),
      ...keys,
    },
    destination: Object.fromEntries(
      Object.entries(destination).filter(([, value]) => isSet(value)),
    ) as unknown as Migrated["destination"],
    endpointName: name,
    deploymentName: "blue",
  };
};

interface Problem {
  readonly service: number;
  readonly path: string;
}

/** Tags that ARM refuses are a decision; less than a thousandth of a core is nothing to Kubernetes, and is rounded up. */
const isSaid = ({ service, path }: Problem, migrated: readonly Migrated[]): boolean => {
  const { settings, destination } = migrated[service]!;
  if (path.startsWith("/tags/"))
    return toKubernetes({ settings }, destination).findings.some(
      ({ setting, kind }) => setting === "tags" && kind === "needsDecision",
    );
  const input = /Requests\/cpu$/.test(path) ? "cpuCores" : /Limits\/cpu$/.test(path) ? "cpuCoresLimit" : path;
  return /^cpuCores/.test(input) && !Number.isInteger(Number(settings[input]) * 1000);
};

const place = ["--compute", "k8s-prod", "--location", "westeurope", "--namespace", "ml-prod"];

test(`${SERVICES} services: import, assess, migrate, and a strict type check`, async () => {
  const program = (...args: readonly string[]) => runProgram(args, envFor(emulator));
  expect((await program("import", "--out", join(folder, "services"))).status).toBe(2);
  expect((await program("assess", ...place, "--format", "json")).status).toBe(2);
  const migrated = await program("migrate", "--out", join(folder, "endpoints"), "--json", ...place);
  expect({ status: migrated.status, stderr: migrated.stderr }).toEqual({ status: 2, stderr: "" });
  writeFileSync(join(folder, "report.json"), migrated.stdout);
  const { project } = { project: copyProject(join(folder, "endpoints")) };
  projects.push(project);
  expect(await compile(project.project)).toEqual({ status: 0, printed: "" });
});

(findPulumi() ? describe : describe.skip)("under the real engine", () => {
  let endpoints: { project: ProjectFolder; stack: EngineStack };
  let report: Report;

  test("nothing is deployed at first; what is undecided is refused by name, before anything is made", async () => {
    emulator.clearRequests();
    report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as Report;
    const instanceTypes = appliedTypes(
      readFileSync(join(folder, "endpoints", "instance-types.yaml"), "utf8"),
    );
    arm = await startArm({ workspaceId: emulator.workspaceId, instanceTypes });
    endpoints = await opened(join(folder, "endpoints"), (root) => standInEnvironment(root, arm!));
    const first = await go(endpoints.stack, "preview");
    expect({ succeeded: first.succeeded, resources: first.resources, calls: first.calls }).toEqual({
      succeeded: true,
      resources: [],
      calls: [],
    });
    expect(first.text).toContain("Not deployed: a--bc (undecided:");
    configure(endpoints.project, (services) => each(services, () => ({ deploy: true })));
    const refused = await go(endpoints.stack, "up");
    expect({ succeeded: refused.succeeded, received: arm.received }).toEqual({
      succeeded: false,
      received: [],
    });
    for (const { name, decisions } of report.undecided)
      for (const decision of Object.keys(decisions))
        expect(refused.text).toContain(`services.${name}.${decision} is undecided`);
  });

  test("every endpoint comes up beside its service, gets its traffic, and shows no difference", async () => {
    const { project, stack } = endpoints;
    configure(project, (services) => each(services, (name) => decidedFor(report, name)));
    const preview = await go(stack, "preview");
    expect({ text: preview.succeeded ? "" : preview.text, received: arm!.received }).toEqual({
      text: "",
      received: [],
    });
    const up = await go(stack, "up");
    expect(up.succeeded ? "" : up.text).toBe("");
    expect(arm!.endpoints()).toHaveLength(SERVICES);
    configure(project, (services) => each(services, () => ({ traffic: { blue: 100 } })));
    const traffic = await go(stack, "up");
    expect(traffic.succeeded ? "" : traffic.text).toBe("");
    const again = await go(stack, "preview");
    expect(again.resources.filter(({ op }) => op !== "same")).toEqual([]);
    expect((await calls()).filter(isChange).map(nameOf)).toEqual([]);
    for (const name of arm!.endpoints()) expect(arm!.traffic(name)).toEqual({ blue: 100 });
  });

  test("no setting is lost without a finding, and Microsoft's client makes the same bodies", async () => {
    const migrated = await Promise.all(arm!.endpoints().map(migratedOf));
    const lost = migrated.flatMap(({ settings, destination, endpointName }) => {
      const { findings } = toKubernetes({ settings }, destination);
      return Object.keys(settings)
        .filter((input) => isSet(settings[input]))
        .filter((input) => findings.filter(({ setting }) => setting === input).length !== 1)
        .map((input) => `${endpointName}: ${input}`);
    });
    expect(lost).toEqual([]);
    const said: string[] = [];
    const python = readyPython((line) => said.push(line), client);
    if (python === undefined) return console.log(said.join("\n"));
    const judged = judgeReceived(python, arm!, migrated);
    const { members } = judged;
    const problems = (judged.problems as readonly Problem[]).filter((one) => !isSaid(one, migrated));
    expect(problems).toEqual([]);
    const settings = migrated.flatMap((one) => Object.values(one.settings).filter(isSet)).length;
    console.log(
      `${SERVICES} services (seed ${SEED}): ${settings} settings, lost without a finding ${lost.length}; ` +
        `judge on the received bodies: ${members} members, ${problems.length} different; ` +
        "requests to old services but reads 0",
    );
  });
});
