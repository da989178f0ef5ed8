import { createHash } from "node:crypto";
import type { Secret } from "../values/property";
import type { Crypter } from "./passphrase";
import { newResource } from "./resource";
import type { PendingOperation, ResourceState, Snapshot } from "./resource";
import { loadMap, storeMap } from "./stored-value";
import type { SealSecret } from "./stored-value";

/** A deployment as `pulumi stack export` prints it and `pulumi stack import` takes it. */
export interface StoredDeployment {
  readonly manifest: { readonly time: string; readonly magic: string; readonly version: string };
  readonly secrets_providers?: { readonly type: string; readonly state: { readonly salt: string } };
  readonly resources?: readonly StoredResource[];
  readonly pending_operations?: ReadonlyArray<{ readonly resource: StoredResource; readonly type: string }>;
  readonly metadata: object;
}

export type StoredResource = Readonly<Record<string, unknown>>;

/** The version that manifests name: the CLI whose behaviour the rehearsal copies. */
export const ENGINE_VERSION = "v3.260.0";

export function storeDeployment(snapshot: Snapshot, salt: string, seal: SealSecret): StoredDeployment {
  const pending = snapshot.pending.map(({ resource, type }) => ({
    resource: storeResource(resource, seal),
    type,
  }));
  return {
    manifest: {
      time: new Date().toISOString(),
      magic: createHash("sha256").update(ENGINE_VERSION).digest("hex"),
      version: ENGINE_VERSION,
    },
    secrets_providers: { type: "passphrase", state: { salt } },
    ...(snapshot.resources.length
      ? { resources: snapshot.resources.map((r) => storeResource(r, seal)) }
      : {}),
    ...(pending.length ? { pending_operations: pending } : {}),
    metadata: {},
  };
}

/** Members that are left out when they say nothing. */
const OPTIONAL = [
  "parent",
  "protect",
  "external",
  "dependencies",
  "initErrors",
  "provider",
  "pendingReplacement",
  "additionalSecretOutputs",
  "aliases",
  "retainOnDelete",
  "deletedWith",
  "replaceWith",
  "created",
  "modified",
  "ignoreChanges",
  "replaceOnChanges",
] as const satisfies readonly (keyof ResourceState)[];

export function storeResource(resource: ResourceState, seal: SealSecret): StoredResource {
  const { urn, custom, type, id, inputs, outputs, customTimeouts, propertyDependencies } = resource;
  const optional = OPTIONAL.map((key) => [key, resource[key]] as const).filter(([, value]) => says(value));
  return {
    urn,
    custom,
    ...(resource.delete ? { delete: true } : {}),
    ...(id === "" ? {} : { id }),
    type,
    ...(says(inputs) ? { inputs: storeMap(inputs, seal) } : {}),
    ...(outputs && says(outputs) ? { outputs: storeMap(outputs, seal) } : {}),
    ...Object.fromEntries(optional),
    ...(says(propertyDependencies) ? { propertyDependencies } : {}),
    ...(says(customTimeouts) ? { customTimeouts } : {}),
    ...resource.extra,
  };
}

function says(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** Encrypts secrets; one that has not changed keeps the text that it was read with. */
export function sealWith(crypter: Crypter, known: WeakMap<Secret, string>): SealSecret {
  return (secret, json) => {
    const ciphertext = known.get(secret) ?? crypter.encrypt(json);
    known.set(secret, ciphertext);
    return { ciphertext };
  };
}

export function loadDeployment(stored: StoredDeployment, open: (ciphertext: string) => string): Snapshot {
  const resources = (stored.resources ?? []).map((resource) => loadResource(resource, open));
  const pending = (stored.pending_operations ?? []).map(({ resource, type }) => ({
    resource: loadResource(resource, open),
    type: type as PendingOperation["type"],
  }));
  return { resources, pending };
}

const KNOWN = new Set<string>([
  ...OPTIONAL,
  "urn",
  "custom",
  "delete",
  "id",
  "type",
  "inputs",
  "outputs",
  "propertyDependencies",
  "customTimeouts",
]);

function loadResource(stored: StoredResource, open: (ciphertext: string) => string): ResourceState {
  const own = Object.entries(stored).filter(([key]) => KNOWN.has(key));
  const extra = Object.entries(stored).filter(([key]) => !KNOWN.has(key));
  return newResource({
    ...(Object.fromEntries(own) as unknown as ResourceState),
    inputs: loadMap((stored["inputs"] ?? {}) as Record<string, unknown>, open),
    outputs: loadMap((stored["outputs"] ?? {}) as Record<string, unknown>, open),
    extra: Object.fromEntries(extra),
  });
}
