/** What Azure Resource Manager refuses of endpoints and deployments. */

export type Body = Readonly<Record<string, unknown>>;

export interface Rules {
  readonly workspaceId: string;
  readonly computes: Readonly<Record<string, "Kubernetes" | "AKS">>;
  readonly instanceTypes: Readonly<
    Record<string, { readonly cpu: number; readonly memoryGi: number; readonly gpu: number }>
  >;
  /** Of code; models and environments are taken to exist, since those of web services do. */
  readonly hasAsset: (path: string) => boolean;
}

export interface Problem {
  readonly code: string;
  readonly message: string;
}

const bad = (message: string, code = "BadRequest"): Problem => ({ code, message });
const propertiesOf = (body: Body | undefined): Body => (body?.["properties"] ?? {}) as Body;
const at = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((inner, name) => (inner as Body | undefined)?.[name], value);

const READ_ONLY = ["provisioningState", "scoringUri", "swaggerUri"];

const readOnly = (body: Body): Problem | undefined => {
  const found = READ_ONLY.filter((name) => name in propertiesOf(body));
  return found.length > 0 ? bad(`${found.join(", ")} can only be read.`) : undefined;
};

const changed = (body: Body, before: Body | undefined, paths: readonly string[]): Problem | undefined => {
  if (!before) return undefined;
  const path = paths.find((one) => JSON.stringify(at(body, one)) !== JSON.stringify(at(before, one)));
  return path === undefined
    ? undefined
    : bad(`${path} cannot be changed once it is set.`, "ImmutableProperty");
};

/** Keys are inferred to be of these lengths: the generated ones are. */
const KEY_LENGTHS = [32, 84];

const keysProblem = (body: Body): Problem | undefined => {
  const keys = Object.values((propertiesOf(body)["keys"] ?? {}) as Readonly<Record<string, string>>);
  return keys.every((key) => KEY_LENGTHS.includes(key.length))
    ? undefined
    : bad("A key has 32 or 84 characters.", "InvalidKey");
};

const trafficProblem = (body: Body, states: Readonly<Record<string, string>>): Problem | undefined => {
  const traffic = Object.entries((propertiesOf(body)["traffic"] ?? {}) as Readonly<Record<string, number>>);
  const stranger = traffic.find(([name]) => !(name in states));
  if (stranger)
    return bad(
      `The traffic names the deployment ${stranger[0]}, which the endpoint does not have. Make the deployment first.`,
      "InvalidTraffic",
    );
  const unready = traffic.find(([name, weight]) => weight > 0 && states[name] !== "Succeeded");
  if (unready)
    return bad(
      `The deployment ${unready[0]} is ${states[unready[0]]} and takes no traffic.`,
      "InvalidTraffic",
    );
  const sum = traffic.reduce((total, [, weight]) => total + weight, 0);
  return sum === 0 || sum === 100
    ? undefined
    : bad(`The traffic must add up to 0 or 100, and adds up to ${sum}.`, "InvalidTraffic");
};

const computeProblem = (body: Body, { workspaceId, computes }: Rules): Problem | undefined => {
  const id = String(propertiesOf(body)["compute"]);
  const name = id.startsWith(`${workspaceId}/computes/`) ? id.slice(`${workspaceId}/computes/`.length) : "";
  const kind = computes[name];
  if (kind === undefined) return bad(`The compute ${id} does not exist in the workspace.`, "ComputeNotFound");
  return kind === "Kubernetes"
    ? undefined
    : bad(
        `The compute ${name} is of kind ${kind}; an online endpoint needs one of kind Kubernetes.`,
        "InvalidCompute",
      );
};

