import { diff } from "../../../provider/core/diff";
import { diffMessages, createMessages } from "../../../provider/core/messages";
import { outputsOf } from "../../../provider/core/outputs";
import { UNKNOWN, type Settings } from "../../../provider/core/values";
import type { ServiceJson } from "../../../provider/core/wire";
import { documentOf, WORKSPACE } from "./settings";

const base: Settings = {
  workspaceId: WORKSPACE,
  serviceName: "fraud",
  computeTargetName: "aks",
  models: ["a:1"],
};
const OPEN =
  "warning: Anyone who can reach the scoring URI may call it: both key and token authentication are off.";
const DOWN = "the old service is deleted first, so scoring is down until the new one is Healthy";
const implied = (setting: string, before: boolean) =>
  `info: ${setting} ${before} → ${!before} follows from the program's other settings.`;
const LOST =
  "\nThe new service will lack what is live and not in the program; write into it what shall stay:";
const NAMESPACE = `${LOST}\n  namespace: "azureml-ws",`;
const KEYS = `; generated keys change.${NAMESPACE}`;

const lines = (before: Settings, after: Settings, live: ServiceJson = {}): readonly string[] => {
  const program = { ...base, ...before };
  const document = { ...documentOf(program), ...live };
  const outputs = outputsOf({
    document,
    program,
    before: {},
    keys: { primaryKey: "k-1", secondaryKey: "k-2" },
    workspaceId: WORKSPACE,
  });
  const news = { ...base, ...after };
  return diffMessages(diff(outputs, news), outputs, news).map(({ severity, text }) => `${severity}: ${text}`);
};

