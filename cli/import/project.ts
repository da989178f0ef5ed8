import { parseWorkspaceId } from "../../provider/core/address";
import { isObject } from "../../provider/core/values";
import { inputOf } from "../../provider/schema/fields";
import type { Files } from "../folder";
import type { Adoption } from "./adoption";
import { byText, identifiers, jsonText, memberLiteral, textLiteral } from "./literal";

/** How services are spread over files. */
export type GroupBy = { readonly tag: string } | "compute" | "all";

export interface ProjectOptions {
  readonly workspaceId: string;
  readonly groupBy: GroupBy;
  readonly project: string;
  readonly stack: string;
  /** What the project asks for, by package. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The record of what was written, by which a second run knows its own files. */
export const RECORD = "adoption.json";

export const stackSettings = (stack: string): string => `Pulumi.${stack}.yaml`;

/** A Pulumi project that adopts services. The same services make the same bytes, whatever their order. */
export const projectFiles = (adoptions: readonly Adoption[], options: ProjectOptions): Files => {
  const sorted = [...adoptions].sort((a, b) => byText(a.service.name, b.service.name));
  const groups = groupsOf(
    sorted.filter(({ leftOut }) => leftOut === undefined),
    options.groupBy,
  );
  const files = [...groups].map(([path, members]) => [path, groupFile(members)] as const);
  const own: readonly (readonly [string, string])[] = [
    ["Pulumi.yaml", projectYaml(options)],
    [stackSettings(options.stack), `config:\n  azureml:workspaceId: ${options.workspaceId}\n`],
    ["README.md", readme(options)],
    ["index.ts", indexFile([...groups.keys()])],
    ["package.json", packageJson(options)],
    ["tsconfig.json", TSCONFIG],
    [".gitignore", "/node_modules/\n/bin/\n"],
    ...files,
  ];
  const paths = [...own.map(([path]) => path), RECORD].sort(byText);
  return new Map([...own, [RECORD, record(sorted, groups, paths, options)]]);
};

const groupsOf = (
  adoptions: readonly Adoption[],
  groupBy: GroupBy,
): ReadonlyMap<string, readonly Adoption[]> => {
  const byKey = new Map<string, Adoption[]>();
  for (const adoption of adoptions) {
    const key = groupKey(adoption, groupBy);
    byKey.set(key, [...(byKey.get(key) ?? []), adoption]);
  }
  const keys = [...byKey.keys()].sort(byText);
  const names = fileNames(keys);
  return new Map(keys.map((key) => [`services/${names.get(key)}.ts`, byKey.get(key)!]));
};

const groupKey = ({ args }: Adoption, groupBy: GroupBy): string => {
  if (groupBy === "all") return "all";
  if (groupBy === "compute") return String(args[inputOf("compute")]).toLowerCase();
  const tags = args["tags"];
  return isObject(tags) && Object.hasOwn(tags, groupBy.tag) ? String(tags[groupBy.tag]) : "untagged";
};

/** Windows keeps these for itself, whatever follows the dot. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/;
const LONGEST_NAME = 60;

/** A file name of its own for each key, also where letter case makes no difference. */
export const fileNames = (keys: readonly string[]): ReadonlyMap<string, string> => {
  const taken = new Set<string>();
  return new Map(
    keys.map((key) => {
      const slug = key
        .normalize("NFKD")
        .replace(/\p{M}/gu, "")
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, LONGEST_NAME);
      const base = slug === "" || DEVICES.test(slug) ? `group-${slug}`.replace(/-$/, "") : slug;
      let name = base;
      for (let next = 2; taken.has(name); next += 1) name = `${base}-${next}`;
      taken.add(name);
      return [key, name] as const;
    }),
  );
};

const groupFile = (members: readonly Adoption[]): string => {
  const names = identifiers(members.map(({ service }) => service.name));
  const resources = members.map((adoption) => resource(adoption, names.get(adoption.service.name)!));
  return `import * as azureml from "pulumi-azureml";\n\n${resources.join("\n")}`;
};

