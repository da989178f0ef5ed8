import * as fc from "fast-check";
import { diff } from "../../../provider/core/diff";
import { outputsOf } from "../../../provider/core/outputs";
import {
  changesToSend,
  keptInputs,
  leftAlone,
  previewedBy,
  previewedSettings,
  settingsIn,
  sideEffects,
} from "../../../provider/core/previewed";
import { UNKNOWN, type Settings } from "../../../provider/core/values";
import { readSettings, type ServiceJson } from "../../../provider/core/wire";
import { documentOf, inputs, WORKSPACE } from "./settings";

const outputsFor = (program: Settings, document: ServiceJson = documentOf(program)): Settings =>
  outputsOf({
    document,
    program,
    before: {},
    keys: { primaryKey: String(program["primaryKey"] ?? "key-0"), secondaryKey: "key-9" },
    workspaceId: WORKSPACE,
  });

const base: Settings = {
  workspaceId: WORKSPACE,
  serviceName: "fraud",
  computeTargetName: "aks",
  models: ["a:1"],
};

/** What an update of a service sends whose last known state is of `before`, and which is live as `live`. */
const sentOf = (before: Settings, news: Settings, live: ServiceJson, known = documentOf(before)) => {
  const compared = { news, outputs: outputsFor(before, known) };
  const { action } = diff(compared.outputs, news);
  const previewed = previewedBy(action);
  const settings = readSettings(live, news);
  const changes = changesToSend(settings, previewedSettings(compared, settings, previewed));
  return { compared, action, previewed, live: settings, changes, sent: settingsIn(changes) };
};

