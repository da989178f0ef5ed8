import { isDeepStrictEqual } from "node:util";
import { isSecret, type Stack, type Stored, type Values } from "./engine";
import { NAME, OUTSIDE_DESCRIPTION } from "./faults";
import { BYSTANDER, contentIn, versionIn, type Scenario } from "./scenarios";
import type { Json, Keys, LiveModel, Witness } from "./witness";

/** Where the workspace's document has each setting of the programs; written from the wire's recordings, not from the provider. */
const settings: Readonly<Record<string, (service: Json) => unknown>> = {
  serviceName: (service) => service["name"],
  computeTargetName: (service) => service["computeName"],
  models: (service) => (service["environmentImageRequest"] as Json | null)?.["modelIds"],
  cpuCores: (service) => (service["containerResourceRequirements"] as Json)["cpu"],
  scoringTimeoutMs: (service) => service["scoringTimeoutMs"],
  tags: (service) => service["kvTags"],
};

const modelSettings: Readonly<Record<string, (model: Json) => unknown>> = {
  modelName: (model) => model["name"],
  tags: (model) => model["kvTags"],
  description: (model) => model["description"],
};

/** What must be the same after any number of faulty runs. */
export interface Before {
  readonly bystander: unknown;
  readonly service: Json | undefined;
  readonly keys: Keys | undefined;
}

const named = (services: readonly Json[], name: string): Json | undefined =>
  services.find((service) => service["name"] === name);

async function bystanderOf(scenario: Scenario, witness: Witness): Promise<unknown> {
  if (scenario.kind === "model")
    return (await witness.models()).filter(({ document }) => document["name"] === BYSTANDER);
  const service = named(await witness.services(), BYSTANDER);
  return [service, service && (await witness.keys(BYSTANDER))];
}

export async function lookBefore(scenario: Scenario, witness: Witness): Promise<Before> {
  const service = scenario.kind === "service" ? named(await witness.services(), NAME) : undefined;
  return {
    bystander: await bystanderOf(scenario, witness),
    service,
    keys: service && (await witness.keys(NAME)),
  };
}

const compare = (what: string, found: unknown, expected: unknown): readonly string[] =>
  isDeepStrictEqual(found, expected)
    ? []
    : [`${what} is ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`];

/** An additive map may hold more than the program says. */
const lacking = (what: string, found: unknown, expected: unknown): readonly string[] =>
  Object.entries((expected ?? {}) as Values).flatMap(([key, value]) =>
    compare(`${what}.${key}`, ((found ?? {}) as Values)[key], value),
  );

export interface Outcome {
  readonly scenario: Scenario;
  readonly witness: Witness;
  readonly stack: Stack;
  readonly before: Before;
  /** Someone else has deleted or changed it meanwhile. */
  readonly outsider: "deletes" | "changes" | undefined;
}

/** What is wrong at the end, when all has come about; empty when nothing is. */
export async function wrongAtEnd(outcome: Outcome): Promise<readonly string[]> {
  const { scenario, witness, before } = outcome;
  const found = await (scenario.kind === "service" ? wrongServices(outcome) : wrongModels(outcome));
  return [...found, ...compare("the bystander", await bystanderOf(scenario, witness), before.bystander)];
}

async function wrongServices({
  scenario,
  witness,
  stack,
  before,
  outsider,
}: Outcome): Promise<readonly string[]> {
  const services = await witness.services();
  const { program } = scenario;
  const name = String(program["serviceName"]);
  const expected = scenario.run === "destroy" ? [BYSTANDER] : [BYSTANDER, name];
  const names = compare("the services", services.map((each) => each["name"]).sort(), expected.sort());
  const state = stack.state;
  if (scenario.run === "destroy") return [...names, ...compare("the state", state.resource, undefined)];
  const live = named(services, name);
  if (!live) return [...names, "the service is gone"];
  const outputs = state.resource?.outputs ?? {};
  const keys = await witness.keys(name);
  return [
    ...names,
    ...compare("what waits to be deleted", state.doomed.length, 0),
    ...compare("the live state", live["state"], "Healthy"),
    ...Object.entries(settings).flatMap(([input, read]) =>
      compare(`the live ${input}`, read(live), program[input]),
    ),
    ...lacking("the live properties", live["properties"], program["properties"]),
    ...givenKeys(program, keys),
    ...keptKeys(scenario, before, keys, outsider),
    ...outputsLike(outputs, live, keys),
    ...(await wrongCode(program, witness, name)),
    ...keptByOthers(scenario, live, outsider),
  ];
}

