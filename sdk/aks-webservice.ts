import * as pulumi from "@pulumi/pulumi";
import {
  inferenceConfigName,
  modelsName,
  nested,
  outputNames,
  renamed,
  secretNames,
  timeoutsName,
} from "./args";
import type { AksWebserviceArgs, AksWebserviceDerived, AksWebserviceOutputs } from "./args";
import { withoutOwnToString } from "./own-to-string";
import { deployConfiguration } from "./functions/deploy-configuration";
import { accessTokenOf, answerOf, logsOf } from "./functions/of-resource";
import type { AccessToken, LogOptions, RunOptions } from "./functions/values";
import { hiddenInputs, withoutUndefined } from "./hidden-inputs";
import { secretPaths, withExistingSource, withoutPassword, withSecretPassword } from "./inference-config";
import { modelIds } from "./model";
import { warnOfPlainSecrets } from "./plain-secrets";
import { refuseImport } from "./refuse-import";
import { assertProviderResolvable, PROVIDER_TEXT } from "./provider-text";
import { ShortTraces } from "./short-traces";

const TYPE = "pulumi-nodejs:dynamic/azureml:AksWebservice";

/**
 * An Azure Machine Learning web service on AKS.
 *
 * What the program leaves out is not managed. Tags are replaced as a whole; properties can only be added.
 *
 * @example
 * const service = new azureml.AksWebservice("fraud", {
 *   computeTargetName: "aks-prod",
 *   models: ["fraud:7"],
 *   cpuCores: 0.5,
 *   autoscaleMaxReplicas: 5,
 *   tags: { release: "2026.11" },
 * });
 * export const scoringUri = service.scoringUri;
 */
// The outputs are generated; merging them into the class keeps its type and its documentation in one place.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class AksWebservice extends pulumi.CustomResource {
  /**
   * Reads a service that this program does not manage.
   *
   * @param name the resource's name in this program
   * @param id `<workspace ARM id>/services/<name>`, or the service's name alone in the configured workspace
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): AksWebservice {
    return new AksWebservice(name, undefined, { ...opts, id });
  }

  /** Settings for several services, checked at once. @see deployConfiguration */
  static readonly deployConfiguration = deployConfiguration;

  static override isInstance(value: unknown): value is AksWebservice {
    return (value as { __pulumiType?: unknown } | undefined)?.__pulumiType === TYPE;
  }

  constructor(name: string, args: AksWebserviceArgs, opts?: pulumi.CustomResourceOptions);
  /** @internal of a service that is only read */
  constructor(name: string, args: undefined, opts: pulumi.CustomResourceOptions);
  constructor(name: string, args: AksWebserviceArgs | undefined, opts?: pulumi.CustomResourceOptions) {
    assertProviderResolvable();
    refuseImport(
      opts,
      "Set `adopt: true` in the arguments and leave the option out: `pulumi up` then takes the live service over.",
    );
    warnOfPlainSecrets();
    const inputs = args ? inputsOf(name, args, opts) : {};
    const traces = new ShortTraces(opts);
    try {
      super(TYPE, name, { ...everyOutput(), ...inputs, __provider: PROVIDER_TEXT }, withSecretOutputs(opts));
    } catch (error) {
      throw traces.lengthened(error, AksWebservice);
    } finally {
      traces.end();
    }
    traces.lengthenLater(this, AksWebservice);
  }

  /** A token for scoring calls, where the service uses token authentication; a secret. Not known during a preview. */
  getAccessToken(): pulumi.Output<AccessToken> {
    return accessTokenOf(this);
  }

  /**
   * The token, and when to ask for another one.
   *
   * @deprecated Use getAccessToken, which tells the end of the token too.
   */
  getToken(): pulumi.Output<readonly [string, string]> {
    return this.getAccessToken().apply(
      ({ accessToken, refreshAfter }) => [accessToken, refreshAfter] as const,
    );
  }

  /**
   * The model's answer to one input, asked at each `pulumi up` once the service is deployed. Not known during a preview.
   *
   * @param input text and bytes are sent as they are, anything else as JSON
   */
  run(input: pulumi.Input<unknown>, options?: RunOptions): pulumi.Output<unknown> {
    return answerOf(this, input, options);
  }

  /** The end of the container's log, read at each `pulumi up`. Not known during a preview. */
  getLogs(options?: LogOptions): pulumi.Output<string> {
    return logsOf(this, options);
  }
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface AksWebservice extends AksWebserviceOutputs, AksWebserviceDerived {}

/** Pulumi makes a property of each key; undefined ones become outputs. */
const everyOutput = (): Record<string, undefined> =>
  Object.fromEntries(outputNames.map((output) => [output, undefined]));

const inputsOf = (
  name: string,
  args: AksWebserviceArgs,
  opts: pulumi.CustomResourceOptions | undefined,
): Record<string, unknown> => {
  const given: Record<string, unknown> = { ...args };
  for (const secret of secretNames)
    if (given[secret] !== undefined && given[secret] !== null) given[secret] = pulumi.secret(given[secret]);
  return withoutUndefined({
    ...withoutOwnToString(given),
    [modelsName]: modelIds(given[modelsName]),
    [inferenceConfigName]: withExistingSource(
      withSecretPassword(given[inferenceConfigName]),
      inferenceConfigName,
    ),
    // The dynamic host does not pass the resource option on.
    [timeoutsName]: given[timeoutsName] ?? opts?.customTimeouts,
    ...hiddenInputs(TYPE, name, withoutOwnSecrets(args), opts),
    // Only these are hidden in logs, where the names of files and packages explain a failure.
    __secretParts: secretPaths(given[inferenceConfigName]),
  });
};

/** A password is a secret of its own, for which the files beside it need not be hidden. */
const withoutOwnSecrets = (args: AksWebserviceArgs): AksWebserviceArgs =>
  args[inferenceConfigName] === undefined
    ? args
    : ({ ...args, [inferenceConfigName]: withoutPassword(args[inferenceConfigName]) } as AksWebserviceArgs);

const withSecretOutputs = (opts: pulumi.CustomResourceOptions | undefined): pulumi.CustomResourceOptions =>
  pulumi.mergeOptions(opts, { additionalSecretOutputs: [...secretNames] });

const outputOf = (service: object, name: string): pulumi.Output<unknown> =>
  (service as Record<string, pulumi.Output<unknown>>)[name]!;

for (const [name, members] of Object.entries(nested))
  Object.defineProperty(AksWebservice.prototype, name, {
    get(this: AksWebservice) {
      return pulumi.output(
        Object.fromEntries(Object.entries(members).map(([member, input]) => [member, outputOf(this, input)])),
      );
    },
  });

for (const [name, input] of Object.entries(renamed))
  Object.defineProperty(AksWebservice.prototype, name, {
    get(this: AksWebservice) {
      return outputOf(this, input);
    },
  });
