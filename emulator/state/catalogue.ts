import { badRequest } from "../server/errors";
import type { JsonObject } from "../server/json";

/** A compute of the workspace; the capacity is unlimited where it is absent. */
export interface Compute {
  readonly name: string;
  readonly cpu?: number;
  readonly memoryInGB?: number;
  readonly gpu?: number;
}

/** What the workspace has beside its services. Without a seed every compute, model and image exists. */
export interface Catalogue {
  compute(name: string): Compute | undefined;
  /** The framework of a model, when the model exists. */
  framework(modelId: string): string | undefined;
  hasImage(imageId: string): boolean;
  /** The models that the seed lists. */
  readonly modelIds: readonly string[];
}

/** The seed's shape. `services` are service documents; they start as Healthy unless they say otherwise. */
export interface Seed {
  readonly computes?: readonly Compute[];
  readonly models?: readonly { readonly id: string; readonly framework?: string }[];
  readonly images?: readonly { readonly id: string }[];
  readonly services?: readonly JsonObject[];
}

const named: readonly (readonly [RegExp, string])[] = [
  [/onnx/i, "Onnx"],
  [/tensorflow|^tf\b|keras/i, "TensorFlow"],
  [/torch/i, "PyTorch"],
  [/custom/i, "Custom"],
];

/** The framework that a model's name suggests; ScikitLearn when it suggests none. */
const frameworkByName = (modelId: string): string =>
  named.find(([words]) => words.test(modelId))?.[1] ?? "ScikitLearn";

const isModelId = (id: string): boolean => /^[^:]+:[0-9]+$/.test(id);

/** The catalogue of a seed. A list that the seed leaves out restricts nothing. */
export function makeCatalogue(seed: Seed = {}): Catalogue {
  const computes = seed.computes && new Map(seed.computes.map((c) => [c.name, c]));
  const models = seed.models && new Map(seed.models.map((m) => [m.id, m.framework ?? frameworkByName(m.id)]));
  const images = seed.images && new Set(seed.images.map((i) => i.id));
  return {
    compute: (name) => (computes ? computes.get(name) : { name }),
    framework: (id) => (models ? models.get(id) : isModelId(id) ? frameworkByName(id) : undefined),
    hasImage: (id) => images?.has(id) ?? true,
    modelIds: [...(models?.keys() ?? [])],
  };
}

/** The compute of that name, or a 400 that names it. */
export function requireCompute(catalogue: Catalogue, name: unknown): Compute {
  if (typeof name !== "string" || name === "")
    throw badRequest(
      "ComputeNameRequired",
      "computeName is required: the name of an attached AKS compute.",
      "computeName",
    );
  const compute = catalogue.compute(name);
  if (compute === undefined)
    throw badRequest(
      "ComputeNotFound",
      `The compute ${name} does not exist in this workspace.`,
      "computeName",
    );
  return compute;
}
