import * as pulumi from "@pulumi/pulumi";
import { secretConfigKeys as ofTheProvider } from "../../provider/azure/auth/principal";
import { AksWebservice } from "../../sdk/index";
import { secretConfigKeys } from "../../sdk/plain-secrets";
import { mockEngine, registeredBy } from "./mocked";

let warnings: string[];
beforeEach(async () => {
  warnings = [];
  await mockEngine();
  jest.spyOn(pulumi.log, "warn").mockImplementation((text) => Promise.resolve(void warnings.push(text)));
});
afterEach(() => jest.restoreAllMocks());

const twoServices = () =>
  registeredBy(() => {
    for (const name of ["fraud", "churn"])
      new AksWebservice(name, { computeTargetName: "aks", models: ["m:1"] });
  });

it("a credential in clear in the configuration is warned of once, with the command that mends it", async () => {
  pulumi.runtime.setAllConfig(
    {
      "azureml:clientSecret": "s3cret-of-the-principal",
      "azure-native:clientSecret": "s3cret-of-the-other",
      "azureml:accessToken": "t0ken-of-the-pipeline",
      "azureml:clientId": "no-secret",
    },
    ["azureml:accessToken"],
  );
  await twoServices();
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain("`pulumi config set --secret azureml:clientSecret`");
  expect(warnings[1]).toContain("`pulumi config set --secret azure-native:clientSecret`");
  expect(warnings.join()).not.toMatch(/s3cret-of|t0ken-of/);
});

it("secrets and their absence are not", async () => {
  pulumi.runtime.setAllConfig({ "azureml:oidcToken": "t0ken-of-the-pipeline" }, ["azureml:oidcToken"]);
  await twoServices();
  expect(warnings).toEqual([]);
});

it("the class knows each credential that the provider reads", () => {
  expect(secretConfigKeys).toEqual(ofTheProvider);
});
