import * as pulumi from "@pulumi/pulumi";
import { AksWebservice, Model } from "../../sdk/index";
import { mockEngine, registeredBy } from "./mocked";

const least = { computeTargetName: "aks-prod", models: ["fraud:7"] };
const source = new pulumi.asset.StringAsset("weights");
const group = (name: string, parent?: pulumi.Resource) =>
  new pulumi.ComponentResource("acme:index:Scoring", name, {}, parent && { parent });

class Alarm extends pulumi.CustomResource {
  constructor(name: string, props: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super("acme:index:Alarm", name, props, opts);
  }
}

/** The names of what a program registers: a program whose resources wait for each other never ends. */
const namesOf = async (program: () => void) => (await registeredBy(program)).map(({ name }) => name).sort();

beforeEach(() => mockEngine({ modelId: "fraud:1", scoringUri: "http://score" }));

describe("a component holds", () => {
  it("two services", async () => {
    const names = await namesOf(() => {
      const parent = group("scoring");
      new AksWebservice("a", least, { parent });
      new AksWebservice("b", least, { parent });
    });
    expect(names).toEqual(["a", "b", "scoring"]);
  });

  it("a model and the service that loads it", async () => {
    const names = await namesOf(() => {
      const parent = group("scoring");
      const model = new Model("model", { source }, { parent });
      new AksWebservice("service", { ...least, models: [model] }, { parent });
    });
    expect(names).toEqual(["model", "scoring", "service"]);
  });

  it("a service and another resource that reads its outputs", async () => {
    const names = await namesOf(() => {
      const parent = group("scoring");
      const { scoringUri } = new AksWebservice("service", least, { parent });
      new Alarm("alarm", { url: scoringUri }, { parent });
    });
    expect(names).toEqual(["alarm", "scoring", "service"]);
  });

  it("components with services of their own", async () => {
    const names = await namesOf(() => {
      const parent = group("outer");
      for (const name of ["one", "two"]) {
        const inner = group(name, parent);
        new AksWebservice(`${name}-a`, least, { parent: inner });
        new AksWebservice(`${name}-b`, least, { parent: inner });
      }
      new AksWebservice("beside", least, { parent });
    });
    expect(names).toEqual(["beside", "one", "one-a", "one-b", "outer", "two", "two-a", "two-b"]);
  });
});
