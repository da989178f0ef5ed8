import * as pulumi from "@pulumi/pulumi";
import { ScoringService } from "./scoring-service";

const config = new pulumi.Config();

// The stack that made the workspace and its cluster, such as "full-infrastructure/prod", in this stack's own organization.
// Pulumi calls it "organization" where the backend is self-managed.
const platform = config.get("platformStack");
const outputs = platform ? new pulumi.StackReference(`${pulumi.getOrganization()}/${platform}`) : undefined;

const fraud = new ScoringService("fraud", {
  team: "risk",
  model: config.get("model") ?? "fraud:7",
  computeTargetName: outputs?.requireOutput("computeTargetName") ?? config.require("computeTargetName"),
  workspaceId: outputs?.requireOutput("workspaceId"),
  primaryKey: config.getSecret("primaryKey"),
});

export const scoringUri = fraud.scoringUri;
export const primaryKey = fraud.primaryKey;
