import * as pulumi from "@pulumi/pulumi";
import { resolveAddress } from "../../provider/core/address";
import { isObject, isSet } from "../../provider/core/values";
import { fields } from "../../provider/schema/fields";
import type { AksWebservice } from "../../sdk/aks-webservice";
import type { AksWebserviceArgs } from "../../sdk/args";
import { withoutPassword } from "../../sdk/inference-config";
import { modelIds } from "../../sdk/model";
import { asKey, refused } from "./checks";
import type { EndpointKeys, KubernetesOnlineServiceArgs } from "./args";

type Service = KubernetesOnlineServiceArgs["service"];

/** What is said of a web service, by input name; each may be an output. No key is among them, and no password. */
export type Given = Readonly<Record<string, unknown>>;

/** What may be there already, once it is. */
export const later = (value: unknown): pulumi.Output<unknown> => pulumi.output(value as Promise<unknown>);

const names = fields.filter(({ secret }) => !secret).map(({ input }) => input);

export const isResource = (service: Service): service is AksWebservice => pulumi.Resource.isInstance(service);

/** The settings of a web service, and over them those in which a deployment differs. */
export const settingsOf = (service: Service, overrides: Partial<AksWebserviceArgs> = {}): Given => {
  const above = overrides as Given;
  const given = Object.fromEntries(names.map((name) => [name, above[name] ?? settingOf(service, name)]));
  return {
    ...given,
    models: modelIds(given["models"]),
    inferenceConfig: withoutSource(given["inferenceConfig"]),
  };
};

const isKnown = (output: unknown): Promise<boolean> =>
  (output as { readonly isKnown: Promise<boolean> }).isKnown;

/**
 * What is said of a setting, or what is live. In a preview an output that the state does not have counts as unknown, and would hide all
 * that is made of it. Of a resource that stays as it is, as its known name shows, such an output has no value.
 */
const settingOf = (service: Service, name: string): unknown => {
  const value = (service as unknown as Given)[name];
  if (!isResource(service)) return value;
  const known = Promise.all([isKnown(service.name), isKnown(value)]);
  return later(known.then(([isSame, isThere]) => (isSame && !isThere ? undefined : value)));
};

/** What is packed for a web service is not what an endpoint takes. */
const withoutSource = (config: unknown): unknown => {
  if (!isSet(config)) return undefined;
  return later(withoutPassword(config)).apply((known) => {
    if (!isObject(known)) return undefined;
    const { entryScript, environment } = known;
    return { entryScript, environment };
  });
};

const WORKSPACE_KEYS = ["workspaceId", "subscriptionId", "resourceGroupName", "workspaceName"];

/** The ARM id of the workspace: the component's, or else the web service's, or else the stack's. @throws NoWorkspace */
export const workspaceIdOf = (
  where: string,
  { workspaceId, service }: KubernetesOnlineServiceArgs,
): pulumi.Output<string> => {
  const own = workspaceId === undefined ? {} : { workspaceId };
  if (workspaceId === undefined && isResource(service)) return service.workspaceId;
  const keys = [...WORKSPACE_KEYS.map((name) => `azureml:${name}`), "azure-native:subscriptionId"];
  const config = Object.fromEntries(
    keys.flatMap((key) => {
      const value = pulumi.runtime.getConfig(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const address = Object.fromEntries(
    WORKSPACE_KEYS.map((name) => [name, (service as unknown as Given)[name]]),
  );
  return pulumi.output(workspaceId === undefined ? address : own).apply((inputs) => {
    const resolved = resolveAddress(inputs, {}, { config, env: process.env });
    if (resolved.workspaceId !== undefined) return resolved.workspaceId;
    const [problem] = resolved.refusals;
    throw refused(
      "NoWorkspace",
      problem === undefined
        ? `${where}: workspaceId must be the ARM id of a workspace (/subscriptions/…/workspaces/<name>). Take the workspace's \`id\`.`
        : `${where}: ${problem.path} must be ${problem.expected}; found ${problem.found}. ${problem.next}`,
    );
  });
};

const pairOf = (keys: EndpointKeys | undefined, service: Service): readonly [unknown, unknown] => {
  if (keys) return [keys.primaryKey, keys.secondaryKey];
  return [settingOf(service, "primaryKey"), settingOf(service, "secondaryKey")];
};

/** The keys that callers keep: those of the component, or else of the web service. Undefined where it can be known that there are none. */
export const keysOf = (
  where: string,
  { keys, service }: KubernetesOnlineServiceArgs,
  authMode: pulumi.Output<string>,
): pulumi.Output<unknown> | undefined => {
  if (keys === "generated") return undefined;
  const [primaryKey, secondaryKey] = pairOf(keys, service);
  if (!isSet(primaryKey)) return undefined;
  const checked = (path: string, key: unknown) =>
    isSet(key) ? asKey(where, path, key as string) : undefined;
  if (typeof primaryKey === "string") checked("keys.primaryKey", primaryKey);
  if (typeof secondaryKey === "string") checked("keys.secondaryKey", secondaryKey);
  // Whether there are keys is no secret: an endpoint without any must not be sent a secret nothing.
  const isThere = pulumi.unsecret(later(primaryKey).apply(isSet));
  const pair = pulumi.all([primaryKey, secondaryKey]).apply(([primary, secondary]) => {
    const second = checked("keys.secondaryKey", secondary);
    const first = checked("keys.primaryKey", primary);
    return { primaryKey: first, ...(second === undefined ? {} : { secondaryKey: second }) };
  });
  return pulumi
    .all([authMode, isThere])
    .apply(([mode, has]) => (mode === "Key" && has ? pulumi.secret(pair) : undefined));
};

const KNOWN = "carried as a secret";

/** In place of the keys, whether there are any, which is no secret. */
export const keyMarks = ({ keys, service }: KubernetesOnlineServiceArgs): Given => {
  if (keys === "generated") return {};
  const [primaryKey, secondaryKey] = pairOf(keys, service);
  const mark = (key: unknown) =>
    pulumi.unsecret(later(key).apply((known) => (isSet(known) ? KNOWN : undefined)));
  return { primaryKey: mark(primaryKey), secondaryKey: mark(secondaryKey) };
};
