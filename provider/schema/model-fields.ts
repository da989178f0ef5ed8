import { above, field, integerFrom, type Field } from "./field";
import { address, local } from "./fields";

const addressRows = address.filter((row) => row.wire === undefined);
const timeoutRows = local.filter((row) => row.role === "timeouts");

/** Every setting of a registered model but its `source`, one row each. */
export const modelFields: readonly Field[] = Object.freeze([
  ...addressRows,
  field("modelName", "text", {
    wire: "name",
    mutability: "replace",
    rule: {
      says: "1 to 255 letters, digits, hyphens, dots and underscores, that begin with a letter or digit",
      pattern: /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
      length: [1, 255],
      next: 'Choose a name such as "fraud", or leave it out to get the resource\'s name.',
    },
    doc: "Name under which versions are registered. Default: the resource's name, kept when the resource is renamed with an alias.",
  }),
  field("framework", "text", {
    wire: "framework",
    mutability: "replace",
    default: "Custom",
    rule: {
      says: "the name of a framework, such as ScikitLearn, TensorFlow, Onnx, Multi or Custom",
      pattern: /^[A-Za-z][\w.-]*$/,
    },
    doc: "What the model was made with. `Onnx`, `ScikitLearn`, `TensorFlow` and `Multi` can be served without code.",
  }),
  field("frameworkVersion", "text", {
    wire: "frameworkVersion",
    mutability: "replace",
    doc: "Version of the framework.",
  }),
  field("tags", "textMap", {
    wire: "kvTags",
    doc: "Tags. The whole map is replaced: `{}` removes all, leaving it out changes nothing.",
  }),
  field("properties", "textMap", {
    wire: "properties",
    mutability: "additive",
    doc: "Properties. Keys can be added; a changed value registers a new version.",
  }),
  field("description", "text", { wire: "description", doc: 'What the model is for. `""` clears it.' }),
  field("sampleInputData", "text", {
    wire: "sampleInputData",
    doc: "Id of a registered dataset with sample input.",
  }),
  field("sampleOutputData", "text", {
    wire: "sampleOutputData",
    doc: "Id of a registered dataset with sample output.",
  }),
  field("cpuCores", "number", {
    wire: "resourceRequirements.cpu",
    rule: above(0),
    doc: "CPU cores that a service without code gives the model.",
  }),
  field("memoryGb", "number", {
    wire: "resourceRequirements.memoryInGB",
    rule: above(0),
    doc: "Memory in GB that a service without code gives the model.",
  }),
  field("gpuCores", "integer", {
    wire: "resourceRequirements.gpu",
    rule: integerFrom(0),
    doc: "GPU cores that a service without code gives the model.",
  }),
  ...timeoutRows,
]);

/** What registration makes and a program can read: output, path in the model's JSON. */
export const modelMade: readonly (readonly [output: string, wire: string])[] = Object.freeze([
  ["modelId", "id"],
  ["version", "version"],
  ["url", "url"],
  ["mimeType", "mimeType"],
  ["createdTime", "createdTime"],
  ["createdBy", "createdBy"],
]);
