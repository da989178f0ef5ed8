import { changes, requests } from "../../harness/operation";
import { planOf, sent, whetherGone, type Crossing, type Services } from "../crossing";
import { configurationOf, everySetting, plainService } from "../settings";

/** What the Python client finds in a checkout, by the variables that stand for one. */
const git = {
  AZUREML_GIT_REPOSITORY_URI: "https://example.com/models.git",
  AZUREML_GIT_BRANCH: "main",
  AZUREML_GIT_COMMIT: "0123456789abcdef",
  AZUREML_GIT_DIRTY: "True",
};

/** As the Python client makes them. */
const deployed: Services = {
  ...everySetting("team"),
  git: plainService("git", { cpuCores: 0.5, properties: { team: "risk" } }),
  unlike: plainService("unlike", {
    ...{ cpuCores: 0.5, memoryGb: 1, autoscaleEnabled: true, autoscaleMaxReplicas: 4 },
    ...{ tags: { owner: "risk", old: "1" }, properties: { team: "risk" }, description: "Scores payments" },
    ...{ primaryKey: "first-key-of-python", secondaryKey: "second-key-of-python" },
  }),
  environment: plainService("environment", { cpuCores: 0.5 }),
};

/** What a program says of them; it says nothing of git, of an environment, or of most settings of `unlike`. */
const adopting: Services = Object.fromEntries(
  Object.entries({
    ...deployed,
    unlike: plainService("unlike", {
      ...{ cpuCores: 0.7, numReplicas: 2, tags: { owner: "fraud" } },
      ...{ properties: { team: "risk", cost: "12" }, description: "", primaryKey: "first-key-of-ours" },
    }),
  }).map(([name, settings]) => [name, { ...settings, adopt: true }]),
);

/** What a program that says `adopting` must send, and no more: request, operation and path, value. */
const difference = [
  ["PATCH services/unlike", "replace /autoScaler/autoscaleEnabled", false],
  ["PATCH services/unlike", "replace /numReplicas", 2],
  ["PATCH services/unlike", "replace /containerResourceRequirements/cpu", 0.7],
  ["PATCH services/unlike", "replace /kvTags", { owner: "fraud" }],
  ["PATCH services/unlike", "add /properties/cost", "12"],
  ["PATCH services/unlike", "add /properties/pulumi-claim-1", "a claim"],
  ["PATCH services/unlike", "replace /description", ""],
  ["POST services/unlike/regenerateKeys", "", { keyType: "Primary", keyValue: "first-key-of-ours" }],
];

type Patch = readonly { readonly op: string; readonly path: string; readonly value: unknown }[];

/** Each change on a line of its own, in an order that does not matter to the workspace. */
const oneByOne = (all: ReturnType<typeof sent>): readonly unknown[] =>
  all
    .flatMap(([request, body]) =>
      Array.isArray(body)
        ? (body as Patch).map(({ op, path, value }) => [request, `${op} ${path}`, value])
        : [[request, "", body]],
    )
    .map((line) => JSON.stringify(line))
    .sort();

const names = Object.keys(deployed);
const all = (verb: string): readonly string[] => [...names].sort().map((name) => `${name}: ${verb}`);

export async function adopted(crossing: Crossing): Promise<void> {
  await deploy(crossing);
  await refuse(crossing);
  await adopt(crossing);
  await settle(crossing);
  await update(crossing);
  await destroy(crossing);
}

async function deploy({ python, check }: Crossing): Promise<void> {
  for (const [name, settings] of Object.entries(deployed)) {
    const config = configurationOf(settings);
    const image = settings.imageId;
    await (image === undefined
      ? python.call("deploy", { name, config, ...extras(name) })
      : python.call("deploy_image", { name, config: withoutCompute(config), image }));
  }
  check("azureml-core deploys services of every kind", await python.call("names"), [...names].sort());
  const { properties } = (await python.call("serialize", { name: "git" })) as { properties: object };
  check(
    "azureml-core puts git facts into the properties",
    Object.keys(properties).includes("azureml.git.branch"),
    true,
  );
}

const extras = (name: string): object =>
  name === "git" ? { git } : name === "environment" ? { environment: "env-a" } : {};

const withoutCompute = (config: object): object =>
  Object.fromEntries(Object.entries(config).filter(([name]) => name !== "compute_target_name"));

