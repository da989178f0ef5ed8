import * as pulumi from "@pulumi/pulumi";
import { AksWebservice, type AksWebserviceArgs } from "../../sdk/index";

// What must compile, and (each line below an "expect-error") what must not. The compiler is the test.

const output = pulumi.output("aks-prod");

export const right: readonly AksWebserviceArgs[] = [
  { computeTargetName: "aks-prod" },
  { computeTargetName: output, models: ["fraud:7", pulumi.output("churn:1")], cpuCores: pulumi.output(0.5) },
  {
    computeTargetName: Promise.resolve("aks-prod"),
    tags: { a: output },
    properties: pulumi.output({ a: "1" }),
  },
  { computeTargetName: "aks-prod", timeouts: { create: "5m" }, adopt: true, primaryKey: pulumi.secret("k") },
  { computeTargetName: "aks-prod", cpuCores: undefined, description: "" },
];

export const wrong: readonly AksWebserviceArgs[] = [
  // @ts-expect-error the compute target is required
  { models: ["fraud:7"] },
  // @ts-expect-error not a setting
  { computeTargetName: "aks-prod", cpuCore: 1 },
  // @ts-expect-error not a number
  { computeTargetName: "aks-prod", cpuCores: "1" },
  // @ts-expect-error not a flag
  { computeTargetName: "aks-prod", authEnabled: "true" },
  // @ts-expect-error a list
  { computeTargetName: "aks-prod", models: "fraud:7" },
  // @ts-expect-error text in a map
  { computeTargetName: "aks-prod", tags: { build: 7 } },
  // @ts-expect-error no such operation
  { computeTargetName: "aks-prod", timeouts: { read: "5m" } },
  // @ts-expect-error an output
  { computeTargetName: "aks-prod", scoringUri: "http://score" },
  // @ts-expect-error what the class passes on by itself
  { computeTargetName: "aks-prod", __urn: "urn" },
];

export const program = (): void => {
  const service = new AksWebservice("fraud", { computeTargetName: "aks-prod", models: ["fraud:7"] });
  const uri: pulumi.Output<string> = service.scoringUri;
  const cores: pulumi.Output<number | undefined> = service.cpuCores;
  const compute: pulumi.Output<string> = service.computeName;
  const nested: pulumi.Output<number | undefined> = service.autoscaler.apply((live) => live.minReplicas);
  const tags: pulumi.Output<Record<string, string> | undefined> = service.tags;
  // @ts-expect-error an output, not a value
  const value: string = service.scoringUri;
  // @ts-expect-error a number
  const text: pulumi.Output<string> = service.cpuCores;
  // @ts-expect-error arguments are required
  new AksWebservice("fraud");
  // @ts-expect-error outputs cannot be set
  service.scoringUri = uri;
  AksWebservice.get("live", "fraud");
  // @ts-expect-error an id is required
  AksWebservice.get("live");
  void [cores, compute, nested, tags, value, text];
};
