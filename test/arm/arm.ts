import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { problemOfDeployment, problemOfEndpoint, type Body, type Rules } from "./rules";

/** A request that the emulated Azure Resource Manager was sent. */
export interface Received {
  readonly method: string;
  /** Without the workspace: `onlineEndpoints/fraud/deployments/blue`. */
  readonly path: string;
  readonly body: Body;
}

export interface ArmOptions {
  readonly workspaceId: string;
  /** Computes by name. Default: k8s-prod of kind Kubernetes, and aks-prod of kind AKS. */
  readonly computes?: Readonly<Record<string, "Kubernetes" | "AKS">>;
  /** InstanceTypes of the cluster. Default: defaultinstancetype, and large. */
  readonly instanceTypes?: Rules["instanceTypes"];
  /** Code versions that are there already: `codes/<name>/versions/<version>`. Models and environments of any name are. */
  readonly codes?: readonly string[];
}

interface Deployment {
  readonly body: Body;
  readonly state: "Creating" | "Updating" | "Succeeded" | "Failed";
}

interface Endpoint {
  readonly body: Body;
  readonly keys: { readonly primaryKey: string; readonly secondaryKey: string };
  readonly deployments: Map<string, Deployment>;
  /** What each deployment is owed, for shares that come out even over a few calls. */
  readonly owed: Map<string, number>;
}

interface Operation {
  polls: number;
  /** What happens when it ends. @returns an error, where it ends badly */
  readonly end: () => Body | undefined;
}

/** The emulated Azure Resource Manager: the endpoints, deployments and assets of one workspace. */
export interface Arm {
  readonly url: string;
  readonly received: readonly Received[];
  /** Deployments of that name that are written from now on never become ready; without one, all become ready again. */
  neverReady(deployment?: string): void;
  /** The live traffic of an endpoint. */
  traffic(endpoint: string): Readonly<Record<string, number>>;
  /** Names and states of what is there. */
  deployments(endpoint: string): Readonly<Record<string, string>>;
  endpoints(): readonly string[];
  keysOf(endpoint: string): Endpoint["keys"];
  /** As somebody would in the portal. */
  setTraffic(endpoint: string, traffic: Readonly<Record<string, number>>): void;
  close(): Promise<void>;
}

const POLLS = 2;
const refusal = (code: string, message: string, status = 400) => ({
  status,
  body: { error: { code, message } },
});
const notFound = (path: string) => refusal("ResourceNotFound", `The resource ${path} was not found.`, 404);

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Starts one on loopback. It follows Microsoft's documentation where that says something, and says in `rules.ts` where it goes on what
 * is likely. It knows nothing of this package.
 */
