import { createHash } from "node:crypto";
import { fields } from "../schema/fields";
import { entriesOf, entryOf } from "./additive-maps";
import { contentHash } from "./content";
import type { Settings } from "./values";
import { readSettings, type ServiceJson } from "./wire";

/** Hidden input with the stamp of the resource: a short hash of organization and URN. */
export const CREATED_BY = "__createdBy";
/** Properties of a service or model: who made it, and what a model was made from. */
const STAMP = "pulumi-created-by";
const CONTENT = "pulumi-content";

const properties = fields.find((row) => row.mutability === "additive")!.input;

const isStamp = (stamp: unknown): stamp is string => typeof stamp === "string" && stamp !== "";

const withProperties = (settings: Settings, more: Settings): Settings => ({
  ...settings,
  [properties]: { ...Object.fromEntries(entriesOf(settings[properties])), ...more },
});

/** The settings of a new service, with who makes it among its properties. */
export const withStamp = (settings: Settings, stamp: unknown): Settings =>
  isStamp(stamp) ? withProperties(settings, { [STAMP]: stamp }) : settings;

export const stampOf = (document: ServiceJson): unknown => entryOf(readSettings(document)[properties], STAMP);

/** Whether this very resource made the service. */
export const isStampedBy = (document: ServiceJson, stamp: unknown): boolean =>
  isStamp(stamp) && stampOf(document) === stamp;

/** The inputs of a new model, with who registers it and what from among its properties. */
export const withModelStamp = (inputs: Settings): Settings => withProperties(inputs, modelProperties(inputs));

/** Whether a version is what a create of this very resource, with these inputs, would register. */
export const isMadeFrom = (document: ServiceJson, inputs: Settings): boolean => {
  const own = modelProperties(inputs);
  return (
    Object.keys(own).length === 2 &&
    Object.entries(own).every(([key, value]) => entryOf(document["properties"], key) === value)
  );
};

const modelProperties = (inputs: Settings): Readonly<Record<string, string>> => {
  const [stamp, digest] = [inputs[CREATED_BY], digestOf(inputs)];
  return {
    ...(isStamp(stamp) ? { [STAMP]: stamp } : {}),
    ...(digest === undefined ? {} : { [CONTENT]: digest }),
  };
};

/** Names what a version is made of, as far as no update can change it; undefined when the content has no hash. */
const digestOf = (inputs: Settings): string | undefined => {
  const hash = contentHash(inputs["source"]);
  if (hash === undefined) return undefined;
  const fixed = [hash, inputs["framework"], inputs["frameworkVersion"], entriesOf(inputs[properties])];
  return createHash("sha256").update(JSON.stringify(fixed)).digest("hex").slice(0, 16);
};
