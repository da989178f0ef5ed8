import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment, Engine, EngineStack, Flags, RunResult } from "../harness/engines/engine";
import { stepList } from "../harness/engines/steps";
import { projectYaml } from "../harness/own-folder";
import { TOY_CLASS, toyProject } from "../rehearsal/toy-project";

type Operation = "preview" | "up" | "refresh" | "destroy";

/** What the provider does out of the ordinary, by a resource's input `name`, or in the end by its id. */
interface Behaviour {
  readonly failCreate?: readonly string[];
  readonly failUpdate?: readonly string[];
  readonly failDelete?: readonly string[];
  /** Made or changed, but not in order. */
  readonly notUp?: readonly string[];
  /** Is not there any more. */
  readonly gone?: readonly string[];
  /** Was changed by somebody else. */
  readonly drift?: Readonly<Record<string, object>>;
}

/** One command, with what changed before it; what does not change stays. */
export interface Chapter {
  readonly run: Operation;
  /** The body of the program. */
  readonly program?: string;
  readonly behaviour?: Behaviour;
  readonly flags?: Flags;
  readonly config?: Parameters<EngineStack["setConfig"]>[0];
  readonly files?: Readonly<Record<string, string>>;
}

/** Inputs `r` and `rr` replace a resource, the second one by deleting first. Behaves as `behaviour.json` says. */
const PROVIDER = `
const { readFileSync } = require("node:fs");
const behaviour = () => JSON.parse(readFileSync("behaviour.json", "utf8"));
const says = (list, { name }) => (behaviour()[list] ?? []).includes(name);
const made = (inputs) => ({ ...inputs, size: (inputs.name ?? "").length });
const notUp = (id, inputs) =>
  Object.assign(new Error("lost"), { id, properties: made(inputs), reasons: ["first reason", "second reason"] });
const differing = (keys, olds, news) => keys.filter((key) => olds[key] !== news[key]);
module.exports = {
  async check(olds, news) {
    return { inputs: news, failures: news.bad ? [{ property: "bad", reason: "is bad" }] : [] };
  },
  async diff(id, olds, news) {
    const replaces = differing(["r", "rr"], olds, news);
    if (replaces.length > 0) return { changes: true, replaces, deleteBeforeReplace: replaces.includes("rr") };
    return news.quiet ? { changes: false } : {};
  },
  async create(inputs) {
    if (says("failCreate", inputs)) throw new Error("cannot create " + inputs.name);
    const id = "id-" + inputs.name + (inputs.r ?? "") + (inputs.rr ?? "");
    if (says("notUp", inputs)) throw notUp(id, inputs);
    return { id, outs: made(inputs) };
  },
  async update(id, olds, inputs) {
    if (says("failUpdate", inputs)) throw new Error("cannot update " + inputs.name);
    if (says("notUp", inputs)) throw notUp(id, inputs);
    return { outs: made(inputs) };
  },
  async read(id, props) {
    const { gone = [], drift = {} } = behaviour();
    if (gone.includes(id)) return { id: "", props: {} };
    const { size, ...inputs } = { ...props, ...drift[id] };
    return { id, props: { size, ...inputs }, inputs };
  },
  async delete(id, props) {
    if (says("failDelete", props)) throw new Error("cannot delete " + props.name);
  },
};
`;

