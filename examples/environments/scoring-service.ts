import * as pulumi from "@pulumi/pulumi";
import { AksWebservice } from "pulumi-azureml";
import type { AksWebserviceArgs } from "pulumi-azureml";
import { settingsFor } from "./environment";

export interface ScoringServiceArgs {
  /** Registered model, as `name:version`. */
  readonly model: pulumi.Input<string>;
  readonly computeTargetName: pulumi.Input<string>;
  /** ARM id of the workspace; the stack's `azureml:workspaceId` when left out. */
  readonly workspaceId?: pulumi.Input<string> | undefined;
  /** The key that callers use, in every environment the team's own; generated when left out. */
  readonly primaryKey?: pulumi.Input<string> | undefined;
  readonly team: string;
}

/** A web service as this team runs it: settings by environment, the same labels everywhere, and prod protected. */
export class ScoringService extends pulumi.ComponentResource {
  readonly scoringUri: pulumi.Output<string>;
  readonly primaryKey: pulumi.Output<string | undefined>;

  constructor(name: string, args: ScoringServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("example:index:ScoringService", name, {}, opts);
    const stack = pulumi.getStack();
    const { team, model, ...own } = args;
    const settings: AksWebserviceArgs = {
      ...settingsFor(stack),
      ...own,
      serviceName: `${name}-${stack}`,
      models: [model],
      tags: { environment: stack, team },
      properties: { madeBy: pulumi.getProject() },
    };
    const service = new AksWebservice(name, settings, { parent: this, protect: stack === "prod" });
    this.scoringUri = service.scoringUri;
    this.primaryKey = service.primaryKey;
    this.registerOutputs({ scoringUri: this.scoringUri, primaryKey: this.primaryKey });
  }
}