/** Nothing may be taken over in part: all that cannot be made so is named, and nothing is sent. */
async function refuse({ program, run, check }: Crossing): Promise<void> {
  const other = {
    computeTargetName: "aks-other",
    properties: { team: "fraud", "azureml.git.branch": "dev" },
  };
  await program({ git: plainService("git", { ...other, adopt: true, cpuCores: 1 }) });
  const up = await run("up", "fails");
  check(
    "a program with another compute and other property values is refused",
    /CannotAdopt/.test(up.text),
    true,
  );
  for (const part of [/aks-other/, /properties\.team/, /azureml\.git\.branch/])
    check(`the refusal names ${part.source.replaceAll("\\", "")}`, part.test(up.text), true);
  check("a refused adoption sends nothing", changes(up), []);
  await program({});
  check("nothing of it stays in the state", planOf(await run("preview")), []);
}

const serialized = async ({ python }: Crossing, which: readonly string[]): Promise<unknown[]> => {
  const found: unknown[] = [];
  for (const name of which) found.push(await python.call("serialize", { name }));
  return found;
};

/** The first write to a service that nobody owns claims it, by a token and a time. */
const withoutChance = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replace(/[0-9a-f]{16} \d{4}-[^"\\ ]+ organization\/[^"\\]+/g, "a claim"));

async function adopt(crossing: Crossing): Promise<void> {
  const { program, run, check, python } = crossing;
  const alike = names.filter((name) => name !== "unlike");
  const before = await serialized(crossing, alike);
  await program(adopting);
  check("a preview would take all of them over", planOf(await run("preview")), all("create"));
  const up = await run("up");
  check("a program takes all of them over", planOf(up), all("create"));
  const line = ([request, path, value]: readonly unknown[]) => JSON.stringify([request, path, value]);
  check(
    "exactly the difference is sent, to the one that differs",
    withoutChance(oneByOne(sent(up))),
    difference.map(line).sort(),
  );
  check("azureml-core finds the others as they were", await serialized(crossing, alike), before);
  const parameters = ["autoscale_enabled", "num_replicas", "cpu_cores", "memory_gb", "tags", "properties"];
  check(
    "azureml-core finds the one that differed as the program says, and the rest of it as it was",
    withoutChance(
      await python.call("read", {
        name: "unlike",
        parameters: [...parameters, "primary_key", "secondary_key"],
      }),
    ),
    {
      ...{
        autoscale_enabled: false,
        num_replicas: 2,
        cpu_cores: 0.7,
        memory_gb: 1,
        tags: { owner: "fraud" },
      },
      ...{ properties: { team: "risk", cost: "12", "pulumi-claim-1": "a claim" } },
      ...{ primary_key: "first-key-of-ours", secondary_key: "second-key-of-python" },
    },
  );
}

async function settle({ run, check }: Crossing): Promise<void> {
  const again = await run("up");
  check("a second up plans nothing", planOf(again), []);
  check("a second up asks nothing", requests(again), []);
  const refresh = await run("refresh");
  check("a refresh finds no difference, git facts or not", planOf(refresh), []);
}

const changed = (settings: object, name: string): object => ({
  ...settings,
  ...(name === "team-fixed" ? { numReplicas: 4 } : { cpuCores: 0.4 }),
});

async function update(crossing: Crossing): Promise<void> {
  const { program, run, check, python } = crossing;
  await program(
    Object.fromEntries(Object.entries(adopting).map(([name, settings]) => [name, changed(settings, name)])),
  );
  const cpu = [{ op: "replace", path: "/containerResourceRequirements/cpu", value: 0.4 }];
  const claim = [{ op: "add", path: "/properties/pulumi-claim-1", value: "a claim" }];
  const replicas = [{ op: "replace", path: "/numReplicas", value: 4 }];
  const expected = [...names]
    .sort()
    .map((name) => [
      `PATCH services/${name}`,
      [...(name === "team-fixed" ? replicas : cpu), ...(name === "unlike" ? [] : claim)],
    ]);
  check("each is updated by one PATCH of one setting", withoutChance(sent(await run("up"))), expected);
  const details = (await python.call("serialize", { name: "environment" })) as Record<string, unknown>;
  check("the environment stays", (details["environmentDetails"] as { name?: string } | null)?.name, "env-a");
}

async function destroy({ run, check, python }: Crossing): Promise<void> {
  const down = await run("destroy");
  const deletes = [...names].sort().map((name) => [`DELETE services/${name}`, null]);
  check("each is destroyed by one DELETE", sent(down), deletes);
  const gone = names.map(() => "WebserviceNotFound");
  check("azureml-core says WebserviceNotFound of each", await whetherGone(python, names), gone);
}
