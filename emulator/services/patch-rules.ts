import { badRequest } from "../server/errors";
import { isObject, typeName } from "../server/json";
import { tokensOf } from "../server/patch";
import type { Service } from "./service";

export interface PatchOperation {
  readonly op: "add" | "replace" | "remove";
  readonly path: string;
  readonly value?: unknown;
}

/** The members that a patch may change: the pointers, and whether they may be removed. */
const patchable: readonly (readonly [RegExp, "set" | "setOrRemove"])[] = [
  [/^\/description$/, "setOrRemove"],
  [/^\/kvTags$/, "set"],
  [/^\/kvTags\/[^/]+$/, "setOrRemove"],
  [/^\/properties\/[^/]+$/, "set"],
  [/^\/(imageId|environmentImageRequest)$/, "set"],
  [/^\/environmentImageRequest\/(driverProgram|assets|modelIds|environment)$/, "set"],
  [/^\/autoScaler$/, "set"],
  [
    /^\/autoScaler\/(autoscaleEnabled|minReplicas|maxReplicas|refreshPeriodInSeconds|targetUtilization)$/,
    "set",
  ],
  [/^\/containerResourceRequirements$/, "set"],
  [/^\/containerResourceRequirements\/(cpu|memoryInGB|gpu)$/, "set"],
  [/^\/containerResourceRequirements\/(cpuLimit|memoryInGBLimit)$/, "setOrRemove"],
  [/^\/dataCollection\/(storageEnabled|eventHubEnabled)$/, "set"],
  [/^\/livenessProbeRequirements$/, "set"],
  [
    /^\/livenessProbeRequirements\/(periodSeconds|initialDelaySeconds|timeoutSeconds|failureThreshold|successThreshold)$/,
    "set",
  ],
  [/^\/(authEnabled|aadAuthEnabled|appInsightsEnabled|namespace|numReplicas)$/, "set"],
  [/^\/(maxConcurrentRequestsPerContainer|maxQueueWaitMs|scoringTimeoutMs)$/, "set"],
];

function operationAt(value: unknown, index: number): PatchOperation {
  const where = `/${index}`;
  if (!isObject(value)) throw badRequest("InvalidPatch", `Operation ${index} must be an object.`, where);
  const { op, path } = value;
  if (op !== "add" && op !== "replace" && op !== "remove")
    throw badRequest(
      "InvalidPatch",
      `Operation ${index}: op must be add, replace or remove, found ${JSON.stringify(op)}.`,
    );
  if (typeof path !== "string" || !path.startsWith("/"))
    throw badRequest(
      "InvalidPatch",
      `Operation ${index}: path must be a JSON pointer, found ${JSON.stringify(path)}.`,
    );
  if (op !== "remove" && !("value" in value))
    throw badRequest("InvalidPatch", `Operation ${index} (${op} ${path}) has no value.`);
  return { op, path, ...("value" in value ? { value: value["value"] } : {}) };
}

function checkPath({ op, path }: PatchOperation): void {
  const [, kind] = patchable.find(([pattern]) => pattern.test(path)) ?? [];
  if (kind === undefined)
    throw badRequest("ImmutableMember", `${path} cannot be changed by an update.`, path);
  if (op === "remove" && kind === "set")
    throw badRequest("ImmutableMember", `${path} cannot be removed.`, path);
}

/** A property can be added, or given again with its value; never changed or removed. */
function checkProperty({ path, value }: PatchOperation, known: Map<string, unknown>): void {
  const [root, name] = tokensOf(path);
  if (root !== "properties" || name === undefined) return;
  if (known.has(name) && known.get(name) !== value)
    throw badRequest("ImmutableProperty", `The property ${name} is immutable: it has a value already.`, path);
  known.set(name, value);
}

/** The patch document's operations. A malformed document, a member that cannot change or a changed property is a 400. */
export function checkOperations(body: unknown, service: Service): PatchOperation[] {
  if (!Array.isArray(body))
    throw badRequest("InvalidPatch", `The body must be a list of patch operations, found ${typeName(body)}.`);
  const operations = body.map(operationAt);
  const properties = new Map<string, unknown>(Object.entries(service.settings.properties));
  for (const operation of operations) {
    checkPath(operation);
    checkProperty(operation, properties);
  }
  return operations;
}
