import { forgetOwnSettings, openSession, workspaceConfig, type Session } from "../harness/session";
import { openWorkspace } from "../harness/workspace";
import { engineRows } from "../harness/engines/rows";
import { ownProject } from "../harness/own-folder";

jest.setTimeout(300_000);
forgetOwnSettings();

/** A component as teams write them: several services, a model, resources that read one another, and components inside. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const azureml = require("pulumi-azureml");

class Note extends pulumi.CustomResource {
  constructor(name, props, options) {
    const text = "exports.handler = () => ({ create: async (inputs) => ({ id: 'note', outs: inputs }) });";
    super("pulumi-nodejs:dynamic/acme:Note", name, { ...props, __provider: text }, options);
  }
}

class Scoring extends pulumi.ComponentResource {
  constructor(name, inner, options) {
    super("acme:index:Scoring", name, {}, options);
    const parent = this;
    const least = { computeTargetName: "aks-prod" };
    const model = new azureml.Model(name + "-model", {
      source: new pulumi.asset.StringAsset("weights of " + name), framework: "ScikitLearn",
    }, { parent });
    const blue = new azureml.AksWebservice(name + "-blue", { ...least, models: [model.modelId] }, { parent });
    new azureml.AksWebservice(name + "-green", { ...least, models: ["fraud:7"], description: blue.scoringUri }, { parent });
    new Note(name + "-note", { uri: blue.scoringUri }, { parent });
    if (inner) new Scoring(inner, undefined, { parent });
    this.registerOutputs({ uri: blue.scoringUri });
  }
}

new Scoring("outer", "inner");
`;

const SERVICES = ["inner-blue", "inner-green", "outer-blue", "outer-green"];

const folder = ownProject("components", PROGRAM);

const servicesOf = async (session: Session): Promise<readonly unknown[]> =>
  (await openWorkspace(session.emulator()).services()).map(({ name }) => name).sort();

describe.each(engineRows)("under $name", ({ engine, run }) => {
  run(
    "services, models and components below one component are previewed, deployed, left alone and removed",
    async () => {
      const session = await openSession(engine, folder);
      try {
        const { stack } = session;
        await stack.setConfig(workspaceConfig(session));
        const [preview, up] = [await stack.preview(), await stack.up()];
        expect([preview, up].map(({ exitCode, changes }) => ({ exitCode, changes }))).toEqual([
          { exitCode: 0, changes: { create: 11 } },
          { exitCode: 0, changes: { create: 11 } },
        ]);
        expect(await servicesOf(session)).toEqual(SERVICES);

        const again = await stack.up();
        expect({ exitCode: again.exitCode, changes: again.changes }).toEqual({
          exitCode: 0,
          changes: { same: 11 },
        });

        expect((await stack.destroy()).exitCode).toBe(0);
        expect(await servicesOf(session)).toEqual([]);
      } finally {
        await session.close();
      }
    },
  );
});
