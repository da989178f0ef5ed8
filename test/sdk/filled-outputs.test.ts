import { readFileSync } from "node:fs";
import { join } from "node:path";
import { outputsOf } from "../../provider/core/outputs";
import { service, startEmulated } from "../provider/functions/emulated";
import recorded from "./functions/serialized-by-azureml-core.json";

const args = readFileSync(join(__dirname, "..", "..", "sdk", "args.ts"), "utf8");
const members = /export interface AksWebserviceOutputs \{([^]*?)\n\}/.exec(args)![1]!;

/** The outputs whose types have no undefined, and those of no certain type, which may be absent too. */
const filled = [...members.matchAll(/readonly (\w+): pulumi\.Output<(.*)>;/g)]
  .filter(([, , type]) => !/\| undefined$|^unknown$/.test(type!))
  .map(([, name]) => name!);

const workspaceId =
  "/subscriptions/1/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws";

const withoutAll = (outputs: object): readonly string[] =>
  filled.filter((name) => (outputs as Record<string, unknown>)[name] === undefined);

describe("outputs whose types have no undefined", () => {
  it("are many", () => expect(filled.length).toBeGreaterThan(20));

  it.each(Object.entries(recorded))("are all there for the recorded service %s", (_, { document }) => {
    expect(withoutAll(outputsOf({ document, before: {}, workspaceId }))).toEqual([]);
  });

  it("are all there for services that the emulator made, with as little said as possible", async () => {
    const emulated = await startEmulated([
      { name: "least", computeName: "aks" } as { name: string },
      service("fixed", { numReplicas: 2, autoScaler: { autoscaleEnabled: false } }),
      service("tokened", { aadAuthEnabled: true, authEnabled: false }),
      service("imaged", { imageId: "scorer:1" }),
    ]);
    try {
      const found = await emulated.functions.listServices({}, emulated.where);
      expect(found).toHaveLength(4);
      for (const one of found) expect([one["name"], withoutAll(one)]).toEqual([one["name"], []]);
    } finally {
      await emulated.close();
    }
  });
});
