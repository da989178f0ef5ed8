import { isObject } from "../../provider/core/values";
import { inputOf } from "../../provider/schema/fields";
import { byText, commentText, identifiers, memberLiteral, textLiteral } from "../literal";
import { fileNames, type Project, type ProjectNames } from "../project-folder";
import type { Adoption } from "./adoption";

/** How services are spread over files. */
export type GroupBy = { readonly tag: string } | "compute" | "all";

const RECORD = "adoption.json";

/** A Pulumi project that adopts services. */
export const adoptionProject = (
  adoptions: readonly Adoption[],
  names: ProjectNames,
  groupBy: GroupBy,
): Project => {
  const sorted = [...adoptions].sort((a, b) => byText(a.service.name, b.service.name));
  const groups = groupsOf(
    sorted.filter(({ leftOut }) => leftOut === undefined),
    groupBy,
  );
  return {
    description: "Web services",
    imports: ["@pulumi/pulumi"],
    ignored: [],
    config: `config:\n  azureml:workspaceId: ${names.workspaceId}\n`,
    files: new Map([
      ["README.md", readme(names)],
      ["index.ts", indexFile([...groups.keys()])],
      ...[...groups].map(([path, members]) => [path, groupFile(members)] as const),
    ]),
    record: RECORD,
    staying: "; check its azureml:workspaceId.",
    services: sorted.map((adoption) => ({
      name: adoption.service.name,
      ...(adoption.leftOut === undefined
        ? { file: [...groups].find(([, members]) => members.includes(adoption))![0], notes: adoption.notes }
        : { leftOut: adoption.leftOut }),
    })),
  };
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
    ...[runs(service), ...notes].map((text) => `// ${commentText(text)}\n`),
    `export const ${identifier} = new azureml.AksWebservice(\n`,
    `  ${textLiteral(service.name)},\n`,
    `  {\n${members.join("")}  },\n`,
    `  { protect: true, retainOnDelete: true },\n`,
    `);\n`,
  ].join("");
};

/** What a service runs, in a few words: of code a workspace shows only the names. */
const runs = ({ code, settings }: Adoption["service"]): string => {
  if (code)
    return `Runs code (${code.entryScript}, in ${code.environment}), which stays as it is: give inferenceConfig to deploy your own.`;
  if (typeof settings["imageId"] === "string" && settings["models"] === undefined)
    return `Runs the image ${settings["imageId"]}.`;
  return Array.isArray(settings["models"])
    ? "Runs registered models without code."
    : "Does not show what it runs.";
};

const indexFile = (paths: readonly string[]): string =>
  [
    "// Written by `pulumi-azureml import`. Each service is protected, and stays when it leaves the program.\n",
    ...paths.map((path) => `import "./${path.replace(/\.ts$/, "")}";\n`),
  ].join("");

const readme = ({ project, stack }: ProjectNames): string =>
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
