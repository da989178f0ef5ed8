import type { EngineEvent, StepEvent } from "../../rehearsal/index";
import { changes, plan, requests, runCommand } from "./operation";
import type { EngineStack } from "./engines/engine";

const service = "urn:pulumi:demo::quickstart::pulumi-nodejs:dynamic/azureml:AksWebservice::fraud";
const stackUrn = "urn:pulumi:demo::quickstart::pulumi:pulumi:Stack::quickstart-demo";
const providerUrn = "urn:pulumi:demo::quickstart::pulumi:providers:pulumi-nodejs::default";

const step = (op: StepEvent["op"], more: Partial<StepEvent> = {}): StepEvent => ({
  kind: "step",
  op,
  urn: service as StepEvent["urn"],
  old: null,
  new: null,
  ...more,
});

const state = (inputs: Record<string, unknown>) => ({
  custom: true,
  parent: "" as StepEvent["urn"],
  id: "",
  inputs,
  outputs: {},
});

/** A stack whose every command ends with these events. */
const stackOf = (events: readonly EngineEvent[], exitCode = 0): EngineStack => {
  const run = () => Promise.resolve({ exitCode, events, changes: {}, text: "said" });
  return { preview: run, up: run, refresh: run, destroy: run } as unknown as EngineStack;
};

const noCalls = () => Promise.resolve([]);

test("a plan names the settings that differ, and leaves out the stack, providers and what is the same", async () => {
  const events = [
    step("create", { urn: stackUrn as StepEvent["urn"] }),
    step("create", { urn: providerUrn as StepEvent["urn"] }),
    step("same"),
    step("update", {
      old: state({ cpuCores: 1, tags: { a: "b" }, __hidden: 1 }),
      new: state({ cpuCores: 2, tags: { a: "c" }, __hidden: 2 }),
      detailedDiff: { "properties.team": { diffKind: "add", inputDiff: true } },
    }),
  ];
  const operation = await runCommand(stackOf(events), "up", noCalls);
  expect(plan(operation)).toEqual(["fraud: update cpuCores properties tags"]);
});

test("what a refresh found is known when it is done", async () => {
  const events = [step("refresh"), step("update", { kind: "done", diffs: ["cpuCores"] })];
  expect(plan(await runCommand(stackOf(events), "refresh", noCalls))).toEqual(["fraud: update cpuCores"]);
  expect(plan(await runCommand(stackOf(events), "up", noCalls))).toEqual(["fraud: refresh"]);
});

test("the requests of a command are those that came while it ran", async () => {
  const call = (n: number, method: string) => ({
    n,
    method,
    path: "/a/workspaces/w/services",
    body: null,
    status: 200,
  });
  const logs = [[call(1, "POST")], [call(1, "POST"), call(2, "GET"), call(3, "PATCH")]];
  const operation = await runCommand(stackOf([]), "up", () => Promise.resolve(logs.shift() ?? []));
  expect({ requests: requests(operation), changes: changes(operation) }).toEqual({
    requests: ["GET services", "PATCH services"],
    changes: ["PATCH services"],
  });
});

test.each([
  [0, true],
  [1, false],
])("with the exit status %d it has succeeded: %s", async (code, succeeded) => {
  expect((await runCommand(stackOf([], code), "preview", noCalls)).succeeded).toBe(succeeded);
});
