import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { isObject, isSet } from "../../provider/core/values";
import type {
  CodeAsset,
  EnvironmentAsset,
  KubernetesDeploymentArgs,
  KubernetesOnlineServiceArgs,
  ModelAsset,
} from "./args";
import type { AzureNative } from "./azure-native";
import { isResource, later, type Given } from "./web-service";
import { refused } from "./checks";

/** Where assets are registered, and for which deployment. */
export interface AssetPlace {
  readonly azure: AzureNative;
  readonly where: string;
  /** The component's and the deployment's names: the logical names of assets begin with them. */
  readonly logicalName: string;
  /** The endpoint's and the deployment's names: the default of an asset's. */
  readonly assetName: pulumi.Output<string>;
  readonly workspaceId: pulumi.Output<string>;
  /** Resource group and name of the workspace. */
  readonly workspace: Given;
  readonly opts: pulumi.CustomResourceOptions;
}

/** An asset by its ARM id, and what makes it, where this program does. */
export interface Registered {
  readonly id?: pulumi.Input<string>;
  readonly made?: pulumi.CustomResource;
}

type Kind = "code" | "model" | "environment";

const classes = {
  code: "CodeVersion",
  model: "ModelVersion",
  environment: "EnvironmentVersion",
} as const satisfies Record<Kind, keyof AzureNative>;

const collections = { code: "codes", model: "models", environment: "environments" };

const hashOf = (members: Given): pulumi.Output<string> =>
  pulumi
    .output(members)
    .apply((known) => createHash("sha256").update(JSON.stringify(known)).digest("hex").slice(0, 12));

/** An asset version of these members. Its id is known as soon as its name and version are, so that a preview shows it. */
const register = (
  place: AssetPlace,
  kind: Kind,
  named: { readonly name?: unknown; readonly version?: unknown },
  properties: Given,
): Registered => {
  const { azure, logicalName, workspaceId, workspace, opts } = place;
  const name = pulumi.output(named.name ?? place.assetName) as pulumi.Output<string>;
  const version = pulumi.output(named.version ?? hashOf(properties)) as pulumi.Output<string>;
  const args = { ...workspace, name, version, properties };
  const made = new azure[classes[kind]](`${logicalName}-${kind}`, args, opts);
  return { id: pulumi.interpolate`${workspaceId}/${collections[kind]}/${name}/versions/${version}`, made };
};

const isAsset = (given: unknown): given is Readonly<Record<string, unknown>> =>
  isObject(given) && !pulumi.Output.isInstance(given) && !(given instanceof Promise);

const byId = ({ where }: AssetPlace, kind: Kind, id: pulumi.Input<string>): Registered => {
  if (typeof id === "string" && !id.startsWith("/"))
    throw refused(
      "BadAsset",
      `${where}: ${kind} must be the ARM id of a version (/subscriptions/…/${collections[kind]}/<name>/versions/<version>); found ${JSON.stringify(id)}. ` +
        "Give the id, or an object that a version is made from.",
    );
  return { id };
};

export const codeOf = (place: AssetPlace, { code }: KubernetesDeploymentArgs): Registered => {
  if (!isSet(code)) return {};
  if (!isAsset(code)) return byId(place, "code", code as pulumi.Input<string>);
  const { uri, ...named } = code as unknown as CodeAsset;
  return register(place, "code", named, { codeUri: uri });
};

export const modelOf = (place: AssetPlace, { model }: KubernetesDeploymentArgs): Registered => {
  if (!isSet(model)) return {};
  if (!isAsset(model)) return byId(place, "model", model as pulumi.Input<string>);
  const { uri, type = "custom_model", ...named } = model as unknown as ModelAsset;
  return register(place, "model", named, { modelUri: uri, modelType: type });
};

/** The environment that is said, or one made of the web service's own definition. */
export const environmentOf = (
  place: AssetPlace,
  { environment }: KubernetesDeploymentArgs,
  service: KubernetesOnlineServiceArgs["service"],
): Registered => {
  if (!isSet(environment)) return definedBy(place, service);
  if (!isAsset(environment)) return byId(place, "environment", environment as pulumi.Input<string>);
  const { image, condaFile, inferenceConfig, ...named } = environment as unknown as EnvironmentAsset;
  return register(place, "environment", named, {
    ...{ osType: "Linux", image },
    ...(condaFile === undefined ? {} : { condaFile }),
    ...(inferenceConfig === undefined ? {} : { inferenceConfig }),
  });
};

/** Only of what is plain: whether there is a resource must not depend on what is not known in a preview. */
const definedBy = (place: AssetPlace, service: KubernetesOnlineServiceArgs["service"]): Registered => {
  const config: unknown = isResource(service) ? undefined : service.inferenceConfig;
  const definition: unknown = isAsset(config) ? config["environment"] : undefined;
  if (!isAsset(definition) || !isSet(definition["baseImage"]) || isSet(definition["baseImageRegistry"]))
    return {};
  const { name, baseImage, condaDependencies } = definition;
  const packages = isSet(condaDependencies)
    ? // A conda file is YAML, and so is JSON.
      {
        condaFile: later(condaDependencies).apply((known) => JSON.stringify(known)),
      }
    : {};
  const named = isSet(name) ? { name } : {};
  return register(place, "environment", named, { osType: "Linux", image: baseImage, ...packages });
};