const resource = ({ service, args, notes }: Adoption, identifier: string): string => {
  const settings = Object.entries({ adopt: true, ...args });
  const members = settings.map(
    ([key, value]) => `    ${memberLiteral(key, value, { indent: 2, before: 0 })},\n`,
  );
  return [
    ...[runs(service), ...notes].map((text) => `// ${oneLine(text)}\n`),
    `export const ${identifier} = new azureml.AksWebservice(\n`,
    `  ${textLiteral(service.name)},\n`,
    `  {\n${members.join("")}  },\n`,
    `  { protect: true, retainOnDelete: true },\n`,
    `);\n`,
  ].join("");
};

/** What a service runs, in a few words: of code a workspace tells only the names. */
const runs = ({ code, settings }: Adoption["service"]): string => {
  if (code)
    return `Runs code (${code.entryScript}, in ${code.environment}), which stays as it is: give inferenceConfig to deploy your own.`;
  if (typeof settings["imageId"] === "string" && settings["models"] === undefined)
    return `Runs the image ${settings["imageId"]}.`;
  return Array.isArray(settings["models"])
    ? "Runs registered models without code."
    : "Does not tell what it runs.";
};

/** A comment must not be able to end, turn or hide. */
export const oneLine = (text: string): string =>
  textLiteral(text.replace(/\s+/g, " "), "double")
    .slice(1, -1)
    .replace(/\\(["\\])/g, "$1");

const indexFile = (paths: readonly string[]): string =>
  [
    "// Written by `pulumi-azureml import`. Each service is protected, and stays when it leaves the program.\n",
    ...paths.map((path) => `import "./${path.replace(/\.ts$/, "")}";\n`),
  ].join("");

const projectYaml = ({ project, workspaceId }: ProjectOptions): string =>
  [
    `name: ${project}`,
    `description: Web services of the workspace ${JSON.stringify(parseWorkspaceId(workspaceId)!.workspaceName)}`,
    "runtime:",
    "  name: nodejs",
    "  options:",
    "    packagemanager: npm\n",
  ].join("\n");

export const packageJson = ({
  project,
  dependencies,
}: Pick<ProjectOptions, "project" | "dependencies">): string =>
  jsonText({
    name: project,
    private: true,
    main: "index.ts",
    dependencies,
    devDependencies: { "@types/node": "^20.0.0", typescript: "^5.9.0" },
  });

export const TSCONFIG = jsonText({
  compilerOptions: {
    target: "ES2020",
    module: "commonjs",
    moduleResolution: "node",
    strict: true,
    skipLibCheck: true,
  },
  files: ["index.ts"],
});

const record = (
  adoptions: readonly Adoption[],
  groups: ReadonlyMap<string, readonly Adoption[]>,
  files: readonly string[],
  { workspaceId }: ProjectOptions,
): string =>
  jsonText({
    workspaceId,
    files,
    services: adoptions.map((adoption) => ({
      name: adoption.service.name,
      ...(adoption.leftOut === undefined
        ? { file: [...groups].find(([, members]) => members.includes(adoption))![0], notes: adoption.notes }
        : { leftOut: adoption.leftOut }),
    })),
  });

const readme = ({ project, stack }: ProjectOptions): string =>
  `# ${project}

Web services that ran before this program did, taken over as they are. \`${RECORD}\` names each one, and what was left out.

\`\`\`sh
npm install
npx tsc --noEmit
pulumi stack init ${stack}
pulumi preview   # shows each adoption as a creation
pulumi up        # reads each service, and sends nothing
pulumi preview   # shows no change
\`\`\`

Authentication keys stay with the service, and no file here holds one. Each service is protected, so that \`pulumi destroy\` refuses to
run, and retained, so that it stays when its resource goes. Remove both options, and run \`pulumi up\`, before you mean to delete one.
`;
