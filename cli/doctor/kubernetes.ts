import { ServiceError } from "../../provider/azure/errors";
import { isObject, jsonObject, membersOf, type JsonObject } from "../../provider/azure/response";
import type { Session } from "../../provider/azure/session";
import { isAksService } from "../../provider/core/service-state";
import { readSettings } from "../../provider/core/wire";
import { fittingType, type InstanceType } from "../assess/instance-types";
import { ok, problem, unknown, type Finding } from "./finding";

/** Where the reads go. */
export interface KubernetesTarget {
  readonly arm: Session;
  readonly armUrl: string;
  /** The workspace's ARM id. */
  readonly scope: string;
  /** The API of the web services. */
  readonly services: Session;
  readonly root: string;
}

/** A read's answer, or why there is none. */
type Answer = { readonly document: JsonObject } | { readonly why: string };

const ML = "2024-04-01";
const AKS = "2024-05-01";
const EXTENSIONS = "2023-05-01";
const LONGEST_MS = 150_000;

const askNext =
  "Ask for the Reader role on the workspace and on the cluster, or let somebody run this who has it.";

/**
 * What stands in the way of Kubernetes online endpoints, in the workspace, its computes and their clusters, by reads alone.
 * What cannot be read is unknown, and then nothing is ready.
 */
export const kubernetesFindings = async (target: KubernetesTarget): Promise<readonly Finding[]> => {
  const computes = await readList(target.arm, armUrl(target, "/computes", ML));
  const web = await readList(target.services, `${target.root}/services?expand=true`);
  const findings: Finding[] = [legacyFinding(await read(target.arm, armUrl(target, "", ML)))];
  if ("why" in computes)
    findings.push(unknown("k8s-compute", `the computes cannot be read: ${computes.why}`, askNext));
  else {
    const kubernetes = computes.value.filter((compute) => typeOf(compute) === "kubernetes");
    findings.push(computeFinding(kubernetes));
    for (const compute of kubernetes)
      findings.push(...(await clusterFindings(target, compute, computes.value)), sizesFinding(compute, web));
  }
  findings.push(timeoutsFinding(web));
  return [...findings, readyFinding(findings)];
};

/** Without ARM nothing can be said. */
export const kubernetesUnasked: readonly Finding[] = [
  unknown(
    "k8s-ready",
    "ARM is not read while AZUREML_DISCOVERY_URL is set",
    "Unset it, or set AZUREML_ARM_ENDPOINT too.",
  ),
];

const armUrl = ({ armUrl, scope }: KubernetesTarget, path: string, version: string): string =>
  `${armUrl}${scope}${path}?api-version=${version}`;

const legacyFinding = (workspace: Answer): Finding => {
  const id = "k8s-legacy-mode";
  if ("why" in workspace) return unknown(id, `the workspace cannot be read: ${workspace.why}`, askNext);
  const legacy = membersOf(workspace.document["properties"])["v1LegacyMode"];
  if (legacy === false) return ok(id, "off");
  return legacy === true
    ? problem(
        id,
        "the workspace is in v1 legacy mode, in which there are no endpoints",
        "Have it turned off (v1LegacyMode: false). In a workspace with private endpoints check first what that opens: how-to-configure-network-isolation-with-v2.",
      )
    : unknown(id, "the workspace does not show v1LegacyMode", "Look it up in the JSON view of the portal.");
};

const typeOf = (compute: JsonObject): string =>
  String(membersOf(compute["properties"])["computeType"]).toLowerCase();
const nameOf = ({ name }: JsonObject): string => String(name);
const clusterOf = (compute: JsonObject): string =>
  String(membersOf(compute["properties"])["resourceId"] ?? "");
const sameId = (a: string, b: string): boolean => a !== "" && a.toLowerCase() === b.toLowerCase();

