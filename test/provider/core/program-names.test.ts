import { openProgramNames } from "../../../provider/core/program-names";
import { UNKNOWN } from "../../../provider/core/values";

const WORKSPACE =
  "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ml";
const urn = (name: string, parent = "") => `urn:pulumi:dev::shop::${parent}azureml:AksWebservice::${name}`;
const inputs = (name: string, serviceName: unknown, more: object = {}) => ({
  __urn: urn(name),
  serviceName,
  workspaceId: WORKSPACE,
  ...more,
});

let place: ReturnType<typeof openProgramNames>;
beforeEach(() => (place = openProgramNames()));
const refused = (given: Record<string, unknown>, previous: Record<string, unknown> = {}) =>
  place(previous, given).failures.map(({ reason }) => reason);

describe("one service for two resources", () => {
  it("is refused by both their names", () => {
    expect(refused(inputs("a", "fraud"))).toEqual([]);
    expect(refused(inputs("b", "fraud"))).toEqual([
      'Exclusive: serviceName must differ between the resources of one workspace; found "fraud" for "b" and "a". ' +
        "Give one of them another serviceName, or remove it.",
    ]);
  });

  it("of the same name in two components is refused by their URNs", () => {
    refused(inputs("a", "fraud"));
    const [reason] = refused({ ...inputs("a", "fraud"), __urn: urn("a", "acme:Group$") });
    expect(reason).toContain(`${urn("a", "acme:Group$")} and ${urn("a")}`);
  });

  it("is the same workspace in any letter case", () => {
    refused(inputs("a", "fraud"));
    expect(refused(inputs("b", "fraud", { workspaceId: WORKSPACE.toUpperCase() }))).toHaveLength(1);
  });

  it.each([
    ["another name", inputs("b", "risk")],
    ["another workspace", inputs("b", "fraud", { workspaceId: `${WORKSPACE}2` })],
    ["a name that is not known yet", inputs("b", UNKNOWN)],
    ["a workspace that is not known yet", inputs("b", "fraud", { workspaceId: UNKNOWN })],
    ["the same resource once more", inputs("a", "fraud")],
    [
      "another stack, as in a test of both",
      { ...inputs("a", "fraud"), __urn: urn("a").replace(":dev::", ":prod::") },
    ],
    ["a resource without a URN", { serviceName: "fraud", workspaceId: WORKSPACE }],
  ])("is not %s", (_, other) => {
    refused(inputs("a", "fraud"));
    expect(refused(other)).toEqual([]);
  });
});

describe("one process for the preview and the update after it", () => {
  it("does not refuse the second round, whatever has become known or changed", () => {
    expect([refused(inputs("a", "x")), refused(inputs("b", "y"))].flat()).toEqual([]);
    expect([refused(inputs("a", "y")), refused(inputs("b", "z"))].flat()).toEqual([]);
    expect([refused(inputs("b", "y")), refused(inputs("a", "x"))].flat()).toEqual([]);
  });

  it("refuses the two in each round", () => {
    for (let round = 0; round < 3; round += 1) {
      expect(refused(inputs("a", "x"))).toEqual([]);
      expect(refused(inputs("b", "x"))).toHaveLength(1);
    }
  });

  it("takes the second check of a replacement for the same round", () => {
    const old = inputs("a", "x");
    expect(place(old, inputs("a", "x"))).toEqual({ failures: [], replacesItself: false });
    expect(refused(inputs("b", "y"))).toEqual([]);
    expect(place({}, inputs("a", "x"))).toEqual({ failures: [], replacesItself: true });
    expect(refused(inputs("c", "y"))).toHaveLength(1);
  });

  it("knows a replacement under another name", () => {
    place(inputs("a", "x"), inputs("a", "y"));
    expect(place({}, inputs("a", "y"))).toEqual({ failures: [], replacesItself: false });
  });

  it("takes a renamed resource (an alias) for one resource", () => {
    // The engine hands the old inputs over under the new URN; the old one is not in the program.
    expect(refused(inputs("new", "x"), inputs("old", "x"))).toEqual([]);
    expect(refused(inputs("new", "x"), inputs("old", "x"))).toEqual([]);
  });
});
