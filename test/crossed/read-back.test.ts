import { fields } from "../../provider/schema/fields";
import type { PythonClient } from "./python-client";
import { misread, shownOf, unequal, unsaid } from "./read-back";
import { codeService, configurationOf, everySetting, parameterOf } from "./settings";

/** A client that answers `read` with these values by parameter. */
const reading = (values: Readonly<Record<string, unknown>>): PythonClient => ({
  call: (_, given) => {
    const { parameters } = given as { parameters: readonly string[] };
    return Promise.resolve(Object.fromEntries(parameters.map((name) => [name, values[name]])));
  },
  close: () => Promise.resolve(),
});

describe("the settings that are crossed", () => {
  it("are all rows that the Python client can show", () => {
    expect(unsaid({ ...everySetting("a"), code: codeService("code", "1", { as: "asset" }) })).toEqual([]);
  });

  it("are noticed when one is left out", () => {
    const { cpuCores, ...rest } = everySetting("a")["a-scaled"]!;
    expect(cpuCores).toBeDefined();
    expect(unsaid({ rest })).toContain("cpuCores");
  });

  it("say something else than the default of each row that has one", () => {
    const said = Object.values(everySetting("a"));
    const same = fields.filter((row) => row.default !== undefined && row.mutability !== "providerOnly");
    const dull = same.filter((row) => {
      const values = said.map((settings) => (settings as Record<string, unknown>)[row.input]);
      return values.every((value) => value === undefined || value === row.default);
    });
    expect(dull.map(({ input }) => input)).toEqual([]);
  });

  it.each([
    ["cpuCores", "cpu_cores"],
    ["namespace", "namespace"],
    ["replicaMaxConcurrentRequests", "replica_max_concurrent_requests"],
    ["maxRequestWaitTime", "max_request_wait_time"],
  ])("%s is the parameter %s", (setting, parameter) => expect(parameterOf(setting)).toBe(parameter));

  it("become a configuration without what is no parameter of one", () => {
    const settings = {
      serviceName: "a",
      models: ["m:1"],
      adopt: true,
      computeTargetName: "aks",
      gpuCores: 0,
    };
    expect(configurationOf(settings)).toEqual({ compute_target_name: "aks", gpu_cores: 0 });
  });
});

describe("what the Python client reads", () => {
  it.each<[string, Record<string, unknown>, readonly unknown[]]>([
    ["the same", { cpu_cores: 0.5, properties: { a: "1" } }, []],
    ["the same with a stamp", { cpu_cores: 0.5, properties: { a: "1", "pulumi-created-by": "x" } }, []],
    ["another number", { cpu_cores: 1, properties: { a: "1" } }, [["cpuCores", 1, 0.5]]],
    ["nothing", { properties: { a: "1" } }, [["cpuCores", undefined, 0.5]]],
    [
      "one more property",
      { cpu_cores: 0.5, properties: { a: "1", b: "2" } },
      [["properties", { a: "1", b: "2" }, { a: "1" }]],
    ],
  ])("is compared: %s", async (_, values, expected) => {
    const settings = { cpuCores: 0.5, properties: { a: "1" }, adopt: true };
    expect(await misread(reading(values), "a", settings)).toEqual(expected);
  });

  it("leaves out what no service tells", () => {
    expect(shownOf({ blobfuseEnabled: true, adopt: true, workspaceId: "w", cpuCores: 1 })).toEqual({
      cpuCores: 1,
    });
  });
});

describe("unequal", () => {
  it.each<[Record<string, unknown>, Record<string, unknown>, readonly unknown[]]>([
    [{ a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }, []],
    [{ a: null }, {}, [["a", null, undefined]]],
    [{ a: undefined }, {}, [["a", undefined, undefined]]],
    [{ a: [1, 2] }, { a: [2, 1] }, [["a", [1, 2], [2, 1]]]],
  ])("%j and %j", (a, b, expected) => expect(unequal(a, b)).toEqual(expected));
});
