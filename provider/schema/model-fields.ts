import { above, field, integerFrom, type Field, type SettingType } from "./field";
import { address, local } from "./fields";
import { made, type MadeByService } from "./outputs";

const addressRows = address.filter((row) => row.wire === undefined);
const timeoutRows = local.filter((row) => row.role === "timeouts");

/** A setting that registration leaves out when it is unset. */
const sent = (input: string, type: SettingType, details: Parameters<typeof field>[2]): Field =>
  field(input, type, { unset: "nothing", ...details });

/** The table: every setting of a registered model, one row each. */
export const modelFields: readonly Field[] = Object.freeze([
  sent("source", "content", {
    mutability: "replace",
    required: true,
    writeOnly: true,
    rule: {
      says: "an asset or archive with the model's files",
      next: 'Write new pulumi.asset.FileAsset("model.pkl"), or FileArchive for a folder.',
    },
    doc: "The model's files: an asset for one file, an archive for several. One on the network is refused. Another content registers the next version, and the old one is deleted once nothing in the stack uses it.",
  }),
  ...addressRows,
  sent("modelName", "text", {
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
  sent("framework", "text", {
    wire: "framework",
    mutability: "replace",
    default: "Custom",
    usual: ["Custom", "Multi", "Onnx", "ScikitLearn", "TensorFlow"],
    rule: {
      says: "the name of a framework, such as ScikitLearn, TensorFlow, Onnx, Multi or Custom",
      pattern: /^[A-Za-z][\w.-]*$/,
    },
    doc: "What the model was made with. `Onnx`, `ScikitLearn`, `TensorFlow` and `Multi` can be served without code.",
  }),
  sent("frameworkVersion", "text", {
    wire: "frameworkVersion",
    mutability: "replace",
    doc: "Version of the framework.",
  }),
  sent("tags", "textMap", {
    wire: "kvTags",
    doc: "Tags. The whole map is replaced: `{}` removes all, leaving it out changes nothing.",
  }),
  sent("properties", "textMap", {
    wire: "properties",
    mutability: "additive",
    changedEntry: "replace",
    doc: "Properties. Keys can be added; a changed value registers a new version.",
  }),
  sent("description", "text", { wire: "description", doc: 'What the model is for. `""` clears it.' }),
  sent("sampleInputData", "text", {
    wire: "sampleInputData",
    doc: "Id of a registered dataset with sample input.",
  }),
  sent("sampleOutputData", "text", {
    wire: "sampleOutputData",
    doc: "Id of a registered dataset with sample output.",
  }),
  sent("cpuCores", "number", {
    wire: "resourceRequirements.cpu",
    rule: above(0),
    doc: "CPU cores that a service without code gives the model.",
  }),
  sent("memoryGb", "number", {
    wire: "resourceRequirements.memoryInGB",
    rule: above(0),
    doc: "Memory in GB that a service without code gives the model.",
  }),
  sent("gpuCores", "integer", {
    wire: "resourceRequirements.gpu",
    rule: integerFrom(0),
    doc: "GPU cores that a service without code gives the model.",
  }),
  ...timeoutRows,
]);

/** What registration makes and a program can read. */
export const modelMade: readonly MadeByService[] = Object.freeze([
  made("modelId", "id", "text", "`name:version`, as a service's `models` takes it."),
  made("version", "version", "number", "The registered version."),
  made("url", "url", "text", "Where the workspace keeps the files, `aml://asset/…`."),
  made("mimeType", "mimeType", "text", "Type of the files.", { optional: true }),
  made("createdTime", "createdTime", "text", "When the version was registered, ISO 8601."),
  made("createdBy", "createdBy", "json", "Who registered it, as the workspace knows them."),
]);