describe("what a person is told before an update", () => {
  it.each<[string, Settings, Settings, ServiceJson, readonly string[]]>([
    ["nothing differs", {}, {}, {}, []],
    ["an ordinary change", { cpuCores: 1 }, { cpuCores: 2 }, {}, []],
    [
      "a setting no longer managed",
      { cpuCores: 0.5 },
      {},
      {},
      ["info: cpuCores is no longer managed; 0.5 stays."],
    ],
    [
      "one no longer managed beside a change",
      { cpuCores: 0.5, gpuCores: 1 },
      { gpuCores: 2 },
      {},
      ["info: cpuCores is no longer managed; 0.5 stays."],
    ],
    [
      "a replica count that the autoscaler takes over",
      { numReplicas: 2 },
      { autoscaleMaxReplicas: 5 },
      { numReplicas: 2, autoScaler: { autoscaleEnabled: false } },
      [
        "info: numReplicas is no longer managed; autoscaleEnabled decides from now on.",
        implied("autoscaleEnabled", false),
      ],
    ],
    [
      "tags no longer managed",
      { tags: { a: "1" } },
      {},
      {},
      ['info: tags is no longer managed; { a: "1" } stays.'],
    ],
    [
      "properties no longer managed",
      { properties: { "a.b": "1", c: "2" } },
      { properties: { c: "2" } },
      {},
      ['info: properties["a.b"] is no longer managed; "1" stays.'],
    ],
    [
      "an entry of the program that the live properties have lost, which the engine does not list",
      { properties: { "a.b": "1", c: "2" } },
      { properties: { "a.b": "1", c: "2", d: "3" } },
      { properties: { c: "2" } },
      ['info: properties["a.b"] is missing on the live service; "1" is added.'],
    ],
    [
      "a key no longer managed",
      { primaryKey: "k-1" },
      {},
      {},
      ["info: primaryKey is no longer managed; a secret stays."],
    ],
    [
      "tags of other hands, which go with the whole map",
      { tags: { a: "1" } },
      { tags: { a: "2" } },
      { kvTags: { a: "1", z: "9" } },
      ['info: tags replaces the whole map; live entries that go: z: "9".'],
    ],
    [
      "tags not known yet",
      { tags: { a: "1" } },
      { tags: UNKNOWN },
      {},
      ['warning: tags is not known yet and replaces the whole map; live entries may go: a: "1".'],
    ],
    [
      "tags of which ignoreChanges leaves none",
      {},
      { tags: {}, __ignoreChanges: ["tags.a"] },
      { kvTags: { z: "9" } },
      ["info: tags stays as it is: ignoreChanges names every entry of it that the program gives."],
    ],
    [
      "a replacement of a service with more than the program says",
      { cpuCores: 0.5, tags: { a: "1" } },
      { computeTargetName: "other", tags: { a: "1" } },
      {
        kvTags: { a: "1", "b-c": "2" },
        properties: { team: "risk", "pulumi-created-by": "x", "pulumi-claim-2": "y" },
        autoScaler: { autoscaleEnabled: false, minReplicas: 2 },
        numReplicas: 4,
      },
      [
        `warning: Replaced because of computeTargetName "aks" → "other": ${DOWN}; generated keys change.${LOST}\n` +
          '  autoscaleEnabled: false,\n  numReplicas: 4,\n  cpuCores: 0.5,\n  namespace: "azureml-ws",\n' +
          '  tags: { "b-c": "2" }, // beside its own entries\n  properties: { team: "risk" },',
      ],
    ],
    ["properties not known yet", { properties: { a: "1" } }, { properties: UNKNOWN }, {}, []],
    [
      "a replacement that keeps its name",
      {},
      { computeTargetName: "other" },
      {},
      [`warning: Replaced because of computeTargetName "aks" → "other": ${DOWN}${KEYS}`],
    ],
    [
      "a replacement that loses what was given as a secret",
      { description: "hidden-1", __secrets: ["description"] },
      { computeTargetName: "other", __secrets: ["description"] },
      {},
      [
        `warning: Replaced because of computeTargetName "aks" → "other": ${DOWN}${KEYS}\n  // description: secret, and not shown`,
      ],
    ],
    [
      "a replacement with the program's own keys",
      { primaryKey: "k-1", secondaryKey: "k-2" },
      { primaryKey: "k-1", secondaryKey: "k-2", computeTargetName: "other" },
      {},
      [`warning: Replaced because of computeTargetName "aks" → "other": ${DOWN}.${NAMESPACE}`],
    ],
    [
      "a replacement with one key of its own",
      { primaryKey: "k-1" },
      { primaryKey: "k-1", computeTargetName: "other" },
      {},
      [`warning: Replaced because of computeTargetName "aks" → "other": ${DOWN}${KEYS}`],
    ],
    [
      "a replacement under a new name",
      {},
      { serviceName: "other" },
      {},
      [
        `warning: Replaced because of serviceName "fraud" → "other": the new service comes up before the old one is deleted, at another scoring URI${KEYS}`,
      ],
    ],
    [
      "a replacement for what is not known yet",
      {},
      { computeTargetName: UNKNOWN },
      {},
      [`warning: Replaced because of computeTargetName "aks" → a value not known yet: ${DOWN}${KEYS}`],
    ],
    [
      "an image in place of models",
      {},
      { models: null, imageId: "i:1" },
      {},
      [`warning: Replaced because of imageId unset → "i:1": ${DOWN}${KEYS}`],
    ],
    [
      "a changed property with leave",
      { properties: { a: "1" } },
      { properties: { a: "2" }, replaceOnPropertyChange: true },
      {},
      [`warning: Replaced because of properties.a "1" → "2": ${DOWN}${KEYS}`],
    ],
    [
      "a property that another tool changed",
      { properties: { a: "1" } },
      { properties: { a: "1" } },
      { properties: { a: "2" } },
      [
        'warning: properties.a is "2" on the service, "1" in the program; the service cannot change it, so it stays.',
      ],
    ],
    ["an endpoint that opens", {}, { authEnabled: false }, {}, [OPEN]],
    ["an endpoint that is open already", { authEnabled: false }, { authEnabled: false }, {}, []],
    ["keys closed for tokens", {}, { tokenAuthEnabled: true }, {}, [implied("authEnabled", true)]],
    [
      "tokens closed, so that keys open",
      { tokenAuthEnabled: true },
      { tokenAuthEnabled: false },
      {},
      [implied("authEnabled", false)],
    ],
    [
      "tokens closed and keys too",
      { tokenAuthEnabled: true },
      { tokenAuthEnabled: false, authEnabled: false },
      {},
      [OPEN],
    ],
  ])("%s", (_what, before, after, live, expected) => expect(lines(before, after, live)).toEqual(expected));

  it.each<[string, Settings, Settings, ServiceJson]>([
    [
      "a replacement",
      { properties: { a: "hidden-1" } },
      { properties: { a: "hidden-2" }, replaceOnPropertyChange: true, __secrets: ["properties"] },
      {},
    ],
    [
      "tags that go",
      { tags: { a: "hidden-1" }, __secrets: ["tags"] },
      { tags: { b: "hidden-2" }, __secrets: ["tags"] },
      {},
    ],
    ["what is no longer managed", { description: "hidden-1", __secrets: ["description"] }, {}, {}],
    [
      "what is immutableDrift",
      { properties: { a: "hidden-1" }, __secrets: ["properties"] },
      { properties: { a: "hidden-1" }, __secrets: ["properties"] },
      { properties: { a: "hidden-2" } },
    ],
  ])("never shows a secret: %s", (_what, before, after, live) => {
    const said = lines(before, after, live);
    expect(said).not.toEqual([]);
    expect(said.join()).toContain("a secret");
    expect(said.join()).not.toContain("hidden");
  });
});

describe("what a person is told before a create", () => {
  it.each<[Settings, readonly string[]]>([
    [{}, []],
    [{ authEnabled: false }, [OPEN]],
    [{ authEnabled: false, tokenAuthEnabled: true }, []],
    [{ tokenAuthEnabled: true }, []],
    [{ authEnabled: false, tokenAuthEnabled: UNKNOWN }, []],
  ])("%j", (settings, expected) => {
    expect(
      createMessages({ ...base, ...settings }).map(({ severity, text }) => `${severity}: ${text}`),
    ).toEqual(expected);
  });
});