export async function startArm(options: ArmOptions): Promise<Arm> {
  const endpoints = new Map<string, Endpoint>();
  const assets = new Map<string, Body>((options.codes ?? []).map((path) => [path, {}]));
  const operations = new Map<string, Operation>();
  const received: Received[] = [];
  let unready: string | undefined;
  let url = "";
  const rules: Rules = {
    workspaceId: options.workspaceId,
    computes: options.computes ?? { "k8s-prod": "Kubernetes", "aks-prod": "AKS" },
    instanceTypes: options.instanceTypes ?? {
      defaultinstancetype: { cpu: 2, memoryGi: 2, gpu: 0 },
      large: { cpu: 16, memoryGi: 64, gpu: 4 },
    },
    hasAsset: (path) => assets.has(path),
  };

  const accepted = (status: number, end: Operation["end"]): Answer => {
    const id = randomBytes(6).toString("hex");
    operations.set(id, { polls: 0, end });
    return { status, body: {}, headers: { "azure-asyncoperation": `${url}/operations/${id}` } };
  };

  const putEndpoint = (name: string, body: Body): Answer => {
    const before = endpoints.get(name);
    const states = Object.fromEntries(
      [...(before?.deployments ?? [])].map(([key, { state }]) => [key, state]),
    );
    const problem = problemOfEndpoint(body, before?.body, states, rules);
    if (problem) return refusal(problem.code, problem.message);
    const { keys, ...properties } = body["properties"] as Body;
    const given = (keys ?? {}) as Partial<Endpoint["keys"]>;
    const generated = () => randomBytes(16).toString("hex");
    const kept = before ?? {
      keys: { primaryKey: given.primaryKey ?? generated(), secondaryKey: given.secondaryKey ?? generated() },
      deployments: new Map(),
      owed: new Map(),
    };
    endpoints.set(name, { ...kept, body: { ...body, properties } });
    return accepted(before ? 200 : 201, () => undefined);
  };

  const putDeployment = (endpointName: string, name: string, body: Body): Answer => {
    const endpoint = endpoints.get(endpointName);
    if (!endpoint) return notFound(`onlineEndpoints/${endpointName}`);
    const before = endpoint.deployments.get(name);
    const problem = problemOfDeployment(body, before?.body, rules);
    if (problem) return refusal(problem.code, problem.message);
    const fails = name === unready;
    // One that is updated goes on to answer as it was until the new one is ready.
    if (!before) endpoint.deployments.set(name, { body, state: "Creating" });
    return accepted(before ? 200 : 201, () => {
      if (fails && before?.state === "Succeeded") return timedOut(name);
      endpoint.deployments.set(name, { body, state: fails ? "Failed" : "Succeeded" });
      return fails ? timedOut(name) : undefined;
    });
  };

  const deleteDeployment = (endpointName: string, name: string): Answer => {
    const endpoint = endpoints.get(endpointName);
    if (!endpoint?.deployments.has(name)) return { status: 204 };
    const weight = trafficOf(endpoint)[name] ?? 0;
    if (weight > 0)
      return refusal(
        "DeploymentHasTraffic",
        `Deployment ${name} receives ${weight} percent of the traffic of ${endpointName}. Set its traffic to 0, then delete it.`,
      );
    return accepted(202, () => void endpoint.deployments.delete(name));
  };

  const putAsset = (path: string, body: Body): Answer => {
    const before = assets.get(path);
    if (before && JSON.stringify(before) !== JSON.stringify(body))
      return refusal(
        "ImmutableAsset",
        `${path} exists already, and a version cannot be changed. Make another version.`,
      );
    assets.set(path, body);
    return { status: before ? 200 : 201, body };
  };

  const manageAsset = (method: string, path: string, body: Body): Answer => {
    if (method === "PUT") return putAsset(path, body);
    if (method === "DELETE") return { status: assets.delete(path) ? 200 : 204 };
    const asset = assets.get(path);
    if (!asset) return notFound(path);
    const [, name] = path.split("/");
    return { status: 200, body: { ...asset, id: `${options.workspaceId}/${path}`, name } };
  };

  const manageEndpoint = (method: string, path: string, name: string, body: Body): Answer => {
    const endpoint = endpoints.get(name);
    if (method === "PUT") return putEndpoint(name, body);
    if (method === "DELETE")
      return endpoint ? accepted(202, () => void endpoints.delete(name)) : { status: 204 };
    return endpoint ? { status: 200, body: shownEndpoint(path, endpoint, name) } : notFound(path);
  };

  const manage = (method: string, path: string, body: Body): Answer => {
    const [, endpointName, name] = /^onlineEndpoints\/([^/]+)(?:\/deployments\/([^/]+))?$/.exec(path) ?? [];
    if (endpointName === undefined) return manageAsset(method, path, body);
    if (name === undefined) return manageEndpoint(method, path, endpointName, body);
    if (method === "PUT") return putDeployment(endpointName, name, body);
    if (method === "DELETE") return deleteDeployment(endpointName, name);
    const deployment = endpoints.get(endpointName)?.deployments.get(name);
    return deployment ? { status: 200, body: shownDeployment(path, deployment) } : notFound(path);
  };

  const shownEndpoint = (path: string, { body }: Endpoint, name: string): Body => ({
    ...{
      id: `${options.workspaceId}/${path}`,
      name,
      type: "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
    },
    ...body,
    properties: {
      traffic: {},
      ...(body["properties"] as Body),
      ...{ provisioningState: "Succeeded", scoringUri: `${url}/api/v1/endpoint/${name}/score` },
      swaggerUri: `${url}/api/v1/endpoint/${name}/swagger.json`,
    },
  });

  const shownDeployment = (path: string, { body, state }: Deployment): Body => ({
    ...{ id: `${options.workspaceId}/${path}`, name: path.split("/").at(-1) },
    ...body,
    properties: { ...(body["properties"] as Body), provisioningState: state },
  });

  const poll = (id: string): Answer => {
    const operation = operations.get(id);
    if (!operation) return notFound(`operations/${id}`);
    operation.polls += 1;
    if (operation.polls < POLLS) return { status: 200, body: { status: "InProgress" } };
    operations.delete(id);
    const error = operation.end();
    return { status: 200, body: error ? { status: "Failed", error } : { status: "Succeeded" } };
  };

  const prefix = `${options.workspaceId}/`;
  const answer = (method: string, target: URL, headers: IncomingMessage["headers"], body: Body): Answer => {
    const path = decodeURIComponent(target.pathname);
    const scored = /^\/api\/v1\/endpoint\/([^/]+)\/score$/.exec(path)?.[1];
    if (scored !== undefined) return scoredBy(endpoints.get(scored), headers);
    if (path.startsWith("/operations/")) return poll(path.slice("/operations/".length));
    if (!path.toLowerCase().startsWith(prefix.toLowerCase())) return notFound(path);
    if (target.searchParams.get("api-version") === null)
      return refusal(
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required.",
      );
    const inside = path.slice(prefix.length);
    received.push({ method, path: inside, body });
    return manage(method, inside, body);
  };

  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const target = new URL(request.url ?? "/", url);
      const scoring = target.pathname.startsWith("/api/");
      const body = scoring || text === "" ? {} : (JSON.parse(text) as Body);
      send(response, answer(request.method ?? "GET", target, request.headers, body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const existing = (name: string): Endpoint => {
    const endpoint = endpoints.get(name);
    if (!endpoint) throw new Error(`there is no endpoint ${name}`);
    return endpoint;
  };
  return {
    url,
    received,
    neverReady: (deployment) => void (unready = deployment),
    traffic: (name) => trafficOf(existing(name)),
    deployments: (name) =>
      Object.fromEntries([...existing(name).deployments].map(([key, { state }]) => [key, state])),
    endpoints: () => [...endpoints.keys()],
    keysOf: (name) => existing(name).keys,
    setTraffic: (name, traffic) => {
      const endpoint = existing(name);
      const properties = { ...(endpoint.body["properties"] as Body), traffic };
      endpoints.set(name, { ...endpoint, body: { ...endpoint.body, properties } });
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const timedOut = (name: string): Body => ({
  code: "DeploymentTimedOut",
  message: `Deployment ${name} did not become ready within 20 minutes: the container of its script keeps ending. Read its log (az ml online-deployment get-logs), and correct the script or its environment.`,
});

const trafficOf = ({ body }: Endpoint): Readonly<Record<string, number>> =>
  ((body["properties"] as Body)["traffic"] ?? {}) as Readonly<Record<string, number>>;

const isAllowed = ({ keys }: Endpoint, authorization = ""): boolean => {
  const key = /^Bearer (.+)$/.exec(authorization)?.[1];
  return key === keys.primaryKey || key === keys.secondaryKey;
};

/** One call: the key, then the deployment that it names, or that is owed the most. */
function scoredBy(endpoint: Endpoint | undefined, headers: IncomingMessage["headers"]): Answer {
  if (!endpoint) return { status: 404, body: { error: "no such endpoint" } };
  if (!isAllowed(endpoint, headers.authorization))
    return { status: 401, body: { error: "key_auth_access_denied" } };
  const wanted = headers["azureml-model-deployment"];
  const name = typeof wanted === "string" ? wanted : (nextOf(endpoint) ?? "");
  const deployment = endpoint.deployments.get(name);
  if (deployment?.state !== "Succeeded")
    return { status: 503, body: { error: "no deployment takes the call" } };
  const { codeConfiguration } = deployment.body["properties"] as { readonly codeConfiguration?: Body };
  const body = { deployment: name, code: codeConfiguration?.["codeId"] };
  return { status: 200, body, headers: { "azureml-model-deployment": name } };
}

function nextOf(endpoint: Endpoint): string | undefined {
  const weights = Object.entries(trafficOf(endpoint)).filter(([, weight]) => weight > 0);
  for (const [name, weight] of weights) endpoint.owed.set(name, (endpoint.owed.get(name) ?? 0) + weight);
  const owed = (name: string) => endpoint.owed.get(name) ?? 0;
  const [first] = weights.map(([name]) => name).sort((a, b) => owed(b) - owed(a));
  if (first !== undefined) endpoint.owed.set(first, owed(first) - 100);
  return first;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body === undefined || status === 204 ? "" : JSON.stringify(body));
}
