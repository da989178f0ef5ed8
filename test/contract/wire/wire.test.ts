import type { Values } from "../../lifecycle/host";
import { startWorkspace, type TestWorkspace } from "../../lifecycle/workspace";
import { apart, cases, sentBy, settingsOf, type Case } from "./cases";
import { codeOf, removeFiles, uploadsAmong, withoutNames } from "./inference";
import { differences, type Difference } from "./differences";
import { unequalBodies, unequalPatches } from "./meaning";
import { callWorkspace } from "../../harness/workspace";

/** What became of a call: `equal`, or the part of a difference that the table must have. */
type Outcome = "equal" | Omit<Difference, "why" | "quirk">;

const NAME = "svc-a";
const outcomes = new Map<string, Outcome>();
let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await startWorkspace();
});
afterAll(async () => {
  removeFiles();
  await workspace.close();
  const equal = [...outcomes.values()].filter((outcome) => outcome === "equal").length;
  const different = outcomes.size - equal;
  process.stdout.write(
    `wire: ${outcomes.size} compared, ${equal} equal, ${different} different with a reason\n`,
  );
});

const withoutCompute = ["deploy.no_compute_at_all", "deploy_from_image.refuses.no_target"];

/** The program that says what the call says, beside what every program must. */
const programOf = ({ name: called, call }: Case, name: string): Values => ({
  serviceName: call.name === undefined || call.name === NAME ? name : call.name,
  ...(withoutCompute.includes(called) ? {} : { computeTargetName: "aks-test" }),
  ...(call.op === "deploy_from_image"
    ? { imageId: call.image ?? "img:1" }
    : { models: call.models ?? ["sk:1"] }),
  ...settingsOf(call.config),
  ...codeOf(call.inference),
});

/** `Code setting` of each refusal, from failures or from the message of a refused plan. */
const inShort = (reasons: readonly string[]): readonly string[] =>
  reasons.map((reason) => /^(\w+): (\S+) must be /.exec(reason)!.slice(1, 3).join(" ")).sort();

const refused = (sent: unknown, reasons: readonly string[]): Outcome =>
  sent === undefined ? "equal" : { refuses: inShort(reasons) };

const compared = (sent: unknown, unequal: () => readonly string[]): Outcome => {
  if (sent === undefined) return { accepts: true };
  const at = unequal();
  return at.length === 0 ? "equal" : { sends: at };
};

const last = (method: string, path: RegExp): unknown => workspace.sent(method, path).at(-1);

/** The same files, in the same order. */
const expectSameUploads = (one: Case): void =>
  expect(uploadsAmong(workspace.emulator.requests())).toEqual(uploadsAmong(one.requests));

/** Every create of a program says who makes the service; no call of the client's does. */
const withoutStamp = (body: Values): Values => {
  const entries = Object.entries(body["properties"] as Values);
  expect(entries.map(([key]) => key)).toContain("pulumi-created-by");
  return { ...body, properties: Object.fromEntries(entries.filter(([key]) => key !== "pulumi-created-by")) };
};

const ofCreate = async (one: Case, name: string): Promise<Outcome> => {
  const { inputs, failures } = await workspace.host.check({}, programOf(one, name));
  if (failures.length > 0)
    return refused(
      sentBy(one),
      failures.map(({ reason }) => reason),
    );
  workspace.emulator.clearRequests();
  // What the service then makes of it is another test's matter.
  await workspace.host.create(inputs).catch(() => undefined);
  expectSameUploads(one);
  const body = withoutNames(withoutStamp({ ...(last("POST", /\/services$/) as Values), name: NAME }));
  return compared(sentBy(one), () => unequalBodies(sentBy(one), body));
};

const document = async (name: string): Promise<Values> => {
  const answer = await callWorkspace(workspace.emulator, "GET", `/services/${name}?expand=true`);
  return (await answer.json()) as Values;
};

const changeOf = ({ call }: Case): Values => ({
  ...settingsOf(call.args),
  ...(call.models ? { models: call.models } : {}),
  ...(call.image ? { imageId: call.image } : {}),
  ...codeOf(call.inference),
  // Set by the recorded call too, although its record does not list it.
  ...(call.inference ? { cpuCores: 0.2 } : {}),
});

const ofUpdate = async (one: Case, name: string): Promise<Outcome> => {
  const { host } = workspace;
  const source = one.call.image ? { imageId: "img:1" } : { models: ["sk:1"] };
  const code = codeOf(one.given?.["__inference"]);
  const before = {
    serviceName: name,
    computeTargetName: "aks-test",
    ...source,
    ...code,
    ...settingsOf(one.given),
  };
  const old = await workspace.checked(before);
  const { id, outputs } = await host.create(old);
  const { inputs, failures } = await host.check(old, { ...before, ...changeOf(one) });
  if (failures.length > 0)
    return refused(
      sentBy(one),
      failures.map(({ reason }) => reason),
    );
  const diff = await host.diff(id, outputs, inputs).catch((error: Error) => error.message);
  if (typeof diff === "string") return refused(sentBy(one), diff.split("\n"));
  workspace.emulator.clearRequests();
  const live = await document(name);
  if (diff.changes !== "none" && diff.replaces.length === 0)
    await host.update(id, outputs, inputs).catch(() => undefined);
  if (diff.replaces.length > 0) return { sends: diff.replaces.map((field) => `replace for ${field}`) };
  expectSameUploads(one);
  const patch = withoutNames(last("PATCH", /./));
  return compared(sentBy(one), () => unequalPatches(sentBy(one), patch, live));
};

const outcomeOf = async (one: Case, index: number): Promise<Outcome> => {
  const name = `case-${index}`;
  return one.call.op === "update" ? ofUpdate(one, name) : ofCreate(one, name);
};

const expectedOf = (difference: Difference | undefined): Outcome => {
  if (!difference) return "equal";
  return Object.fromEntries(Object.entries(difference).filter(([member]) => !/^(why|quirk)$/.test(member)));
};

describe("the provider, given what the Python client was given", () => {
  it.each(cases.map((one, index) => [one.name, one, index] as const))("%s", async (name, one, index) => {
    const outcome = await outcomeOf(one, index);
    outcomes.set(name, outcome);
    expect(outcome).toEqual(expectedOf(differences[name]));
  });

  it("differs only with a reason, and no reason is left over", () => {
    expect(Object.keys(differences).filter((name) => !cases.some((one) => one.name === name))).toEqual([]);
    for (const { why } of Object.values(differences)) expect(why).toMatch(/^[A-Z].*\.$/s);
  });

  it("is compared in every call but migrations and endpoints", () => {
    expect(apart.map(({ name }) => name)).toEqual([
      "migrate",
      "migrate.refuses.no_target",
      "endpoint.update_crashes",
    ]);
    expect(cases).toHaveLength(154);
  });
});
