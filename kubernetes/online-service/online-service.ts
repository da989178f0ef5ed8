import * as pulumi from "@pulumi/pulumi";
import { parseWorkspaceId } from "../../provider/core/address";
import { isObject, isSet, withoutUnset, type Settings } from "../../provider/core/values";
import { toKubernetes, type Finding, type Translation } from "../bodies";
import { map } from "../map";
import type { KubernetesDeploymentArgs, KubernetesOnlineServiceArgs, MigrationFinding } from "./args";
import { codeOf, environmentOf, modelOf } from "./assets";
import { azureNative, type AzureNative } from "./azure-native";
import {
  asCompute,
  asEndpointName,
  assertDeployable,
  assertDeploymentNames,
  assertTraffic,
  refused,
} from "./checks";
import { tell } from "./diagnostics";
import { keyMarks, keysOf, settingsOf, workspaceIdOf, type Given } from "./web-service";

const TYPE = "azureml:kubernetes:KubernetesOnlineService";

/**
 * A web service on AKS as a Kubernetes online endpoint, with its deployments and their traffic, over @pulumi/azure-native (an optional
 * peer: `npm install @pulumi/azure-native`). The web service itself is only read.
 *
 * A deployment gets calls in a second `pulumi up`, since an endpoint's traffic is written before its deployments: `traffic: {}`
 * first, then its weight. One with calls is protected, so that Pulumi refuses to delete or replace it, in the preview already.
 *
 * @example
 * const online = new KubernetesOnlineService("fraud", {
 *   service, // an AksWebservice of this program, or its arguments
 *   location: "westeurope",
 *   compute: "k8s-prod",
 *   deployments: { blue: { code: { uri: codeUri } } },
 *   traffic: new pulumi.Config().requireObject("traffic"), // {}; then { blue: 100 }
 * });
 * export const scoringUri = online.scoringUri;
 */
export class KubernetesOnlineService extends pulumi.ComponentResource {
  /** Name of the endpoint. */
  readonly endpointName: pulumi.Output<string>;
  /** Where calls go. */
  readonly scoringUri: pulumi.Output<string>;
  /** Where the endpoint is described, in the form of OpenAPI. */
  readonly swaggerUri: pulumi.Output<string>;
  /** azure-native's OnlineEndpoint. */
  readonly endpoint: pulumi.CustomResource;
  /** azure-native's OnlineDeployments, by their names. */
  readonly deployments: { readonly [name: string]: pulumi.CustomResource };
  /** What becomes of each setting of the web service, for each deployment. */
  readonly findings: pulumi.Output<MigrationFinding[]>;

  static override isInstance(value: unknown): value is KubernetesOnlineService {
    return (value as { __pulumiType?: unknown } | undefined)?.__pulumiType === TYPE;
  }

  /**
   * @throws BadTraffic, BadDeploymentName, BadEndpointName, BadKey, BadAsset, NotKubernetes, NoEntryScript, NoWorkspace,
   *   InstanceTypeTooSmall, or Blocked where Azure is known to refuse a setting
   * @throws AzureNativeMissing where @pulumi/azure-native is not installed
   * @throws TrafficBeforeDeployment where traffic names a deployment that does not exist yet
   */
  constructor(name: string, args: KubernetesOnlineServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super(TYPE, name, {}, opts);
    const where = `KubernetesOnlineService "${name}"`;
    const names = Object.keys(args.deployments);
    assertDeploymentNames(where, names);
    assertTraffic(where, args.traffic, names);

    const place = placeOf(this, where, name, args);
    const made = endpointOf(place, args);
    const deployed = names.map((key) => deploymentOf(place, args, key, made));

    this.endpointName = place.endpointName;
    this.endpoint = made;
    this.deployments = Object.fromEntries(names.map((key, index) => [key, deployed[index]!.resource]));
    // Beside the keys, which a preview gives back, they would count as secret.
    this.scoringUri = pulumi.unsecret(made.properties.apply(({ scoringUri }) => scoringUri));
    this.swaggerUri = pulumi.unsecret(made.properties.apply(({ swaggerUri }) => swaggerUri));
    this.findings = pulumi.all(deployed.map(({ findings }) => findings)).apply((lists) => lists.flat());
    this.findings.apply((findings) => tell(this, findings, args.decided));
    this.registerOutputs({ endpointName: this.endpointName, scoringUri: this.scoringUri });
  }
}

