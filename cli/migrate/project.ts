import { parseWorkspaceId } from "../../provider/core/address";
import { yamlOf, type InstanceType } from "../assess/instance-types";
import type { Files } from "../folder";
import { byText, identifiers, jsonText, literal, memberLiteral, textLiteral } from "../import/literal";
import { fileNames, oneLine, packageJson, stackSettings, TSCONFIG } from "../import/project";
import type { EnvironmentPlan, LeftOut, Plan } from "./plan";
import { readmeOf } from "./readme";

/** What a program is written with. */
export interface ProjectOptions {
  readonly workspaceId: string;
  readonly project: string;
  readonly stack: string;
  readonly location: string | undefined;
  readonly compute: string | undefined;
  readonly namespace: string | undefined;
  /** What the project asks for, by package. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Files of `examples/cut-over` that every such program has, by their paths. */
  readonly shared: Files;
  /** The assessment as Markdown. */
  readonly assessment: string;
}

/** The record of what was written, by which a second run knows its own files. */
export const RECORD = "migration.json";

export const INSTANCE_TYPES = "instance-types.yaml";

/** A Pulumi project that makes endpoints beside web services. The same services make the same bytes. */
export const projectFiles = (
  plans: readonly Plan[],
  leftOut: readonly LeftOut[],
  options: ProjectOptions,
): Files => {
  const names = plans.map(({ service }) => service.name);
  const [files, ids] = [fileNames(names), identifiers(names)];
  const types = instanceTypesOf(plans);
  const own: readonly (readonly [string, string])[] = [
    ["Pulumi.yaml", projectYaml(options)],
    [stackSettings(options.stack), stackYaml(plans, options)],
    ["README.md", readmeOf(plans, leftOut, options)],
    ["ASSESSMENT.md", options.assessment],
    ["index.ts", indexFile(names.map((name) => ({ file: files.get(name)!, id: ids.get(name)! })))],
    ["package.json", packageJson(options)],
    ["tsconfig.json", TSCONFIG],
    [".gitignore", "/node_modules/\n/bin/\n/router.conf\n/callers.csv\n"],
    ...(types.length === 0 ? [] : [[INSTANCE_TYPES, types.map(yamlOf).join("---\n")] as const]),
    ...options.shared,
    ...plans.map(
      (plan) =>
        [
          `services/${files.get(plan.service.name)}.ts`,
          serviceFile(plan, ids.get(plan.service.name)!),
        ] as const,
    ),
  ];
  const paths = [...own.map(([path]) => path), RECORD].sort(byText);
  const services = [
    ...plans.map(({ service, decisions }) => ({
      name: service.name,
      file: `services/${files.get(service.name)}.ts`,
      decisions: Object.keys(decisions),
    })),
    ...leftOut.map(({ service, why }) => ({ name: service.name, leftOut: why })),
  ];
  return new Map([...own, [RECORD, jsonText({ workspaceId: options.workspaceId, files: paths, services })]]);
};

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
    `// ${oneLine(runs(plan))}\n`,
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
  return `Runs ${models === "" ? "what it does not tell" : `${models} without code`} ${on}.`;
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
    ...services.map(({ file, id }) => `import { ${id} } from "./services/${file}";\n`),
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

const projectYaml = ({ project, workspaceId }: ProjectOptions): string =>
  [
    `name: ${project}`,
    `description: Endpoints in place of web services of the workspace ${JSON.stringify(parseWorkspaceId(workspaceId)!.workspaceName)}`,
    "runtime:",
    "  name: nodejs",
    "  options:",
    "    packagemanager: npm\n",
  ].join("\n");

/** Nothing is deployed until somebody says so. */
const stackYaml = (plans: readonly Plan[], options: ProjectOptions): string => {
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