/** What one engine made of a chapter, in a form that is the same for both. */
interface Told {
  readonly exitCode: number;
  readonly changes: RunResult["changes"];
  readonly steps: ReturnType<typeof stepList>;
  /** The errors and warnings of resources, in full; those of the operation are in the engine's own words. */
  readonly said: readonly string[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly resources: readonly object[];
}

/** Runs a story from a new stack on. */
export async function tell(engine: Engine, story: readonly Chapter[]): Promise<readonly Told[]> {
  const { projectDir, workDir } = toyProject({ "Pulumi.yaml": projectYaml("toys") });
  const write = (path: string, content: string): void => writeFileSync(join(projectDir, path), content);
  write(join("node_modules", "toy", "index.js"), PROVIDER);
  mkdirSync(join(projectDir, "data"));
  write("behaviour.json", "{}");
  const stack = await engine.open({ projectDir, workDir, stack: "dev", passphrase: "x" });
  const told: Told[] = [];
  for (const { run, program, behaviour, flags, config, files = {} } of story) {
    if (program !== undefined) write("index.js", whole(program));
    if (behaviour !== undefined) write("behaviour.json", JSON.stringify(behaviour));
    if (config !== undefined) await stack.setConfig(config);
    for (const [path, content] of Object.entries(files)) write(path, content);
    const result = await stack[run](flags ? { flags } : {});
    const { shown } = await stack.exportState();
    told.push({
      exitCode: result.exitCode === 0 ? 0 : 1,
      changes: result.changes,
      steps: stepList(result.events),
      said: saidIn(result),
      outputs: await stack.outputs({ showSecrets: true }),
      resources: resourcesIn(shown),
    });
  }
  await stack.close();
  return told;
}

const whole = (body: string): string => `
const pulumi = require("@pulumi/pulumi");
${TOY_CLASS}
class Group extends pulumi.ComponentResource {
  constructor(name, options) {
    super("toy:index:Group", name, {}, options);
  }
}
const config = new pulumi.Config();
${body}
`;

const saidIn = ({ events }: RunResult): readonly string[] =>
  events
    .flatMap((event) => (event.kind === "diagnostic" && event.urn !== "" ? [event] : []))
    .filter(({ severity }) => severity === "error" || severity === "warning")
    .map(({ severity, urn, message }) => `${severity} ${urn.split("::").pop()}: ${message.trim()}`)
    .sort();

/** What the state has of each resource, without what differs from run to run. */
const resourcesIn = ({ resources = [] }: Deployment): readonly object[] =>
  resources
    .map(({ created: _c, modified: _m, sourcePosition: _p, stackTrace: _t, ...resource }) => ({
      ...resource,
      ...(isProvider(resource) ? { id: "" } : {}),
      ...("provider" in resource ? { provider: String(resource["provider"]).replace(/::[^:]*$/, "") } : {}),
      dependencies: sorted(resource["dependencies"]),
      propertyDependencies: Object.fromEntries(
        Object.entries((resource["propertyDependencies"] ?? {}) as object)
          .map(([key, urns]) => [key, sorted(urns)] as const)
          .filter(([, urns]) => urns.length > 0),
      ),
    }))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));

/** The SDK sends them in any order. */
const sorted = (urns: unknown): readonly string[] => [...((urns ?? []) as readonly string[])].sort();

const isProvider = ({ type }: Readonly<Record<string, unknown>>): boolean =>
  String(type).startsWith("pulumi:providers:");

const sortKey = (resource: Readonly<Record<string, unknown>>): string =>
  `${String(resource["urn"])} ${String(resource["delete"] ?? "")}`;

const CAR = `
const group = new Group("group");
const first = new Toy("first", { name: config.get("name") ?? "car", key: pulumi.secret("s3cret"), l: [1, { a: null }] }, { parent: group });
const second = new Toy("second", { name: pulumi.interpolate\`after-\${first.size}\` });
`;
const OUTPUTS = "exports.size = second.size;\nexports.key = first.key;\n";
const one = (inputs: string, options = "{}"): string =>
  `const one = new Toy("one", ${inputs}, ${options});\n`;

