import * as pulumi from "@pulumi/pulumi";
import { withExistingFiles } from "./existing-files";
import { hiddenInputs } from "./hidden-inputs";
import { modelOutputNames } from "./model-args";
import type { ModelArgs, ModelOutputs } from "./model-args";
import { withoutOwnToString } from "./own-to-string";
import { warnOfPlainSecrets } from "./plain-secrets";
import { refuseImport } from "./refuse-import";
import { assertProviderResolvable, MODEL_PROVIDER_TEXT } from "./provider-text";
import { ShortTraces } from "./short-traces";

const TYPE = "pulumi-nodejs:dynamic/azureml:Model";

/**
 * A version of a registered model, with its files.
 *
 * Other content is another version: it is registered first, and the old one is deleted once nothing in the stack uses it.
 * The resource option `retainOnDelete` keeps old versions.
 *
 * @example
 * const model = new azureml.Model("fraud", {
 *   source: new pulumi.asset.FileAsset("fraud.pkl"),
 *   framework: "ScikitLearn",
 *   frameworkVersion: "1.4.2",
 * });
 * new azureml.AksWebservice("scoring", { computeTargetName: "aks-prod", models: [model.modelId] });
 */
// The outputs have an interface of their own; merging it into the class keeps type and documentation in one place.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class Model extends pulumi.CustomResource {
  /**
   * Reads a version that this program does not manage.
   *
   * @param name the resource's name in this program
   * @param id `<workspace ARM id>/models/<name>:<version>`, or `<name>:<version>` in the configured workspace
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Model {
    return new Model(name, undefined, { ...opts, id });
  }

  static override isInstance(value: unknown): value is Model {
    return (value as { __pulumiType?: unknown } | undefined)?.__pulumiType === TYPE;
  }

  constructor(name: string, args: ModelArgs, opts?: pulumi.CustomResourceOptions);
  /** @internal of a model that is only read */
  constructor(name: string, args: undefined, opts: pulumi.CustomResourceOptions);
  constructor(name: string, args: ModelArgs | undefined, opts?: pulumi.CustomResourceOptions) {
    assertProviderResolvable();
    refuseImport(
      opts,
      "Read the registered version with `Model.get`, or let the program register one of its own.",
    );
    warnOfPlainSecrets();
    const inputs = args ? inputsOf(name, args, opts) : {};
    const traces = new ShortTraces(opts);
    try {
      super(TYPE, name, { ...everyOutput(), ...inputs, __provider: MODEL_PROVIDER_TEXT }, opts);
    } catch (error) {
      throw traces.lengthened(error, Model);
    } finally {
      traces.end();
    }
    traces.lengthenLater(this, Model);
  }
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type
export interface Model extends ModelOutputs {}

/** Pulumi makes a property of each key; undefined ones become outputs. */
const everyOutput = (): Record<string, undefined> =>
  Object.fromEntries(modelOutputNames.map((output) => [output, undefined]));

const inputsOf = (
  name: string,
  args: ModelArgs,
  opts: pulumi.CustomResourceOptions | undefined,
): Record<string, unknown> => ({
  ...withoutOwnToString({ ...args }),
  source: withExistingFiles(args.source, "source"),
  // The dynamic host does not pass the resource option on.
  timeouts: args.timeouts ?? opts?.customTimeouts,
  ...hiddenInputs(TYPE, name, args, opts),
});

/** Registered models by their ids, whichever way they were given. */
export const modelIds = (models: unknown): unknown => {
  if (Array.isArray(models))
    return models.map((model: unknown) => (Model.isInstance(model) ? model.modelId : model));
  if (!pulumi.Output.isInstance(models) && !(models instanceof Promise)) return models;
  return pulumi.output(models).apply((known) => pulumi.output(modelIds(known)));
};
