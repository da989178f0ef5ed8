import { field, type Field } from "../field";

/** What the service runs. */
export const deployment: readonly Field[] = [
  field("models", "textList", {
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
    doc: "Registered models that the service loads, each as `name:version`.",
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
    doc: "Registered image that the service runs, as `name:version`, in place of models. A service made from models cannot become one made from an image, or the reverse: that replaces it.",
  }),
];