describe("what an update sends", () => {
  it("is among what its preview showed, with the values that it showed, and never live already", () => {
    fc.assert(
      fc.property(inputs, inputs, inputs, (before, news, other) => {
        const { action, changes, live } = sentOf(before, news, documentOf(other));
        const shown = new Map(
          action.kind === "update" ? action.changes.map(({ row, desired }) => [row.input, desired]) : [],
        );
        for (const { row, desired } of changes) {
          expect(shown.get(row.input)).toEqual(desired);
          if (row.mutability === "inPlace") expect(live[row.input]).not.toEqual(desired);
        }
      }),
    );
  });

  it("is all of it where nothing was changed meanwhile, and then nothing is left alone", () => {
    fc.assert(
      fc.property(inputs, inputs, (before, news) => {
        const { action, changes, compared, live, previewed, sent } = sentOf(before, news, documentOf(before));
        const kinds = (all: typeof changes) =>
          all.filter(({ row }) => row.mutability === "inPlace").map(({ row }) => row.input);
        expect(kinds(changes)).toEqual(action.kind === "update" ? kinds(action.changes) : []);
        if (action.kind === "replace") return;
        expect(leftAlone(compared, live, previewed)).toEqual([]);
        expect(sideEffects(compared, live, sent)).toEqual([]);
      }),
    );
  });

  it("leaves outputs from which the same program plans nothing, whatever another hand did", () => {
    fc.assert(
      fc.property(inputs, inputs, (program, other) => {
        const outputs = outputsFor(program);
        const document = { ...documentOf(program), ...settingsOfOther(other) };
        const after = outputsOf({
          document,
          program,
          before: outputs,
          workspaceId: WORKSPACE,
          kept: keptInputs(program, []),
        });
        expect(diff(after, program).action).toEqual({ kind: "none" });
      }),
    );
  });

  const scaling = (autoscaleEnabled: boolean) => ({ autoScaler: { autoscaleEnabled } });
  it.each<[string, Settings, Settings, ServiceJson, Settings, readonly string[], readonly string[]]>([
    ["a change", { cpuCores: 1 }, { cpuCores: 2 }, {}, { cpuCores: 2 }, [], []],
    [
      "a change beside another hand's",
      { tags: { a: "1" }, description: "x" },
      { tags: { a: "2" }, description: "x" },
      { description: "y" },
      { tags: { a: "2" } },
      ["description"],
      [],
    ],
    ["what is live already", { description: "x" }, { description: "y" }, { description: "y" }, {}, [], []],
    [
      "a count where another hand has turned autoscaling on",
      { numReplicas: 2 },
      { numReplicas: 3 },
      { ...scaling(true), numReplicas: 5 },
      { numReplicas: 3 },
      ["autoscaleEnabled"],
      ["autoscaleEnabled is true"],
    ],
    [
      "an end of key authentication where another hand has ended tokens",
      { tokenAuthEnabled: true, authEnabled: true },
      { tokenAuthEnabled: true, authEnabled: false },
      { aadAuthEnabled: false, authEnabled: true },
      { authEnabled: false },
      ["tokenAuthEnabled"],
      ["the other way to authenticate is off"],
    ],
    [
      "another hand's change that ignoreChanges names",
      { description: "x" },
      { description: "x", __ignoreChanges: ["description"] },
      { description: "y" },
      {},
      [],
      [],
    ],
  ])("of %s", (_what, before, after, live, sent, left, effects) => {
    const [old, news] = [
      { ...base, ...before },
      { ...base, ...after },
    ];
    const found = sentOf(old, news, { ...documentOf(old), ...live });
    expect({
      sent: found.sent,
      left: leftAlone(found.compared, found.live, found.previewed).map(({ row }) => row.input),
      effects: sideEffects(found.compared, found.live, found.sent),
    }).toEqual({ sent, left, effects });
  });

  it.each<[string, Settings | undefined, Settings, ServiceJson, readonly string[], Settings | undefined]>([
    ["emptied by the engine", undefined, {}, { x: "1" }, ["tags.a"], undefined],
    ["holding ignored entries alone", undefined, { a: "0" }, { x: "1" }, ["tags.a"], undefined],
    [
      "holding ignored entries in the engine's other spelling",
      undefined,
      { a: "0" },
      { x: "1" },
      ['["tags"]["a"]'],
      undefined,
    ],
    ["every entry ignored", { b: "1" }, { b: "2" }, { b: "3" }, ['tags["*"]'], undefined],
    [
      "an entry of another tool",
      { b: "1" },
      { b: "2" },
      { b: "1", a: "live" },
      ["tags.a"],
      { b: "2", a: "live" },
    ],
    ["one that is not live", { b: "1" }, { b: "2", a: "old" }, { b: "1" }, ["tags.a"], { b: "2" }],
    [
      "a key with a dot",
      { b: "1" },
      { b: "2" },
      { b: "1", "a.c": "l" },
      ['tags["a.c"]'],
      { b: "2", "a.c": "l" },
    ],
    ["its own last entry gone", { b: "1" }, {}, { b: "1", a: "l" }, ["tags.a"], { a: "l" }],
    ["none of its entries named", { b: "1" }, { b: "2" }, { b: "1", a: "l" }, ["description"], { b: "2" }],
    ["an unknown map", { b: "1" }, UNKNOWN as never, { b: "1" }, ["tags.a"], UNKNOWN as never],
  ])("of tags under ignoreChanges: %s", (_what, before, tags, live, __ignoreChanges, sent) => {
    const old = { ...base, ...(before ? { tags: before } : {}) };
    const document = { ...documentOf(old), kvTags: live };
    const news = { ...base, tags, __ignoreChanges };
    // Whether the last run saw the live tags already or not.
    for (const known of [documentOf(old), document])
      expect(sentOf(old, news, document, known).sent["tags"]).toEqual(sent);
  });
});

/** Settings that are managed one by one, so that another hand may change each alone. */
const settingsOfOther = (other: Settings): ServiceJson => {
  const document = documentOf(other);
  return Object.fromEntries(
    [
      "description",
      "kvTags",
      "containerResourceRequirements",
      "autoScaler",
      "authEnabled",
      "aadAuthEnabled",
    ].map((member) => [member, document[member]]),
  );
};
