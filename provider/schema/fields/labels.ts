import { field, type Field } from "../field";

/** Where the service sits in the cluster, and what is written on it. */
export const labels: readonly Field[] = [
  field("namespace", "text", {
    wire: "namespace",
    rule: {
      says: "1 to 63 lower-case letters, digits and hyphens, that begin and end with a letter or digit",
      pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
      length: [1, 63],
      next: "Give the name of a Kubernetes namespace.",
    },
    doc: "Kubernetes namespace of the service. Default: the cluster's.",
  }),
  field("tags", "textMap", {
    wire: "kvTags",
    doc: "Tags. The whole map is replaced: `{}` removes all, leaving it out changes nothing.",
  }),
  field("properties", "textMap", {
    wire: "properties",
    mutability: "additive",
    unset: "empty",
    doc: "Properties. Keys can be added; the service never changes or removes one.",
  }),
  field("description", "text", {
    wire: "description",
    doc: 'What the service is for. `""` clears it.',
  }),
];