/** One story for each thing that the rehearsal claims to do. */
export const stories: Readonly<Record<string, readonly Chapter[]>> = {
  "make, change, refresh and destroy; a secret in and out, a component's child": [
    { run: "preview", program: CAR + OUTPUTS },
    { run: "up" },
    { run: "up" },
    {
      run: "preview",
      config: { name: "truck" },
      program: `${CAR}new Toy("third", { name: "x" }, { dependsOn: [second, group] });\n${OUTPUTS}`,
    },
    { run: "up" },
    { run: "up", config: { token: { secret: "hush" } } },
    { run: "refresh" },
    { run: "up", program: CAR },
    { run: "destroy" },
  ],
  "aliases: a resource and a component with its child under new names": [
    { run: "up", program: `${CAR}${one('{ name: "n" }')}${OUTPUTS}` },
    {
      run: "up",
      program: `
        const group = new Group("team", { aliases: [{ name: "group" }] });
        const first = new Toy("first", { name: "car", key: pulumi.secret("s3cret"), l: [1, { a: null }] }, { parent: group });
        const second = new Toy("next", { name: pulumi.interpolate\`after-\${first.size}\` }, { aliases: [{ name: "second" }] });
        ${one('{ name: "n" }', "{ parent: group, aliases: [{ parent: pulumi.rootStackResource }] }")}
        ${OUTPUTS}`,
    },
    { run: "refresh" },
    {
      run: "up",
      program: `
        const group = new Group("team");
        const urn = "urn:pulumi:dev::toys::toy:index:Group$pulumi-nodejs:dynamic/toy:Toy::one";
        const first = new Toy("team-first", { name: "bus" }, { parent: group, aliases: [{ name: "first" }] });
        new Toy("own", { name: first.name }, { aliases: [urn] });`,
    },
    { run: "destroy" },
  ],
  "replacement, the new one first: what uses it is changed in between": [
    {
      run: "up",
      program: `${one('{ name: "n", r: 1 }')}new Toy("two", { name: pulumi.interpolate\`\${one.id}\` });`,
    },
    {
      run: "preview",
      program: `${one('{ name: "n", r: 2 }')}new Toy("two", { name: pulumi.interpolate\`\${one.id}\` });`,
    },
    { run: "up" },
    { run: "up", program: one('{ name: "n", rr: 1 }', "{ deleteBeforeReplace: false }") },
    { run: "destroy" },
  ],
  "replacement, the old one deleted first": [
    { run: "up", program: one('{ name: "n", rr: 1 }') },
    { run: "preview", program: one('{ name: "n", rr: 2 }') },
    { run: "up" },
    { run: "up", program: one('{ name: "n", rr: 2, r: 1 }', "{ deleteBeforeReplace: true }") },
    { run: "up", program: one('{ name: "m", rr: 3 }'), behaviour: { failCreate: ["m"] } },
    { run: "preview", behaviour: {} },
    { run: "up" },
    { run: "up", program: one('{ name: "m", rr: 4 }'), behaviour: { failCreate: ["m"] } },
    { run: "up", program: "", behaviour: {} },
    { run: "destroy" },
  ],
  "protect: neither deleted nor replaced": [
    {
      run: "up",
      program: `${one('{ name: "n", r: 1 }', "{ protect: true }")}new Toy("other", { name: one.name });`,
    },
    {
      run: "preview",
      program: `${one('{ name: "n", r: 2 }', "{ protect: true }")}new Toy("other", { name: one.name });`,
    },
    { run: "up" },
    { run: "up", program: 'new Toy("other", { name: "x" });' },
    { run: "destroy" },
    { run: "destroy", flags: { ignoreProtect: true } },
  ],
  "protect: of a component's child, taken back": [
    {
      run: "up",
      program: `const group = new Group("group", { protect: true });\n${one('{ name: "n" }', "{ parent: group }")}`,
    },
    { run: "destroy" },
    { run: "up", program: `const group = new Group("group");\n${one('{ name: "n" }', "{ parent: group }")}` },
    { run: "destroy" },
  ],
  ignoreChanges: [
    {
      run: "up",
      program: one('{ name: "n", tags: { a: "1", b: "1" } }', '{ ignoreChanges: ["name", "tags.a"] }'),
    },
    {
      run: "preview",
      program: one('{ name: "m", tags: { a: "2", b: "1" } }', '{ ignoreChanges: ["name", "tags.a"] }'),
    },
    { run: "up" },
    {
      run: "up",
      program: one('{ name: "m", tags: { a: "2", b: "2" } }', '{ ignoreChanges: ["name", "tags.a"] }'),
    },
    { run: "up", program: one('{ tags: { b: "2" } }', '{ ignoreChanges: ["name", "tags.a"] }') },
    { run: "up", program: one('{ name: "k" }', '{ ignoreChanges: ["tags.a"] }') },
    { run: "refresh", behaviour: { drift: { "id-n": { name: "other" } } } },
    { run: "destroy" },
  ],
  "retainOnDelete, additionalSecretOutputs": [
    {
      run: "up",
      program: one('{ name: "n", r: 1 }', '{ retainOnDelete: true, additionalSecretOutputs: ["size"] }'),
      behaviour: { failDelete: ["n"] },
    },
    { run: "up", program: one('{ name: "n", r: 2 }', "{ retainOnDelete: true }") },
    { run: "up", program: "" },
    { run: "destroy" },
  ],
  "a create that fails, and one that comes up half": [
    {
      run: "up",
      program: `${one('{ name: "n" }')}new Toy("two", { name: one.name });`,
      behaviour: { failCreate: ["n"] },
    },
    { run: "up", behaviour: { notUp: ["n"] } },
    { run: "preview" },
    { run: "up" },
    { run: "up", behaviour: {} },
    { run: "up" },
    { run: "destroy" },
  ],
  "half made: refreshed, and destroyed": [
    { run: "up", program: one('{ name: "n" }'), behaviour: { notUp: ["n"] } },
    { run: "refresh" },
    { run: "up" },
    { run: "up", program: one('{ name: "n", more: 1 }') },
    { run: "destroy" },
  ],
  "an update that fails, a delete that fails, a check that says no": [
    { run: "up", program: `${one('{ name: "n" }')}new Toy("two", { name: one.name });` },
    { run: "up", program: one('{ name: "n", more: 1 }'), behaviour: { failUpdate: ["n"] } },
    { run: "up", program: one('{ name: "n", bad: "x" }'), behaviour: {} },
    { run: "preview", program: one('{ name: "n", bad: { s: pulumi.secret("s3cret"), l: [1] } }') },
    { run: "destroy", behaviour: { failDelete: ["n"] } },
    { run: "destroy", behaviour: {} },
  ],
  "a refresh that finds something else, and nothing": [
    {
      run: "up",
      program: `${one('{ name: "n" }')}new Toy("two", { name: "m", o: one.size, key: pulumi.secret("k") });`,
    },
    { run: "refresh", behaviour: { drift: { "id-m": { name: "other", size: 9, key: "k2" } } } },
    { run: "preview", behaviour: {} },
    { run: "up" },
    { run: "refresh", behaviour: { gone: ["id-n"] } },
    { run: "up", behaviour: {} },
    { run: "refresh", behaviour: { gone: ["id-n", "id-m"] } },
    { run: "destroy", behaviour: {} },
  ],
  "a resource that is only read": [
    {
      run: "preview",
      program: 'const there = new Toy("there", {}, { id: "id-there" });\nexports.size = there.size;',
      behaviour: { drift: { "id-there": { size: 3 } } },
    },
    { run: "up" },
    { run: "up", behaviour: { drift: { "id-there": { size: 4 } } } },
    { run: "refresh", behaviour: { drift: { "id-there": { size: 5 } } } },
    { run: "destroy" },
  ],
  "files that change": [
    {
      run: "up",
      files: { "data/a.txt": "a" },
      program: one(
        '{ name: "n", source: new pulumi.asset.FileArchive("data"), file: new pulumi.asset.FileAsset("data/a.txt") }',
      ),
    },
    { run: "preview", files: { "data/a.txt": "b" } },
    { run: "up" },
    { run: "refresh" },
    { run: "up" },
    { run: "destroy" },
  ],
  "what the provider says of a change": [
    { run: "up", program: one('{ name: "n", quiet: true, x: 1 }') },
    { run: "up", program: one('{ name: "n", quiet: true, x: 2 }') },
    { run: "up", program: one('{ name: "n", x: 2 }') },
    { run: "destroy" },
  ],
  "programs that fail: with an error, with open promises, with a name twice": [
    { run: "up", program: `${one('{ name: "n" }')}${one('{ name: "m" }').replace(/one/g, "two")}` },
    {
      run: "up",
      program: `${one('{ name: "n", more: 1 }')}one.size.apply(() => { throw new Error("no such thing"); });`,
    },
    {
      run: "preview",
      program: `${one('{ name: "n" }')}new Toy("open", { name: pulumi.output(new Promise(() => {})) });`,
    },
    { run: "up" },
    { run: "up", program: `${one('{ name: "n" }')}new Toy("one", { name: "m", o: one.size });` },
    { run: "destroy" },
  ],
};