export const problemOfEndpoint = (
  body: Body,
  before: Body | undefined,
  states: Readonly<Record<string, string>>,
  rules: Rules,
): Problem | undefined => {
  const { authMode } = propertiesOf(body);
  if (typeof body["location"] !== "string") return bad("location is required.");
  if (!["Key", "AMLToken", "AADToken"].includes(String(authMode)))
    return bad(`authMode ${String(authMode)} is unknown.`);
  if (at(body, "identity.type") === undefined) return bad("identity is required.");
  return (
    readOnly(body) ??
    changed(body, before, ["location", "properties.compute"]) ??
    keysProblem(body) ??
    computeProblem(body, rules) ??
    trafficProblem(body, states)
  );
};

/** Cores or Gi. */
const quantity = (text: unknown): number => {
  const [, number, unit = ""] = /^([0-9.]+)(m|Mi|Gi)?$/.exec(String(text)) ?? [];
  const scale: Readonly<Record<string, number>> = { "": 1, m: 1e-3, Mi: 2 ** -10, Gi: 1 };
  return Number(number) * scale[unit]!;
};

const problemOfGpu = (requests: Body, limits: Body): Problem | undefined => {
  if ("gpu" in requests) return bad("gpu belongs to the limits.");
  return "gpu" in limits && !("cpu" in limits && "memory" in limits)
    ? bad("Limits of cpu and memory are required beside gpu.")
    : undefined;
};

/** A request may be as large as the instance type, a limit must be smaller. */
const sizeProblem = (properties: Body, { instanceTypes }: Rules): Problem | undefined => {
  const name = String(properties["instanceType"] ?? "defaultinstancetype");
  const type = instanceTypes[name];
  if (!type) return bad(`The cluster has no InstanceType ${name}.`, "InstanceTypeNotFound");
  const requests = at(properties, "containerResourceRequirements.containerResourceRequests") as
    Body | undefined;
  const limits = (at(properties, "containerResourceRequirements.containerResourceLimits") ?? {}) as Body;
  if (requests?.["cpu"] === undefined || requests["memory"] === undefined)
    return bad("Requests of cpu and memory are required.");
  const gpuProblem = problemOfGpu(requests, limits);
  if (gpuProblem) return gpuProblem;
  const tooLarge = [
    quantity(requests["cpu"]) > type.cpu,
    quantity(requests["memory"]) > type.memoryGi,
    "cpu" in limits && quantity(limits["cpu"]) >= type.cpu,
    "memory" in limits && quantity(limits["memory"]) >= type.memoryGi,
    "gpu" in limits && Number(limits["gpu"]) > type.gpu,
  ];
  return tooLarge.includes(true)
    ? bad(`The instance type ${name} is too small.`, "InstanceTypeTooSmall")
    : undefined;
};

const assetProblem = (properties: Body, { workspaceId, hasAsset }: Rules): Problem | undefined => {
  const ids = [properties["model"], properties["environmentId"], at(properties, "codeConfiguration.codeId")];
  for (const id of ids.filter((one): one is string => typeof one === "string")) {
    const path = id.startsWith(`${workspaceId}/`) ? id.slice(workspaceId.length + 1) : undefined;
    if (path === undefined || (path.startsWith("codes/") && !hasAsset(path)))
      return bad(`The asset ${id} does not exist in the workspace.`, "AssetNotFound");
  }
  return undefined;
};

export const problemOfDeployment = (
  body: Body,
  before: Body | undefined,
  rules: Rules,
): Problem | undefined => {
  const properties = propertiesOf(body);
  if (properties["endpointComputeType"] !== "Kubernetes")
    return bad("endpointComputeType must be Kubernetes.");
  if (typeof body["location"] !== "string") return bad("location is required.");
  const { codeConfiguration } = properties as { readonly codeConfiguration?: Body };
  if (codeConfiguration && typeof codeConfiguration["scoringScript"] !== "string")
    return bad("scoringScript is required.");
  return (
    readOnly(body) ??
    changed(body, before, [
      "properties.instanceType",
      "properties.codeConfiguration.codeId",
      "properties.codeConfiguration.scoringScript",
    ]) ??
    sizeProblem(properties, rules) ??
    assetProblem(properties, rules)
  );
};