const computeFinding = (kubernetes: readonly JsonObject[]): Finding => {
  const names = kubernetes.map(nameOf);
  if (kubernetes.length === 0)
    return problem(
      "k8s-compute",
      "no Kubernetes compute is attached",
      "Install the Azure ML extension on a second cluster and attach that one: the extension refuses a cluster that runs web services.",
    );
  const states = kubernetes.map((compute) => membersOf(compute["properties"])["provisioningState"]);
  const bad = names.filter((_, at) => states[at] !== "Succeeded");
  return bad.length === names.length
    ? { ...problem("k8s-compute", `not Succeeded: ${bad.join(", ")}`, "Attach the cluster again."), names }
    : { ...ok("k8s-compute", names.join(", ")), names };
};

/** The cluster of a compute: whose it is, what else runs on it, how it was made, which version and extension it has. */
const clusterFindings = async (
  target: KubernetesTarget,
  compute: JsonObject,
  computes: readonly JsonObject[],
): Promise<readonly Finding[]> => {
  const { arm, scope } = target;
  const [name, cluster] = [nameOf(compute), clusterOf(compute)];
  if (!/^\/subscriptions\/[^/]+\//i.test(cluster))
    return [named(unknown("k8s-cluster", `${name} does not show its cluster`, askNext), name)];
  const at = (path: string, version: string): string =>
    `${target.armUrl}${cluster}${path}?api-version=${version}`;
  const isArc = /\/connectedClusters\/[^/]+$/i.test(cluster);
  const document = await read(arm, at("", isArc ? "2024-01-01" : AKS));
  const extensions = await readList(
    arm,
    at("/providers/Microsoft.KubernetesConfiguration/extensions", EXTENSIONS),
  );
  const extension = extensionIn(extensions);
  const findings = [
    subscriptionFinding(name, cluster, scope),
    sharedFinding(
      name,
      computes.filter((other) => typeOf(other) === "aks" && sameId(clusterOf(other), cluster)),
      extension,
    ),
    ...(isArc ? [] : [accountsFinding(name, document)]),
    versionFinding(name, document, isArc ? undefined : await latestMinor(target, cluster, document)),
    extensionFinding(name, extensions, extension),
  ];
  return findings.map((finding) => named(finding, name, cluster.split("/").at(-1)!));
};

const named = (finding: Finding, ...names: readonly string[]): Finding => ({ ...finding, names });

const subscriptionOf = (id: string): string => (id.split("/")[2] ?? "").toLowerCase();

const subscriptionFinding = (name: string, cluster: string, scope: string): Finding =>
  subscriptionOf(cluster) === subscriptionOf(scope)
    ? ok("k8s-subscription", `${name}: the workspace's`)
    : problem(
        "k8s-subscription",
        `${name}: its cluster is of another subscription, which is not supported`,
        "Attach a cluster of the workspace's subscription.",
      );

const sharedFinding = (
  name: string,
  onSame: readonly JsonObject[],
  extension: JsonObject | undefined,
): Finding => {
  const id = "k8s-shared";
  if (onSame.length === 0)
    return ok(
      id,
      `${name}: no AKS compute of this workspace is on its cluster; other workspaces are not seen`,
    );
  const also = onSame.map(nameOf).join(", ");
  if (settingOf(extension, "scoringFe.enableUpgrade") === "true")
    return unknown(
      id,
      `${name}: its cluster also serves web services (${also}), by the preview switch scoringFe.enableUpgrade`,
      "Take a second cluster, or at least other names than the web services'.",
    );
  return problem(
    id,
    `${name}: its cluster also serves web services (${also}), and the extension refuses that (E45004, E45005)`,
    "Take a second cluster. The web services' router may be removed only when no web service is left.",
  );
};

const accountsFinding = (name: string, cluster: Answer): Finding => {
  const id = "k8s-accounts";
  if ("why" in cluster) return unknown(id, `${name}: its cluster cannot be read: ${cluster.why}`, askNext);
  const { servicePrincipalProfile, disableLocalAccounts } = membersOf(cluster.document["properties"]);
  const client = membersOf(servicePrincipalProfile)["clientId"];
  if (client !== undefined && client !== "msi")
    return problem(
      id,
      `${name}: its cluster runs as a service principal, which is not supported`,
      "Give it a managed identity; its node pools have to be made anew.",
    );
  return disableLocalAccounts === true
    ? problem(
        id,
        `${name}: its cluster's local accounts are disabled, which is not supported`,
        "Enable them.",
      )
    : ok(id, `${name}: managed identity, local accounts`);
};

const MINOR = /^v?1\.(\d+)/;
const minorOf = (version: unknown): number | undefined => {
  const minor = MINOR.exec(String(version))?.[1];
  return minor === undefined ? undefined : Number(minor);
};

/** The newest minor version that AKS offers in the cluster's region and that is no preview. */
const latestMinor = async (
  { arm, armUrl }: KubernetesTarget,
  cluster: string,
  document: Answer,
): Promise<number | undefined> => {
  if ("why" in document) return undefined;
  const { location } = document.document;
  const offered = await read(
    arm,
    `${armUrl}/subscriptions/${subscriptionOf(cluster)}/providers/Microsoft.ContainerService/locations/${encodeURIComponent(String(location))}/kubernetesVersions?api-version=${AKS}`,
  );
  if ("why" in offered) return undefined;
  const { values } = offered.document;
  const minors = (Array.isArray(values) ? values.filter(isObject) : [])
    .filter(({ isPreview }) => isPreview !== true)
    .flatMap(({ version }) => minorOf(version) ?? []);
  return minors.length === 0 ? undefined : Math.max(...minors);
};

const versionFinding = (name: string, cluster: Answer, latest: number | undefined): Finding => {
  const id = "k8s-version";
  if ("why" in cluster) return unknown(id, `${name}: its cluster cannot be read: ${cluster.why}`, askNext);
  const { currentKubernetesVersion, kubernetesVersion } = membersOf(cluster.document["properties"]);
  const own = minorOf(currentKubernetesVersion ?? kubernetesVersion);
  if (own === undefined || latest === undefined)
    return unknown(
      id,
      `${name}: ${own === undefined ? "its version is unknown" : `1.${own}; the newest one is unknown`}`,
      "Kubernetes has to be one of the newest three minor versions: compare with az aks get-versions.",
    );
  return own < latest - 2
    ? problem(id, `${name}: 1.${own}, expected 1.${latest - 2} or newer`, "Upgrade the cluster.")
    : ok(id, `${name}: 1.${own}`);
};

const extensionIn = (extensions: List): JsonObject | undefined =>
  "why" in extensions
    ? undefined
    : extensions.value.find(
        ({ properties }) =>
          String(membersOf(properties)["extensionType"]).toLowerCase() === "microsoft.azureml.kubernetes",
      );

const settingOf = (extension: JsonObject | undefined, setting: string): string | undefined => {
  const settings = membersOf(membersOf(extension?.["properties"])["configurationSettings"]);
  return settings[setting] === undefined ? undefined : String(settings[setting]).toLowerCase();
};

const extensionFinding = (name: string, extensions: List, extension: JsonObject | undefined): Finding => {
  const id = "k8s-extension";
  if ("why" in extensions)
    return unknown(id, `${name}: the extensions cannot be read: ${extensions.why}`, askNext);
  if (extension === undefined)
    return problem(
      id,
      `${name}: its cluster does not have the Azure ML extension`,
      "az k8s-extension create --extension-type Microsoft.AzureML.Kubernetes --config enableInference=True …",
    );
  const state = membersOf(extension["properties"])["provisioningState"];
  if (state !== "Succeeded")
    return problem(
      id,
      `${name}: the Azure ML extension is ${String(state)}`,
      "kubectl describe configmap -n azureml arcml-healthcheck says why.",
    );
  const inference = settingOf(extension, "enableInference");
  if (inference === "true") return ok(id, `${name}: installed, for inference`);
  return inference === undefined
    ? unknown(id, `${name}: the extension does not show enableInference`, "Look with az k8s-extension show.")
    : problem(id, `${name}: the extension is not for inference`, "Update it with enableInference=True.");
};

/** A cluster's InstanceTypes, as its compute shows them; undefined where it does not. */
const instanceTypesOf = (compute: JsonObject): readonly InstanceType[] | undefined => {
  const { instanceTypes } = membersOf(membersOf(compute["properties"])["properties"]);
  if (!isObject(instanceTypes)) return undefined;
  return Object.entries(instanceTypes).flatMap(([name, type]) => {
    const limits = membersOf(membersOf(membersOf(type)["resources"])["limits"]);
    const [cpuCores, memory] = [quantity(limits["cpu"]), quantity(limits["memory"])];
    const gpuCores = quantity(limits["nvidia.com/gpu"] ?? 0) ?? 0;
    return cpuCores === undefined || memory === undefined
      ? []
      : [{ name, cpuCores, memoryGb: memory / 2 ** 30, gpuCores }];
  });
};

const UNITS: Readonly<Record<string, number>> = {
  ...{ "": 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
};

const quantity = (value: unknown): number | undefined => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(m|[kMGT]|[KMGT]i)?$/.exec(String(value)) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit ?? ""]!;
};

