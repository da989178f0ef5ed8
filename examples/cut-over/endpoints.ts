import * as pulumi from "@pulumi/pulumi";
import * as azureml from "pulumi-azureml";
import { KubernetesOnlineService } from "pulumi-azureml/kubernetes";
import type {
  InstanceTypeLimits,
  KubernetesDeploymentArgs,
  KubernetesOnlineServiceArgs,
} from "pulumi-azureml/kubernetes";
import type { Route } from "./router";

/** A web service that runs, and the deployments of the endpoint that is to replace it. */
export interface WebService {
  readonly name: string;
  readonly scoringUri: string;
  /** Who may call it. */
  readonly callers: "key" | "token" | "anyone";
  /** As it was found; keys are with the service alone. */
  readonly settings: azureml.AksWebserviceArgs;
  /** What a person has to decide: a value of that name in the stack's configuration does, or the name in `decided`. */
  readonly decisions: { readonly [name: string]: string };
  /** By constant names: a deployment beside another one is another member, and gets its share by `traffic`. */
  deployments(value: (name: Value) => string): {
    readonly [name: string]: KubernetesDeploymentArgs;
  };
}

/** Values that only a person knows. */
export type Value = "codeUri" | "environmentId" | "image" | "modelUri";

/** What the stack's configuration says of one service, as `services.<name>`. */
interface ServiceSettings extends Partial<Record<Value, string>> {
  /** Whether the endpoint shall exist. `false` again deletes it. */
  readonly deploy?: boolean;
  /** How many of 100 calls each deployment of the endpoint gets; for an `up` after the one that made it. */
  readonly traffic?: { readonly [deployment: string]: number };
  /** How many of 100 calls the router gives to the endpoint. */
  readonly weight?: number;
  /** Names of `decisions` that are made. */
  readonly decided?: readonly string[];
  /** The web service is gone, or about to be: nothing is read from it any more. */
  readonly retired?: boolean;
  /** In place of the web service's name, and of what holds for all services. */
  readonly endpointName?: string;
  readonly compute?: string;
  readonly namespace?: string;
  /** One of `instanceTypes`. */
  readonly instanceType?: string;
  readonly authMode?: "Key" | "AMLToken" | "AADToken";
}

const known: readonly (keyof ServiceSettings)[] = [
  ...(["deploy", "traffic", "weight", "decided", "retired"] as const),
  ...(["endpointName", "compute", "namespace", "instanceType"] as const),
  ...(["authMode", "codeUri", "environmentId", "image", "modelUri"] as const),
];

/** A registered environment of the workspace, `name:version`, as an ARM id. */
export const registered = (environment: string): string => {
  const workspaceId = new pulumi.Config("azureml").require("workspaceId");
  const [name, version] = environment.split(":");
  return `${workspaceId}/environments/${name}/versions/${version}`;
};

/**
 * Makes the endpoints that the stack's configuration says to deploy, and tells the router's part of each service.
 *
 * @throws with all that is undecided or contradicts itself, before anything is made
 */
export const endpointsOf = (
  services: readonly WebService[],
): pulumi.Output<Route[]> => {
  const config = new pulumi.Config();
  const all =
    config.getObject<Record<string, ServiceSettings>>("services") ?? {};
  const types =
    config.getObject<Record<string, InstanceTypeLimits>>("instanceTypes") ?? {};
  const settingsOf = ({ name }: WebService) => all[name] ?? {};
  const deploys = services.some((service) => settingsOf(service).deploy);
  const faults = [
    ...(deploys && !config.get("compute")
      ? [
          "compute: name the Kubernetes compute (pulumi config set compute NAME)",
        ]
      : []),
    ...Object.keys(all)
      .filter((name) => !services.some((service) => service.name === name))
      .map((name) => `services.${name}: this program has no such service`),
    ...services.flatMap((service) =>
      faultsOf(service, settingsOf(service), types),
    ),
  ];
  if (faults.length > 0)
    throw new pulumi.RunError(
      `the stack's configuration cannot be deployed:\n${faults.map((fault) => `  ${fault.replace(/\.?$/, ".")}\n`).join("")}`,
    );
  const waiting = services.filter((service) => !settingsOf(service).deploy);
  if (waiting.length > 0)
    void pulumi.log.info(
      `Not deployed: ${waiting.map((service) => waitingFor(service, settingsOf(service))).join(", ")}.`,
    );
  return pulumi.all(
    services.map((service) =>
      routeOf(
        service,
        settingsOf(service),
        settingsOf(service).deploy
          ? endpointOf(service, settingsOf(service), types)
          : undefined,
      ),
    ),
  );
};