/** What the endpoint and all of its deployments share. What cannot be changed later depends on nothing but its own argument. */
interface Place {
  readonly parent: pulumi.Resource;
  readonly where: string;
  readonly name: string;
  readonly azure: AzureNative;
  readonly workspaceId: pulumi.Output<string>;
  /** Resource group and name of the workspace, as arguments. */
  readonly workspace: {
    readonly resourceGroupName: pulumi.Output<string>;
    readonly workspaceName: pulumi.Output<string>;
  };
  readonly endpointName: pulumi.Output<string>;
  readonly compute: pulumi.Output<string>;
}

const placeOf = (
  parent: pulumi.Resource,
  where: string,
  name: string,
  args: KubernetesOnlineServiceArgs,
): Place => {
  const { service } = args;
  const workspaceId = workspaceIdOf(where, args);
  const parts = workspaceId.apply((id) => parseWorkspaceId(id)!);
  const aks = service.computeTargetName;
  // At once where both are plain, so that the error comes from the program's own line.
  if (typeof args.compute === "string" && typeof aks === "string") asCompute(where, args.compute, aks);
  return {
    ...{ parent, where, name, azure: azureNative(), workspaceId },
    workspace: {
      resourceGroupName: parts.apply(({ resourceGroupName }) => resourceGroupName),
      workspaceName: parts.apply(({ workspaceName }) => workspaceName),
    },
    endpointName: pulumi
      .output(args.endpointName ?? service.serviceName)
      .apply((given) => asEndpointName(where, given ?? name)),
    compute: pulumi.all([args.compute, aks]).apply(([compute, known]) => asCompute(where, compute, known)),
  };
};

/** The map's translation, once everything that it looks at is known. */
const translated = (
  { workspaceId, endpointName, compute }: Place,
  { location, namespace, authMode, ...args }: KubernetesOnlineServiceArgs,
  settings: Given,
  more: Given = {},
): pulumi.Output<Translation> => {
  const given = { ...settings, ...keyMarks({ location, ...args }), serviceName: endpointName };
  const destination = { ...{ workspaceId, location, compute, namespace, authMode }, ...more };
  return pulumi
    .all([given, destination])
    .apply(([known, to]) =>
      toKubernetes(
        { settings: known as Settings },
        withoutUnset(to as Settings) as unknown as Parameters<typeof toKubernetes>[1],
      ),
    );
};

/** Members of `properties` that the map writes. */
const membersOf = (on: "endpoint" | "deployment"): readonly string[] => [
  ...new Set(
    map
      .flatMap(({ to }) => to)
      .filter((member) => member.on === on && member.path.startsWith("properties."))
      .map(({ path }) => path.split(".")[1]!),
  ),
];

/** The same object, each member an output of its own: what is not known, or secret, hides no other. */
const eachOf = (body: pulumi.Output<Settings>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, body.apply((members) => members[name])]));

const endpointOf = (place: Place, args: KubernetesOnlineServiceArgs) => {
  const { parent, where, name, azure, workspace, workspaceId, endpointName, compute } = place;
  const body = translated(place, args, settingsOf(args.service)).apply(({ endpoint }) => endpoint);
  const carried = eachOf(
    body.apply(({ properties }) => properties as Settings),
    membersOf("endpoint"),
  );
  const properties = withoutUnset({
    ...carried,
    compute: pulumi.interpolate`${workspaceId}/computes/${compute}`,
    publicNetworkAccess: args.publicNetworkAccess ?? "Enabled",
    traffic: args.traffic,
    keys: keysOf(where, args, carried["authMode"] as pulumi.Output<string>),
  });
  return new azure.OnlineEndpoint(
    name,
    {
      ...workspace,
      endpointName,
      location: args.location,
      identity: args.userAssignedIdentities
        ? { type: "UserAssigned", userAssignedIdentities: args.userAssignedIdentities }
        : { type: "SystemAssigned" },
      tags: body.apply(({ tags }) => tags),
      properties,
    },
    {
      parent,
      ...(isServing(args.traffic) ? { protect: true } : {}),
      // Azure takes keys when it makes the endpoint, and never again.
      ignoreChanges: ["properties.keys"],
      // azure-native applies its defaults over the whole object, in which one secret hides all the rest.
      transformations: [({ props, opts }) => ({ props: { ...props, properties }, opts })],
    },
  );
};

const isServing = (traffic: KubernetesOnlineServiceArgs["traffic"]): boolean =>
  Object.values(traffic).some((weight) => weight > 0);