const sizesFinding = (compute: JsonObject, web: List): Finding => {
  const [id, name, types] = ["k8s-sizes", nameOf(compute), instanceTypesOf(compute)];
  if ("why" in web) return unknown(id, `${name}: the web services cannot be read: ${web.why}`, askNext);
  const services = web.value.filter(isAksService);
  const large = services.filter((service) => fittingType(readSettings(service), types ?? []) === undefined);
  if (large.length === 0) return named(ok(id, `${name}: ${services.length} services fit`), name);
  const found = `${name}: ${large.length} of ${services.length} services fit none of its InstanceTypes (${large.map(nameOf).join(", ")})`;
  const names = [name, ...large.map(nameOf)];
  const next = "pulumi-azureml assess writes the InstanceType resources that are needed.";
  return types === undefined
    ? named(unknown(id, `${found}, which it does not show`, next), ...names)
    : named(problem(id, found, next), ...names);
};

const timeoutsFinding = (web: List): Finding => {
  const id = "k8s-timeouts";
  if ("why" in web) return unknown(id, `the web services cannot be read: ${web.why}`, askNext);
  const slow = web.value
    .filter(isAksService)
    .filter((service) => Number(readSettings(service)["scoringTimeoutMs"] ?? 0) > LONGEST_MS)
    .map(nameOf);
  return slow.length === 0
    ? ok(id, "none above 150 s")
    : named(
        problem(
          id,
          `above 150 s, which is refused there: ${slow.join(", ")}`,
          "Answer long calls at once, and let callers ask for the result.",
        ),
        ...slow,
      );
};

