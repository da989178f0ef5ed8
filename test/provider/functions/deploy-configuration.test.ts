import { checkConfiguration } from "../../../provider/functions/arguments";
import { UNKNOWN } from "../../../provider/core/values";

describe("a deploy configuration", () => {
  it.each<[string, object]>([
    ["nothing", {}],
    ["a fixed number of replicas", { autoscaleEnabled: false, numReplicas: 3 }],
    ["autoscaling by its numbers", { autoscaleMinReplicas: 2, autoscaleMaxReplicas: 2 }],
    ["token authentication", { tokenAuthEnabled: true, authEnabled: false }],
    ["both keys", { primaryKey: "p", secondaryKey: "s" }],
    ["a compute target", { computeTargetName: "aks" }],
    ["values that are not known yet", { cpuCores: UNKNOWN, cpuCoresLimit: 1, tags: { a: UNKNOWN } }],
    ["null for unset", { cpuCores: null, tags: undefined }],
  ])("may hold %s", (_, settings) => {
    expect(() => checkConfiguration(settings as Record<string, unknown>)).not.toThrow();
  });

  it.each<[string, object, RegExp]>([
    ["no cores", { cpuCores: 0 }, /OutOfRange: cpuCores/],
    [
      "a limit below the request",
      { memoryGb: 2, memoryGbLimit: 1 },
      /memoryGbLimit must be at least memoryGb/,
    ],
    ["a namespace in capitals", { namespace: "Prod" }, /BadFormat: namespace/],
    ["autoscaling off without replicas", { autoscaleEnabled: false }, /Missing: numReplicas/],
    ["replicas beside autoscaling", { autoscaleEnabled: true, numReplicas: 1 }, /Exclusive: numReplicas/],
    [
      "both ways of authentication",
      { authEnabled: true, tokenAuthEnabled: true },
      /Exclusive: tokenAuthEnabled/,
    ],
    ["the secondary key alone", { secondaryKey: "s" }, /Missing: primaryKey/],
    ["a name that no setting has", { cpuCore: 1 }, /Did you mean cpuCores\?/],
    ["a number for a tag", { tags: { a: 1 } }, /WrongType: tags\.a/],
  ])("must not hold %s", (_, settings, text) => {
    expect(() => checkConfiguration(settings as Record<string, unknown>)).toThrow(text);
  });

  it("tells all that is wrong at once", () => {
    expect(() => checkConfiguration({ cpuCores: -1, gpuCores: 0.5, numReplicas: 0 })).toThrow(
      /cpuCores[^]*gpuCores|numReplicas[^]*cpuCores/,
    );
  });

  it("shows no key", () => {
    expect(() => checkConfiguration({ primaryKey: ["hush"] })).toThrow(/primaryKey/);
    expect(() => checkConfiguration({ primaryKey: ["hush"] })).not.toThrow(/hush/);
  });
});
