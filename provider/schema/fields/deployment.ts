import { field, type Field } from "../field";

/** What the service runs. */
export const deployment: readonly Field[] = [
  field("inferenceConfig", "inferenceConfig", {
    role: "inferenceConfig",
    wire: "environmentImageRequest",
    patchedWith: "environmentImageRequest",
    unset: "nothing",
    source: "environment",
    doc: "Code that serves the models: `entryScript`, the file of `source` (an asset or archive) with `init` and `run`, in `environment`, a registered one as `name:version` or a definition. Compared by content: the files are uploaded only when they changed.",
  }),
  field("models", "textList", {
    role: "models",
    wire: "environmentImageRequest.modelIds",
    patchedWith: "environmentImageRequest",
    unset: "nothing",
    unordered: true,
    source: "environment",
    rule: {
      says: 'registered models as "name:version"',
      pattern: /^[^\s:/]+:[1-9]\d*$/,
      next: 'Write the id with its version, such as "fraud:7".',
    },
    doc: "Registered models that the service loads, each as `name:version`. Without `inferenceConfig` exactly one, of a framework that is served without code.",
  }),
  field("imageId", "text", {
    wire: "imageId",
    unset: "nothing",
    source: "image",
    rule: {
      says: 'a registered image as "name:version"',
      pattern: /^[^\s:/]+:[1-9]\d*$/,
      next: 'Write the id with its version, such as "fraud-image:3".',
    },
    doc: "Registered image that the service runs, as `name:version`, in place of models and code. A service made from those cannot become one made from an image, or the reverse: that replaces it.",
  }),
];