const givenKeys = (program: Values, keys: Keys): readonly string[] =>
  (["primaryKey", "secondaryKey"] as const).flatMap((which) =>
    program[which] === undefined ? [] : compare(`the live ${which}`, keys[which], program[which]),
  );

/** Keys that the service made are those of callers: they change with the service alone. */
const keptKeys = (scenario: Scenario, before: Before, keys: Keys, outsider: unknown): readonly string[] =>
  before.keys === undefined ||
  outsider === "deletes" ||
  scenario.program["primaryKey"] !== undefined ||
  scenario.name.startsWith("replace")
    ? []
    : compare("the keys of callers", keys, before.keys);

const outputsLike = (outputs: Values, live: Json, keys: Keys): readonly string[] => [
  ...Object.entries(settings).flatMap(([input, read]) =>
    input === "serviceName" || outputs[input] === undefined
      ? []
      : compare(`the output ${input}`, outputs[input], read(live)),
  ),
  ...["state", "scoringUri"].flatMap((name) => compare(`the output ${name}`, outputs[name], live[name])),
  ...(["primaryKey", "secondaryKey"] as const).flatMap((which) =>
    compare(`the output ${which}`, outputs[which], keys[which]),
  ),
];

async function wrongCode(program: Values, witness: Witness, name: string): Promise<readonly string[]> {
  const version = versionIn(program);
  const deployed = await witness.deployed(name);
  const models = compare("the deployed models", deployed["models"], program["models"]);
  if (version === undefined) return models;
  return [
    ...models,
    ...compare("the deployed code", (deployed["code"] as Json | undefined)?.["version"], version),
  ];
}

/** What others wrote and the program does not manage stays, wherever the service itself stays. */
const keptByOthers = (scenario: Scenario, live: Json, outsider: unknown): readonly string[] =>
  outsider === "changes" && scenario.before !== undefined && !scenario.name.startsWith("replace")
    ? compare("the description of someone else", live["description"], OUTSIDE_DESCRIPTION)
    : [];

async function wrongModels({ scenario, witness, stack }: Outcome): Promise<readonly string[]> {
  const own = (await witness.models()).filter(({ document }) => document["name"] === NAME);
  if (scenario.run === "destroy")
    return [
      ...compare("the versions", own.length, 0),
      ...compare("the state", stack.state.resource, undefined),
    ];
  const { program } = scenario;
  const versions = compare("the versions", own.length, 1);
  const [live]: readonly (LiveModel | undefined)[] = own;
  if (!live) return versions;
  const outputs = stack.state.resource?.outputs ?? {};
  return [
    ...versions,
    ...compare("what waits to be deleted", stack.state.doomed.length, 0),
    ...Object.entries(modelSettings).flatMap(([input, read]) =>
      compare(`the live ${input}`, read(live.document), program[input]),
    ),
    ...lacking("the live properties", live.document["properties"], program["properties"]),
    ...compare("the content", live.content, contentIn(program)),
    ...compare("the output modelId", outputs["modelId"], live.document["id"]),
    ...compare("the output tags", outputs["tags"], live.document["kvTags"]),
  ];
}

/** Where what a call stores is no JSON (which keeps `pulumi up` waiting for ever), or shows a secret. */
export const wrongStored = (stored: readonly Stored[], secrets: readonly string[]): readonly string[] =>
  stored.flatMap(({ verb, values, failed }) => [
    ...undefinedIn(values).map((path) => `${verb} stores an undefined at ${path}`),
    ...(!failed || typeof values["__provider"] === "string"
      ? []
      : [`${verb} leaves a half-made resource without __provider`]),
    ...shown(clear(values), secrets).map((secret) => `${verb} stores ${secret} in the clear`),
  ]);

const undefinedIn = (value: unknown, path = "$"): readonly string[] => {
  if (value === undefined) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => undefinedIn(member, `${path}.${name}`));
};

/** All that is not wrapped as a secret. */
const clear = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(clear);
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, clear(member)]));
};

const shown = (value: unknown, secrets: readonly string[]): readonly string[] => {
  const text = JSON.stringify(value) ?? "";
  return secrets.filter((secret) => text.includes(secret)).map((secret) => `"${secret.slice(0, 6)}…"`);
};

export const wrongTexts = (texts: readonly string[], secrets: readonly string[]): readonly string[] => [
  ...shown(texts, secrets).map((secret) => `a line or an error shows ${secret}`),
  ...texts
    .filter((text) =>
      /TypeError|ReferenceError|is not a function|\[object Object\]|Cannot read prop/.test(text),
    )
    .map((text) => `an error of our own: ${text.slice(0, 160)}`),
];
