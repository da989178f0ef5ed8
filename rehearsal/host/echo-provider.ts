import { createHash } from "node:crypto";
import { nameOf, packageOf, typeOf } from "../state/urn";
import { put, withoutSecrets, type Property, type PropertyMap } from "../values/property";
import type { DiffAnswer, Made, Provider } from "./provider";

/**
 * Stands in for the providers of other packages: a resource gets its inputs back as outputs and an id of the right shape,
 * and nothing is made anywhere. `onMade` is told of each, so that the output can say so.
 */
export function echoProvider(settings: EchoSettings, onMade: (urn: string) => void): Provider {
  return {
    configure: () => Promise.resolve(),
    check: (_urn, _olds, news) => Promise.resolve({ inputs: news, failures: [] }),
    diff: () => Promise.resolve(LEAVE_IT_TO_THE_ENGINE),
    create: (urn, inputs) => {
      onMade(urn);
      return Promise.resolve(madeUp(urn, inputs, settings));
    },
    update: ({ urn, id, newInputs }) => Promise.resolve({ ...madeUp(urn, newInputs, settings), id }),
    read: (_urn, id, _inputs, state) => Promise.resolve({ id, outputs: state }),
    delete: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

export interface EchoSettings {
  /** For Azure ids; the stack's `azure-native:subscriptionId` when it has one. */
  readonly subscriptionId: string;
}

const LEAVE_IT_TO_THE_ENGINE: DiffAnswer = {
  changes: undefined,
  replaceKeys: [],
  deleteBeforeReplace: false,
};

function madeUp(urn: string, inputs: PropertyMap, settings: EchoSettings): Made {
  const type = typeOf(urn);
  const named = packageOf(type).startsWith("azure") ? azureName(urn, type, inputs) : undefined;
  if (named === undefined) return { id: `${nameOf(urn)}-${suffix(urn)}`, outputs: inputs };
  const outputs: PropertyMap = { ...inputs };
  put(outputs, "name", named);
  return { id: azureId(type, named, inputs, settings), outputs };
}

/** Eight digits that are the same in every run, where Azure Native would draw random ones. */
const suffix = (urn: string): string => createHash("sha256").update(urn).digest("hex").slice(0, 8);

const text = (value: Property | undefined): string | undefined => {
  const plain = value === undefined ? undefined : withoutSecrets(value);
  return typeof plain === "string" && plain !== "" ? plain : undefined;
};

const RESOURCE_GROUP = /:resources:ResourceGroup$/;

/** The input that names the resource: `workspaceName` for a Workspace, `resourceGroupName` for a ResourceGroup. */
function azureName(urn: string, type: string, inputs: PropertyMap): string {
  const own = `${lowered(kindOf(type))}Name`;
  const given = [own, "resourceName", "name", ...(RESOURCE_GROUP.test(type) ? ["resourceGroupName"] : [])];
  return given.map((input) => text(inputs[input])).find(Boolean) ?? `${nameOf(urn)}${suffix(urn)}`;
}

const kindOf = (type: string): string => type.split(":")[2] ?? "Resource";
const lowered = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

function azureId(type: string, name: string, inputs: PropertyMap, { subscriptionId }: EchoSettings): string {
  const subscription = `/subscriptions/${subscriptionId}`;
  if (RESOURCE_GROUP.test(type)) return `${subscription}/resourceGroups/${name}`;
  const group = text(inputs["resourceGroupName"]) ?? "rehearsal";
  const service = (type.split(":")[1] ?? "").split("/")[0] ?? "";
  const kinds = `${lowered(kindOf(type))}s`;
  return `${subscription}/resourceGroups/${group}/providers/Microsoft.${namespaceOf(service)}/${kinds}/${name}`;
}

const NAMESPACES: Readonly<Record<string, string>> = {
  machinelearningservices: "MachineLearningServices",
  containerservice: "ContainerService",
  containerregistry: "ContainerRegistry",
  keyvault: "KeyVault",
  insights: "Insights",
};

const namespaceOf = (service: string): string =>
  NAMESPACES[service] ?? `${service.charAt(0).toUpperCase()}${service.slice(1)}`;
