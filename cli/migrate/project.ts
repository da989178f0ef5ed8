import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseWorkspaceId } from "../../provider/core/address";
import { yamlOf, type InstanceType } from "../assess/instance-types";
import type { NamedDestination } from "../destination";
import type { Files } from "../folder";
import { byText, commentText, identifiers, literal, memberLiteral, textLiteral } from "../literal";
import { packageFolder } from "../own-package";
import { fileNames, type Project, type ProjectNames } from "../project-folder";
import type { EnvironmentPlan, LeftOut, Plan } from "./plan";
import { readmeOf } from "./readme";

/** What a program is written with. */
export interface EndpointsOptions extends ProjectNames, NamedDestination {
  /** The assessment as Markdown. */
  readonly assessment: string;
}

export const RECORD = "migration.json";

export const INSTANCE_TYPES = "instance-types.yaml";

/** A Pulumi project that makes endpoints beside web services. */
export const endpointsProject = (
  plans: readonly Plan[],
  leftOut: readonly LeftOut[],
  options: EndpointsOptions,
): Project => {
  const names = plans.map(({ service }) => service.name);
  const [paths, ids] = [fileNames(names), identifiers(names)];
  const all = plans.map((plan) => {
    const { name } = plan.service;
    return { plan, name, file: `services/${paths.get(name)}.ts`, id: ids.get(name)! };
  });
  const types = instanceTypesOf(plans);
  return {
    description: "Endpoints in place of web services",
    imports: ["@pulumi/azure-native", "@pulumi/pulumi"],
    ignored: ["router.conf", "callers.csv"],
    config: stackYaml(plans, options),
    files: new Map([
      ["README.md", readmeOf(plans, leftOut, options)],
      ["ASSESSMENT.md", options.assessment],
      ["index.ts", indexFile(all)],
      ...(types.length === 0 ? [] : [[INSTANCE_TYPES, types.map(yamlOf).join("---\n")] as const]),
      ...sharedFiles(),
      ...all.map(({ plan, file, id }) => [file, serviceFile(plan, id)] as const),
    ]),
    record: RECORD,
    staying: ": what is new is not in it, and not deployed.",
    services: [
      ...all.map(({ plan, name, file }) => ({ name, file, decisions: Object.keys(plan.decisions) })),
      ...leftOut.map(({ service, why }) => ({ name: service.name, leftOut: why })),
    ],
  };
};

/** What every such program has is an example in this package. */
const sharedFiles = (): Files =>
  new Map(
    ["endpoints.ts", "router.ts", ".github/workflows/cut-over.yml"].map((path) => [
      path,
      readFileSync(join(packageFolder(), "examples", "cut-over", path), "utf8"),
    ]),
  );

/** InstanceTypes of which the cluster needs a resource, each once. */
export const instanceTypesOf = (plans: readonly Plan[]): readonly InstanceType[] => {
  const types = plans.flatMap(({ instanceType }) => instanceType ?? []);
  return [...new Map(types.map((type) => [type.name, type])).values()].sort((a, b) => byText(a.name, b.name));
};

/** What the web service is, and what its endpoint runs. */
const serviceFile = (plan: Plan, id: string): string => {
  const { service, args, callers, code, decisions } = plan;
  return [
    ...(code?.environment === undefined ? [] : ['import { registered } from "../endpoints";\n']),
    'import type { WebService } from "../endpoints";\n\n',
    `// ${commentText(runs(plan))}\n`,
    `export const ${id}: WebService = {\n`,
    member(2, "name", service.name),
    member(2, "scoringUri", service.scoringUri ?? ""),
    `  callers: "${callers}",\n`,
    member(2, "settings", args),
    member(2, "decisions", decisions),
    deployments(plan),
    "};\n",
  ].join("");
};

const member = (indent: number, name: string, value: unknown): string =>
  `${" ".repeat(indent)}${memberLiteral(name, value, { indent: indent - 2, before: 0 })},\n`;

const runs = ({ service, args, code }: Plan): string => {
  const models = Array.isArray(args["models"]) ? (args["models"] as unknown[]).map(String).join(", ") : "";
  const on = `on ${String(service.settings["computeTargetName"])}`;
  if (code) return `Runs ${code.entryScript}${models === "" ? "" : ` with ${models}`} ${on}.`;
  if (args["imageId"] !== undefined) return `Runs the image ${String(args["imageId"])} ${on}.`;
  return `Runs ${models === "" ? "what it does not show" : `${models} without code`} ${on}.`;
};