const openDecisions = (
  { decisions }: WebService,
  settings: ServiceSettings,
): readonly string[] =>
  Object.keys(decisions).filter(
    (name) =>
      !settings.decided?.includes(name) &&
      !settings[name as keyof ServiceSettings],
  );

const waitingFor = (service: WebService, settings: ServiceSettings): string => {
  const open = openDecisions(service, settings);
  return open.length === 0
    ? `${service.name} (set services.${service.name}.deploy)`
    : `${service.name} (undecided: ${open.join(", ")})`;
};

const faultsOf = (
  service: WebService,
  settings: ServiceSettings,
  types: Readonly<Record<string, InstanceTypeLimits>>,
): readonly string[] => {
  const at = `services.${service.name}`;
  const { deploy = false, weight = 0, traffic = {}, instanceType } = settings;
  const answering = Object.values(traffic).some((share) => share > 0);
  return [
    ...Object.keys(settings)
      .filter((key) => !known.includes(key as keyof ServiceSettings))
      .map((key) => `${at}.${key}: expected one of ${known.join(", ")}`),
    ...(deploy ? openDecisions(service, settings) : []).map(
      (name) => `${at}.${name} is undecided: ${service.decisions[name]}`,
    ),
    ...(weight > 0 && !(deploy && answering)
      ? [
          `${at}.weight: expected 0 while no deployment of the endpoint has traffic, found ${weight}; set ${at}.traffic first`,
        ]
      : []),
    ...(settings.retired && weight !== 100
      ? [
          `${at}.retired: expected the weight 100 first, found ${weight}: the web service still gets calls`,
        ]
      : []),
    ...(instanceType && !types[instanceType]
      ? [
          `${at}.instanceType: expected one of instanceTypes, found ${instanceType}`,
        ]
      : []),
  ];
};

const endpointOf = (
  service: WebService,
  settings: ServiceSettings,
  types: Readonly<Record<string, InstanceTypeLimits>>,
): KubernetesOnlineService => {
  const config = new pulumi.Config();
  const {
    traffic = {},
    decided,
    instanceType,
    authMode,
    endpointName,
  } = settings;
  const size = instanceType
    ? { instanceType, instanceTypeLimits: types[instanceType] }
    : {};
  // `decisions` names each value, so that none is missing here.
  const deployments = service.deployments((name) => settings[name] ?? "");
  return new KubernetesOnlineService(service.name, {
    service: service.settings,
    location: new pulumi.Config("azure-native").require("location"),
    compute: settings.compute ?? config.require("compute"),
    namespace: settings.namespace ?? config.get("namespace"),
    deployments: Object.fromEntries(
      Object.entries(deployments).map(([name, deployment]) => [
        name,
        { ...size, ...deployment },
      ]),
    ),
    keys: keysOf(service, settings),
    ...(endpointName ? { endpointName } : {}),
    traffic,
    ...(authMode ? { authMode } : {}),
    ...(decided ? { decided } : {}),
  });
};

/** Callers keep their keys: Azure takes them when it makes the endpoint, and never again. */
const keysOf = (
  { name, callers }: WebService,
  { retired }: ServiceSettings,
): NonNullable<KubernetesOnlineServiceArgs["keys"]> => {
  if (callers !== "key" || retired) return "generated";
  const keys = azureml.getKeysOutput(name);
  return { primaryKey: keys.primaryKey, secondaryKey: keys.secondaryKey };
};

const routeOf = (
  { name, scoringUri, callers }: WebService,
  { weight = 0, retired = false }: ServiceSettings,
  endpoint: KubernetesOnlineService | undefined,
): pulumi.Output<Route> =>
  pulumi.output(endpoint?.scoringUri).apply((uri) => ({
    name,
    service: scoringUri,
    endpoint: uri,
    weight,
    retired,
    keyStays: callers === "key",
  }));
