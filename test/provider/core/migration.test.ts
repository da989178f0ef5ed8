import { check } from "../../../provider/core/check";
import { diff } from "../../../provider/core/diff";
import { checkFailure } from "../../../provider/core/check-failure";
import { diffMessages } from "../../../provider/core/messages";
import { MANAGED, recordedInputs } from "../../../provider/core/previous-inputs";
import { migrationRefusals } from "../../../provider/core/migration";
import { UNKNOWN, type Settings } from "../../../provider/core/values";

const migrateTo = { computeTargetName: "k8s-a", acknowledgeIrreversible: true };
const least: Settings = { serviceName: "fraud", computeTargetName: "aks", models: ["fraud:7"] };

/** Outputs of a service that is as the program says. */
const outputsOf = (program: Settings, live: Settings = {}): Settings => ({
  state: "Healthy",
  ...program,
  ...live,
  [MANAGED]: recordedInputs(program),
});

const reasons = (refusals: Parameters<typeof checkFailure>[0][]): string[] =>
  refusals.map((refusal) => checkFailure(refusal).reason);

describe("what a program says of a migration", () => {
  it.each<[string, unknown]>([
    ["both members", migrateTo],
    ["a compute that is not known yet", { ...migrateTo, computeTargetName: UNKNOWN }],
    ["all not known yet", UNKNOWN],
  ])("may be %s", (_, value) => {
    expect(migrationRefusals("migrateTo", value)).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    [
      "a text",
      "k8s-a",
      /^WrongType: migrateTo must be \{ computeTargetName, acknowledgeIrreversible: true \}/,
    ],
    [
      "without acknowledgement",
      { computeTargetName: "k8s-a" },
      /^Missing: migrateTo\.acknowledgeIrreversible must be true, since a migration cannot be undone; found nothing/,
    ],
    ["not acknowledged", { ...migrateTo, acknowledgeIrreversible: false }, /found false/],
    ["acknowledged by a text", { ...migrateTo, acknowledgeIrreversible: "true" }, /found the text "true"/],
    ["acknowledged by nobody knows whom", { ...migrateTo, acknowledgeIrreversible: UNKNOWN }, /^Missing/],
    ["without compute", { acknowledgeIrreversible: true }, /^Missing: migrateTo\.computeTargetName/],
    ["a compute's id", { ...migrateTo, computeTargetName: "/subscriptions/s" }, /not its id/],
    ["a number for a compute", { ...migrateTo, computeTargetName: 7 }, /^WrongType/],
    ["another member", { ...migrateTo, force: true }, /^UnknownSetting: migrateTo\.force/],
  ])("must not be %s", (_, value, text) => {
    const [first, ...others] = reasons([...migrationRefusals("migrateTo", value)]);
    expect(first).toMatch(text);
    expect(others).toEqual([]);
  });

  it("is refused for a service that is not there yet, adopted or not", () => {
    const context = { config: {}, env: {} };
    const given = { ...least, workspaceId: UNKNOWN, migrateTo };
    for (const more of [{}, { adopt: true }])
      expect(check({}, { ...given, ...more }, context).failures).toEqual([
        {
          property: "migrateTo",
          reason: expect.stringMatching(/unset until the service is deployed/) as string,
        },
      ]);
    expect(check({ ...least }, given, context).failures).toEqual([]);
  });
});

describe("a migration that the program asks for", () => {
  const desired = { ...least, migrateTo };

  it("is an update of its own kind, and warns of what it does", () => {
    const found = diff(outputsOf(least), desired);
    expect(found.action).toEqual({ kind: "migrate", to: "k8s-a", visible: true });
    expect(found.refusals).toEqual([]);
    expect(diffMessages(found, outputsOf(least), desired)).toEqual([
      {
        severity: "warning",
        text: expect.stringMatching(/"k8s-a".*CANNOT BE UNDONE.*docs\/migration/) as string,
      },
    ]);
  });

  it("may name a compute that is not known yet", () => {
    const later = { ...least, migrateTo: { ...migrateTo, computeTargetName: UNKNOWN } };
    const found = diff(outputsOf(least), later);
    expect(found.action).toMatchObject({ kind: "migrate" });
    expect(diffMessages(found, outputsOf(least), later)[0]!.text).toMatch(/compute a value not known yet/);
  });

  it.each<[string, Settings, Settings]>([
    ["a change of the program", {}, { cpuCores: 2 }],
    ["a replacement", {}, { computeTargetName: "other" }],
    ["drift that is not healed yet", { cpuCores: 4 }, { cpuCores: 2 }],
  ])("refuses %s beside it", (_, live, more) => {
    const before = { ...least, ...(live["cpuCores"] ? { cpuCores: 2 } : {}) };
    const found = diff(outputsOf(before, live), { ...before, ...more, migrateTo });
    expect(reasons([...found.refusals])).toEqual([
      expect.stringMatching(
        /^Exclusive: migrateTo must be the only change.*Deploy these without migrateTo first/,
      ),
    ]);
  });

  it("may end the managing of a setting", () => {
    expect(diff(outputsOf({ ...least, cpuCores: 2 }), desired).refusals).toEqual([]);
  });
});

describe("a migrated service", () => {
  const said = { ...least, cpuCores: 2, primaryKey: "p", migrateTo };
  /** The live values belong to the other API. */
  const outputs = outputsOf(said, { state: "Migrated", computeTargetName: "k8s-a", cpuCores: 3 });

  it("is compared with what the program said, not with what is live", () => {
    expect(diff(outputs, said)).toEqual({ action: { kind: "none" }, refusals: [], immutableDrift: [] });
  });

  it.each<[string, Settings]>([
    ["the migration", { ...least, cpuCores: 2, primaryKey: "p" }],
    ["a setting", { ...least, primaryKey: "p", migrateTo }],
  ])("may lose %s in the program, which is only previousInputs", (_, news) => {
    const found = diff(outputs, news);
    expect(found.action.kind).toBe("record");
    expect(found.refusals).toEqual([]);
  });

  it.each<[string, Settings, string]>([
    ["a setting", { cpuCores: 4 }, "cpuCores"],
    ["what would replace it", { computeTargetName: "other" }, "computeTargetName"],
    ["a new setting", { gpuCores: 1 }, "gpuCores"],
    ["another compute to go to", { migrateTo: { ...migrateTo, computeTargetName: "k8s-b" } }, "migrateTo"],
    ["a key", { primaryKey: "q" }, "primaryKey"],
  ])("refuses %s, with the next step", (_, more, input) => {
    const { refusals } = diff(outputs, { ...said, ...more });
    expect(reasons([...refusals])).toEqual([
      expect.stringMatching(
        new RegExp(`^Immutable: ${input} .*migrated.*OnlineEndpoint.*pulumi state delete.*docs/migration.md`),
      ),
    ]);
    expect(reasons([...refusals]).join()).not.toMatch(/"q"/);
  });

  it("does not take an unknown value for a change", () => {
    expect(diff(outputs, { ...said, cpuCores: UNKNOWN }).refusals).toEqual([]);
  });

  it("may have been migrated by another hand, to the compute that the program then names", () => {
    const elsewhere = outputsOf(least, { state: "Migrated", computeTargetName: "k8s-a" });
    expect(diff(elsewhere, least).action).toEqual({ kind: "none" });
    expect(diff(elsewhere, { ...least, migrateTo }).refusals).toEqual([]);
    expect(diff(elsewhere, { ...least, migrateTo }).action.kind).toBe("record");
  });
});