const deployments = (plan: Plan): string => {
  const { code, environment, decisions } = plan;
  const members = [
    ...(code
      ? ['      code: { uri: value("codeUri") },\n', member(6, "scoringScript", code.entryScript)]
      : []),
    ...(code?.environment === undefined
      ? []
      : [`      environment: registered(${textLiteral(code.environment)}),\n`]),
    ...(environment ? [environmentAsset(environment)] : []),
    ...("environmentId" in decisions ? ['      environment: value("environmentId"),\n'] : []),
    ...("image" in decisions ? [imageAsset] : []),
    ...("modelUri" in decisions ? ['      model: { uri: value("modelUri") },\n'] : []),
  ];
  if (members.length === 0) return "  deployments: () => ({ blue: {} }),\n";
  const given = members.some((text) => text.includes('value("')) ? "value" : "";
  return `  deployments: (${given}) => ({\n    blue: {\n${members.join("")}    },\n  }),\n`;
};

const environmentAsset = ({ image, conda }: EnvironmentPlan): string =>
  [
    "      environment: {\n",
    member(8, "image", image),
    ...(conda ? [`        condaFile: JSON.stringify(${literal(conda, { indent: 8, before: 0 })}),\n`] : []),
    "      },\n",
  ].join("");

/** Port and paths of images that the Python client built. */
const imageAsset = `      environment: {
        image: value("image"),
        inferenceConfig: {
          livenessRoute: { port: 5001, path: "/" },
          readinessRoute: { port: 5001, path: "/" },
          scoringRoute: { port: 5001, path: "/score" },
        },
      },
`;

const indexFile = (services: readonly { readonly file: string; readonly id: string }[]): string =>
  [
    'import { endpointsOf } from "./endpoints";\n',
    'import { callersList, routerConfig } from "./router";\n',
    ...services.map(({ file, id }) => `import { ${id} } from "./${file.replace(/\.ts$/, "")}";\n`),
    "\n",
    "const routes = endpointsOf([\n",
    ...services.map(({ id }) => `  ${id},\n`),
    "]);\n\n",
    "/** For nginx, in front of web services and endpoints: `pulumi stack output router > router.conf`. */\n",
    "export const router = routes.apply((all) => routerConfig(all));\n\n",
    "/** Where each endpoint answers: `pulumi stack output endpoints --json`. */\n",
    "export const endpoints = routes.apply((all) =>\n",
    '  Object.fromEntries(all.map(({ name, endpoint }) => [name, endpoint ?? ""])),\n',
    ");\n\n",
    "/** Who calls which address today, and which one then: `pulumi stack output callers > callers.csv`. */\n",
    "export const callers = routes.apply((all) => callersList(all));\n",
  ].join("");

/** Nothing is deployed until somebody says so. */
const stackYaml = (plans: readonly Plan[], options: EndpointsOptions): string => {
  const { project, workspaceId, location, compute, namespace } = options;
  const types = instanceTypesOf(plans);
  return [
    "config:",
    `  azure-native:subscriptionId: ${parseWorkspaceId(workspaceId)!.subscriptionId}`,
    ...(location === undefined ? [] : [`  azure-native:location: ${location}`]),
    `  azureml:workspaceId: ${workspaceId}`,
    ...(compute === undefined ? [] : [`  ${project}:compute: ${compute}`]),
    ...(namespace === undefined ? [] : [`  ${project}:namespace: ${namespace}`]),
    ...(types.length === 0 ? [] : [`  ${project}:instanceTypes:`]),
    ...types.flatMap(({ name, cpuCores, memoryGb, gpuCores }) => [
      `    ${name}:`,
      `      cpuCores: ${cpuCores}`,
      `      memoryGb: ${memoryGb}`,
      ...(gpuCores > 0 ? [`      gpuCores: ${gpuCores}`] : []),
    ]),
    `  ${project}:services:`,
    ...plans.flatMap(({ service, instanceType }) => [
      `    ${JSON.stringify(service.name)}:`,
      "      deploy: false",
      "      weight: 0",
      ...(instanceType ? [`      instanceType: ${instanceType.name}`] : []),
    ]),
    "",
  ].join("\n");
};
