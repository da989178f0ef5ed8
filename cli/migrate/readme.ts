import { parseWorkspaceId } from "../../provider/core/address";
import { byText } from "../literal";
import { oneLine, shownName } from "../report";
import type { LeftOut, Plan } from "./plan";
import { INSTANCE_TYPES, instanceTypesOf, RECORD, type EndpointsOptions } from "./project";

/** What the team does, step by step, with the names that it has. */
export const readmeOf = (
  plans: readonly Plan[],
  leftOut: readonly LeftOut[],
  options: EndpointsOptions,
): string => {
  const first =
    plans.find(({ decisions }) => Object.keys(decisions).length === 0)?.service.name ??
    plans[0]?.service.name ??
    "NAME";
  return [
    `# ${options.project}

Kubernetes online endpoints beside the web services of the workspace \`${parseWorkspaceId(options.workspaceId)!.workspaceName}\`, which stay as they are until you retire them.
[ASSESSMENT.md](ASSESSMENT.md) says what becomes of each setting. \`${RECORD}\` names each service, its file, and what was left out.

## Before the first endpoint

1. Attach a **second** cluster as a Kubernetes compute: the Azure ML extension refuses one that runs web services (E45004, E45005).
${instanceTypesOf(plans).length === 0 ? "" : `2. Make the sizes that its deployments need: \`kubectl apply -f ${INSTANCE_TYPES}\`\n`}
\`\`\`sh
npm install
npx tsc --noEmit
pulumi stack init ${options.stack}
${options.compute === undefined ? "pulumi config set compute NAME-OF-THE-KUBERNETES-COMPUTE\n" : ""}${options.location === undefined ? "pulumi config set azure-native:location REGION-OF-THE-WORKSPACE\n" : ""}pulumi preview   # deploys nothing, and says what is undecided
\`\`\`

## What to decide

`,
    decided(plans),
    left(leftOut),
    steps(first),
  ].join("");
};

const decided = (plans: readonly Plan[]): string => {
  const open = plans.filter(({ decisions }) => Object.keys(decisions).length > 0);
  if (open.length === 0) return "Nothing is to be decided first.\n\n";
  return [
    "A value is given, or, once the service's file says what you mean, the name is put into `decided`. Until then the program refuses to\n",
    "deploy the service, and names what is open.\n\n",
    ...[...questions(open)].map(
      ([text, { name, services }]) => `- \`${name}\` of ${services.join(", ")}: ${escaped(text)}\n`,
    ),
    "\n",
    ...open.flatMap(({ service, decisions }) => [
      "```sh\n",
      ...commandsFor(service.name, Object.keys(decisions)),
      "```\n\n",
    ]),
  ].join("");
};

/** Each decision, once for all services that need it. */
const questions = (open: readonly Plan[]) => {
  const all = new Map<string, { readonly name: string; readonly services: string[] }>();
  for (const { service, decisions } of open)
    for (const [name, text] of Object.entries(decisions)) {
      const known = all.get(text);
      if (known) known.services.push(service.name);
      else all.set(text, { name, services: [service.name] });
    }
  return [...all].sort(([, a], [, b]) => byText(a.name, b.name));
};

/** Values have places of their own; what is only to be looked at is put into a list. */
const values: Readonly<Record<string, string>> = {
  codeUri: "https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER",
  environmentId: "/subscriptions/…/environments/NAME/versions/VERSION",
  image: "REGISTRY.azurecr.io/IMAGE:TAG",
  modelUri: "azureml://datastores/workspaceblobstore/paths/FOLDER",
  authMode: "Key",
  namespace: "NAMESPACE",
};

const commandsFor = (service: string, names: readonly string[]): readonly string[] => {
  const listed = names.filter((name) => !(name in values));
  return names.map((name) =>
    name in values
      ? `pulumi config set --path services.${service}.${name} ${values[name]}\n`
      : `pulumi config set --path 'services.${service}.decided[${listed.indexOf(name)}]' ${name}\n`,
  );
};

const left = (leftOut: readonly LeftOut[]): string =>
  leftOut.length === 0
    ? ""
    : `Left out of the program:\n\n${leftOut
        .map(({ service, why }) => `- \`${shownName(service.name)}\`: ${escaped(why)}\n`)
        .join("")}\n`;

/** Texts of a service are no Markdown. */
const escaped = (text: string): string => oneLine(text).replace(/[<|]/g, (character) => `\\${character}`);

const steps = (name: string): string => `## The cut-over, one service after the other

As an example for \`${name}\`. Every step goes through a pull request; each is undone by the value before it.

\`\`\`sh
pulumi config set --path services.${name}.deploy true
pulumi up        # makes endpoint and deployment; nobody calls them
pulumi config set --path services.${name}.traffic.blue 100
pulumi up        # the deployment answers; still nobody calls it
npx pulumi-azureml compare --old ${name} --new "$(pulumi stack output endpoints --json | jq -r '.["${name}"]')" --inputs recorded/${name}.jsonl
\`\`\`

The router stands before both, and callers keep their path: \`pulumi stack output router > router.conf\`, for nginx's \`conf.d\`. Move the
callers in \`pulumi stack output callers\` to it, or its name in your DNS. Then give calls to the endpoint:

\`\`\`sh
pulumi config set --path services.${name}.weight 10
pulumi up && pulumi stack output router > router.conf && nginx -s reload
\`\`\`

Back is one value: \`pulumi config set --path services.${name}.weight 0\`, and the same line again. \`.github/workflows/cut-over.yml\` compares
both services in every pull request that gives calls to an endpoint.

## Retire

The web service stays, protected, in the program that adopted it. When the weight was 100 for long enough:

\`\`\`sh
pulumi config set --path services.${name}.retired true
pulumi up        # refused below the weight 100; from now on nothing is read from the web service
\`\`\`

Then, in the program that adopted it, take \`protect\` and \`retainOnDelete\` from \`${name}\` and say \`deleteAdopted: true\`; \`pulumi up\`;
remove the resource; \`pulumi up\` deletes it. There is no way back after that. A cluster that Azure ML made is detached, never deleted.
`;