const deploymentOf = (
  place: Place,
  args: KubernetesOnlineServiceArgs,
  key: string,
  endpoint: pulumi.CustomResource,
): { readonly resource: pulumi.CustomResource; readonly findings: pulumi.Output<MigrationFinding[]> } => {
  const { parent, azure, workspace, endpointName } = place;
  const [where, logicalName] = [`${place.where}: deployment "${key}"`, `${place.name}-${key}`];
  const deployment = args.deployments[key]!;
  const assetName = pulumi.interpolate`${endpointName}-${key}`;
  const assets = { ...place, where, logicalName, assetName, opts: { parent } };
  const code = codeOf(assets, deployment);
  const model = modelOf(assets, deployment);
  const environment = environmentOf(assets, deployment, args.service);
  const settings = settingsOf(args.service, deployment.settings);
  const script = scriptOf(where, deployment, settings, isSet(code.id));

  const { instanceType, instanceTypeLimits: limits } = deployment;
  const translation = translated(
    place,
    args,
    { ...settings, inferenceConfig: configOf(settings, script, isSet(environment.id)) },
    {
      ...{ instanceType, deploymentName: key, instanceTypeLimits: limits && { gpuCores: 0, ...limits } },
      ...{ codeId: code.id, model: model.id, environmentId: environment.id },
    },
  ).apply((known) => {
    assertDeployable(where, known.findings);
    return known;
  });
  const body = translation.apply((known) => known.deployment);
  const made = [code, model, environment].flatMap((asset) => (asset.made ? [asset.made] : []));
  const resource = new azure.OnlineDeployment(
    logicalName,
    {
      ...{ ...workspace, endpointName, deploymentName: key, location: args.location },
      ...eachOf(body, ["sku", "tags"]),
      properties: withoutUnset({
        ...eachOf(
          body.apply(({ properties }) => properties as Settings),
          membersOf("deployment"),
        ),
        ...{ endpointComputeType: "Kubernetes", instanceType },
        codeConfiguration: isSet(code.id) ? { codeId: code.id, scoringScript: script } : undefined,
      }),
    },
    { parent, dependsOn: [endpoint, ...made], ...guardOf(place, key, args.traffic[key] ?? 0) },
  );
  return { resource, findings: translation.apply(({ findings }) => findings.map(findingFor(key))) };
};

const findingFor =
  (deployment: string) =>
  ({ setting, kind, says, wayRound, source }: Finding): MigrationFinding => ({
    ...{ deployment, setting, kind, says, source },
    ...(wayRound === undefined ? {} : { wayRound }),
  });

/** The entry script: the deployment's, or else the web service's. */
const scriptOf = (
  where: string,
  { scoringScript }: KubernetesDeploymentArgs,
  settings: Given,
  isNeeded: boolean,
): pulumi.Output<string | undefined> =>
  pulumi.all([scoringScript, settings["inferenceConfig"]]).apply(([own, config]) => {
    const script = own ?? (isObject(config) ? (config["entryScript"] as string | undefined) : undefined);
    if (script !== undefined || !isNeeded) return script;
    throw refused(
      "NoEntryScript",
      `${where}: scoringScript must be given beside code, since the entry script of the web service is not known. ` +
        'Give its path in the folder, such as "score.py".',
    );
  });

/** What the map takes for the code of the web service, though it was never said of one that was adopted. */
const configOf = (settings: Given, script: pulumi.Output<string | undefined>, hasEnvironment: boolean) =>
  pulumi
    .all([settings["inferenceConfig"], script, settings["imageId"]])
    .apply(([config, entryScript, imageId]) => {
      if (!isObject(config) && entryScript === undefined && (isSet(imageId) || !hasEnvironment))
        return undefined;
      return { ...(isObject(config) ? config : {}), ...(entryScript === undefined ? {} : { entryScript }) };
    });

/** Mocks in a user's unit test take no hooks. */
const takesHooks = (): boolean => {
  const { getMonitor } = pulumi.runtime as { readonly getMonitor?: () => object | undefined };
  return "registerResourceHook" in (getMonitor?.() ?? {});
};

let hooks = 0;

/** Of a deployment that gets calls: what keeps it, and what refuses the calls while it is not there. */
const guardOf = ({ where, name }: Place, key: string, weight: number): pulumi.CustomResourceOptions => {
  if (weight === 0) return {};
  if (!takesHooks()) return { protect: true };
  const refuse = () => {
    throw refused(
      "TrafficBeforeDeployment",
      `${where}: traffic gives ${key} ${weight}, and ${key} is yet to be made: it does not exist, or its code, entry script or instance type changes. ` +
        `Give it no traffic in this \`pulumi up\` (its weight goes to another deployment, or traffic is {}), and its weight in the next. ` +
        "For another script write another deployment beside it.",
    );
  };
  hooks += 1;
  const hook = new pulumi.ResourceHook(`${TYPE} ${name} ${key} ${hooks}`, refuse, { onDryRun: true });
  return { protect: true, hooks: { beforeCreate: [hook] } };
};
