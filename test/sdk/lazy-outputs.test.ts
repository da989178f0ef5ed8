import * as pulumi from "@pulumi/pulumi";
import { makeLazily } from "../../sdk/lazy-outputs";
import { mockEngine, valueOf } from "./mocked";

class Service extends pulumi.CustomResource {
  declare readonly witness: pulumi.Output<string>;
  declare readonly state: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  declare readonly given: pulumi.Output<string>;
  declare readonly absent: pulumi.Output<string | undefined>;

  constructor(name: string) {
    super("acme:index:Service", name, { given: "a", witness: undefined });
    makeLazily(this, ["name", "given", "state", "absent"], "witness");
  }
}

/** How often the engine is asked for what it has recorded. */
const countAsked = () => jest.spyOn(pulumi.runtime.getMonitor()!, "invoke");

beforeEach(() => mockEngine({ witness: "w", state: "Healthy", name: "fraud" }));

it("outputs are those of the registration, and made once", async () => {
  const service = new Service("one");
  expect(service.state).toBe(service.state);
  expect(await valueOf(service.state)).toBe("Healthy");
  expect(await valueOf(service.given)).toBe("a");
  expect(await valueOf(service.absent)).toBeUndefined();
  expect(await pulumi.isSecret(service.name)).toBe(false);
});

it("the engine is asked once for what is asked for at once, and never for what nobody looks at", async () => {
  const asked = countAsked();
  const service = new Service("two");
  await valueOf(service.given);
  expect(asked).not.toHaveBeenCalled();
  const values = [valueOf(service.state), valueOf(service.name)];
  expect(await Promise.all(values)).toEqual(["Healthy", "fraud"]);
  expect(asked).toHaveBeenCalledTimes(1);
  expect(await valueOf(service.absent)).toBeUndefined();
  expect(asked).toHaveBeenCalledTimes(2);
});

it("Object.keys tells them in their order, and a spread has their values", async () => {
  const service = new Service("three");
  const keys = Object.keys(service).filter((key) => !key.startsWith("__"));
  expect(keys.slice(-4)).toEqual(["name", "given", "state", "absent"]);
  expect(await valueOf({ ...service }.state)).toBe("Healthy");
});

it("they depend on the resource as registered ones do", async () => {
  const service = new Service("four");
  const urn = await valueOf(service.urn);
  const resources = await (
    service.state as unknown as { allResources(): Promise<Set<pulumi.Resource>> }
  ).allResources();
  expect(await Promise.all([...resources].map((one) => valueOf(one.urn)))).toContain(urn);
});
