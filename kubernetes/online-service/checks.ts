import * as pulumi from "@pulumi/pulumi";
import { fieldOf } from "../../provider/schema/fields";
import { brief } from "../../sdk/brief-error";
import type { Finding } from "../bodies";

type Code =
  | "AzureNativeMissing"
  | "BadAsset"
  | "BadDeploymentName"
  | "BadEndpointName"
  | "BadKey"
  | "BadTraffic"
  | "Blocked"
  | "InstanceTypeTooSmall"
  | "NoEntryScript"
  | "NoWorkspace"
  | "NotKubernetes"
  | "TrafficBeforeDeployment";

/** Why a program cannot go on; the engine prints it without a stack. */
export const refused = (code: Code, says: string): pulumi.RunError =>
  brief(new pulumi.RunError(`${code}: ${says}`));

const nameRule = fieldOf("serviceName")!.rule!;

const isName = (name: string): boolean =>
  nameRule.pattern!.test(name) && name.length >= nameRule.length![0] && name.length <= nameRule.length![1];

const quoted = (names: readonly string[]): string =>
  names.map((name) => JSON.stringify(name)).join(", ") || "none";

/** @throws BadDeploymentName */
export const assertDeploymentNames = (where: string, names: readonly string[]): void => {
  const bad = names.filter((name) => !isName(name));
  if (bad.length === 0) return;
  throw refused(
    "BadDeploymentName",
    `${where}: deployments must have names of ${nameRule.says}; found ${quoted(bad)}. Choose names such as "blue".`,
  );
};

/** @throws BadEndpointName */
export const asEndpointName = (where: string, name: string): string => {
  if (isName(name)) return name;
  throw refused(
    "BadEndpointName",
    `${where}: endpointName must be ${nameRule.says}; found ${JSON.stringify(name)}. Give another endpointName.`,
  );
};

/** @throws BadTraffic */
export const assertTraffic = (
  where: string,
  traffic: Readonly<Record<string, unknown>>,
  deployments: readonly string[],
): void => {
  const strangers = Object.keys(traffic).filter((name) => !deployments.includes(name));
  if (strangers.length > 0)
    throw refused(
      "BadTraffic",
      `${where}: traffic must name deployments of this program (${quoted(deployments)}); found ${quoted(strangers)}. ` +
        "To remove a deployment, first move its traffic to another and run `pulumi up`; then take it out of both.",
    );
  const weights = Object.entries(traffic);
  const odd = weights.filter(([, weight]) => !Number.isInteger(weight) || Number(weight) < 0);
  if (odd.length > 0)
    throw refused(
      "BadTraffic",
      `${where}: traffic must be whole numbers from 0 to 100; found ${odd.map(([name, weight]) => `${name}: ${typeof weight === "number" ? weight : typeof weight}`).join(", ")}. ` +
        "Take plain numbers, such as from the stack's configuration.",
    );
  const sum = weights.reduce((total, [, weight]) => total + Number(weight), 0);
  if (sum !== 0 && sum !== 100)
    throw refused(
      "BadTraffic",
      `${where}: the weights of traffic must add up to 100, or to 0 for none; found ${sum} (${weights.map(([name, weight]) => `${name}: ${String(weight)}`).join(", ")}). Change them so that they do.`,
    );
};

const KEY_LENGTHS = [32, 84];

/** @throws BadKey, with no part of the key in the message */
export const asKey = (where: string, path: string, key: string): string => {
  if (typeof key === "string" && KEY_LENGTHS.includes(key.length)) return key;
  const found = typeof key === "string" ? `${key.length} characters` : typeof key;
  throw refused(
    "BadKey",
    `${where}: ${path} must have 32 characters, as a web service's own keys have, or 84; found ${found}. ` +
      'Give the web service\'s own key (`getKeys`), or keys: "generated" and give the callers the new ones.',
  );
};

/** @throws NotKubernetes */
export const asCompute = (where: string, compute: string, aks: unknown): string => {
  if (/[/\s]/.test(compute) || compute === "")
    throw refused(
      "NotKubernetes",
      `${where}: compute must be the name of a Kubernetes compute of the workspace, not an id; found ${JSON.stringify(compute)}. Give the name alone.`,
    );
  if (compute !== aks) return compute;
  throw refused(
    "NotKubernetes",
    `${where}: compute must be a Kubernetes compute; found ${JSON.stringify(compute)}, the web service's AKS compute target. ` +
      "Attach a second cluster with the Azure ML extension (`az ml compute attach --type Kubernetes`), and name that one: " +
      "the extension refuses a cluster that runs web services (E45004, E45005).",
  );
};

const SIZES = new Set(["cpuCores", "cpuCoresLimit", "memoryGb", "memoryGbLimit", "gpuCores"]);
const TOO_LARGE = /of the instance type/;

/** Refuses what can be known to fail, before anything is sent. @throws InstanceTypeTooSmall, Blocked */
export const assertDeployable = (where: string, findings: readonly Finding[]): void => {
  const told = (list: readonly Finding[]) =>
    list.map(({ setting, says, wayRound = "" }) => `${setting}: ${says} ${wayRound}`.trim()).join(" ");
  const sizes = findings.filter(
    ({ setting, kind, says }) => SIZES.has(setting) && kind === "needsDecision" && TOO_LARGE.test(says),
  );
  if (sizes.length > 0)
    throw refused(
      "InstanceTypeTooSmall",
      `${where}: ${told(sizes)} Or set smaller ones in the deployment's settings.`,
    );
  const blocking = findings.filter(({ kind }) => kind === "blocked");
  if (blocking.length > 0) throw refused("Blocked", `${where}: ${told(blocking)}`);
};
