/** Rules between settings, judged on what the program says together with what is live. */
export type Relation =
  /** The lower one must not exceed the upper one. */
  | { readonly kind: "ordered"; readonly lower: string; readonly upper: string }
  /** A flag with its numbers, and the one setting that stands for the flag being off. */
  | {
      readonly kind: "switched";
      readonly flag: string;
      readonly numbers: readonly string[];
      readonly whenOff: string;
    }
  /** Two ways in, of which at most one is open; `safe` opens again when the other one is closed. */
  | { readonly kind: "alternatives"; readonly safe: string; readonly other: string }
  /** The first is only accepted at creation together with the second. */
  | { readonly kind: "needs"; readonly setting: string; readonly needed: string }
  /** A list that holds one entry unless another setting is there. */
  | { readonly kind: "single"; readonly list: string; readonly unless: string }
  /** A service is made in exactly one of these ways, each by one or more settings. */
  | { readonly kind: "oneSource"; readonly sources: readonly (readonly string[])[] };

export const relations: readonly Relation[] = Object.freeze([
  { kind: "ordered", lower: "autoscaleMinReplicas", upper: "autoscaleMaxReplicas" },
  { kind: "ordered", lower: "cpuCores", upper: "cpuCoresLimit" },
  { kind: "ordered", lower: "memoryGb", upper: "memoryGbLimit" },
  {
    kind: "switched",
    flag: "autoscaleEnabled",
    numbers: [
      "autoscaleMinReplicas",
      "autoscaleMaxReplicas",
      "autoscaleRefreshSeconds",
      "autoscaleTargetUtilization",
    ],
    whenOff: "numReplicas",
  },
  { kind: "alternatives", safe: "authEnabled", other: "tokenAuthEnabled" },
  { kind: "needs", setting: "secondaryKey", needed: "primaryKey" },
  { kind: "single", list: "models", unless: "inferenceConfig" },
  { kind: "oneSource", sources: [["models", "inferenceConfig"], ["imageId"]] },
]);
