import * as pulumi from "@pulumi/pulumi";
import { AksWebservice } from "../../sdk/index";
import { valueOf } from "./mocked";

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as object }),
    call: () => ({}),
  }),
);

test("a program can be tested under mocks that name no organization", async () => {
  const service = new AksWebservice("fraud", { computeTargetName: "aks-prod", cpuCores: 0.5 });
  expect(await valueOf(service.cpuCores)).toBe(0.5);
});
