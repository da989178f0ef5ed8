import { createHash } from "node:crypto";
import { fields } from "../schema/fields";
import { entriesOf, entryOf } from "./additive-maps";
import { contentHash } from "./content";
import { CREATED_BY, STAMP } from "./ownership";
import type { Settings } from "./values";
import type { ServiceJson } from "./wire";

/** Property of a model: what it was made from. */
const CONTENT = "pulumi-content";

const properties = fields.find((row) => row.mutability === "additive")!.input;

/** The inputs of a new model, with who registers it and what from among its properties. */
export const withModelStamp = (inputs: Settings): Settings => ({
  ...inputs,
  [properties]: { ...Object.fromEntries(entriesOf(inputs[properties])), ...modelProperties(inputs) },
});

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
    ...(typeof stamp === "string" && stamp !== "" ? { [STAMP]: stamp } : {}),
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