const readyFinding = (findings: readonly Finding[]): Finding => {
  const id = "k8s-ready";
  const ids = (status: Finding["status"]): string =>
    [...new Set(findings.filter((finding) => finding.status === status).map((finding) => finding.id))].join(
      ", ",
    );
  if (ids("problem") !== "")
    return problem(id, `no: ${ids("problem")}`, "Correct these first, then look again.");
  if (ids("unknown") !== "")
    return unknown(
      id,
      `not known: ${ids("unknown")}`,
      "Nothing else stands in the way; these must be looked at.",
    );
  return ok(
    id,
    "nothing found that stands in the way; the room on the nodes is not seen (assess adds it up)",
  );
};

const read = async (session: Session, url: string): Promise<Answer> => {
  try {
    const response = await session.send({
      action: "look at the target",
      method: "GET",
      url,
      repeatable: true,
    });
    const document = jsonObject(response);
    return response.status === 200 && document ? { document } : { why: `HTTP ${response.status}` };
  } catch (error) {
    if (error instanceof ServiceError) return { why: error.code };
    throw error;
  }
};

type List = { readonly value: readonly JsonObject[] } | { readonly why: string };

/** More pages than any workspace has. */
const MOST_PAGES = 1000;

const readList = async (session: Session, first: string): Promise<List> => {
  const all: JsonObject[] = [];
  let url: string | undefined = first;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer: Answer = await read(session, url);
    if ("why" in answer) return answer;
    const { value, nextLink } = answer.document;
    if (!Array.isArray(value)) return { why: "no list" };
    all.push(...value.filter(isObject));
    if (typeof nextLink !== "string" || nextLink === "") return { value: all };
    if (!URL.canParse(nextLink, url)) return { why: "a page without an address" };
    url = new URL(nextLink, url).href;
  }
  return { why: "pages without an end" };
};
