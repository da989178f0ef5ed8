import { ServiceError } from "../azure/errors";
import type { SafeText } from "../azure/safe-text";
import { ResourceInitFailed, fitting, MOST_SENT, sizeAsSent } from "../host/init-failed";
import { inputOf } from "../schema/fields";
import { madeByService } from "../schema/outputs";
import { recordedConfig, shownConfig } from "../core/inference-config/config";
import { MANAGED } from "../core/previous-inputs";
import type { Previewed } from "../core/previewed";
import { outputsRecorded } from "../core/outputs";
import { SECRET_SETTINGS } from "../core/secrecy";
import { progressOf } from "../core/service-state";
import { isHidden } from "../core/values";
import type { Values } from "./context";
import { DeploymentError } from "./deployment-error";
import type { OperationContext } from "./operation-context";
import { asUnfinished, secretOutputs, storedOutputs } from "./outputs";

/**
 * A failure after the service accepted something: the resource stays in the state with what is
 * known of it, so that nothing is lost and the next `pulumi up` carries on.
 *
 * @param sending the settings that an update could send
 */
export const resourceInitFailed = async (
  context: OperationContext,
  desired: Values,
  previous: Values,
  error: unknown,
  sending?: Previewed,
): Promise<ResourceInitFailed> => {
  const reason = fitting(reasonOf(error, context.provider.safe));
  const failedWith = (outputs: Outputs): ResourceInitFailed =>
    new ResourceInitFailed(
      context.resource.id,
      { ...asUnfinished(outputs, previous, sending), ...providerOf(desired) },
      [reason],
    );
  const known = await knownOutputs(context, desired, previous, sending);
  return failedWith(shortened(known, desired, failedWith));
};

type Outputs = Record<string, unknown>;

const INTERRUPTED =
  "Interrupted: what the service has started goes on without this run. " +
  "It is in the state with its id: run `pulumi up` again, which carries on with it and makes no second one.";

/** One text, since the engine counts its list as so many errors. */
const reasonOf = (error: unknown, safe: SafeText): string => {
  if (error instanceof ServiceError && error.code === "Interrupted") return INTERRUPTED;
  const message = safe(error instanceof Error ? error.message : String(error));
  if (error instanceof DeploymentError) return message;
  return `${message}\nThe service is in the state as far as it came: run \`pulumi up\` again to carry on.`;
};

/** An undefined among the properties would keep `pulumi up` waiting for ever. */
const providerOf = (desired: Values): Outputs =>
  desired["__provider"] === undefined ? {} : { __provider: desired["__provider"] };

/** The live service's outputs; where it cannot be read, the previous ones, or those of a service of which nothing is known. */
const knownOutputs = async (
  context: OperationContext,
  desired: Values,
  previous: Values,
  sending: Previewed,
): Promise<Outputs> => {
  const { resource, progress } = context;
  const document = await context.lastLook();
  if (document) progress.ended(progressOf(document));
  if (!document && Object.keys(previous).length > 0) return secretOutputs(outputsRecorded(previous, desired));
  return storedOutputs(resource, { document: document ?? {}, keys: undefined }, desired, previous, sending);
};

/** As much as can be sent. The next update, or a refresh, brings the rest back. */
const shortened = (
  all: Outputs,
  desired: Values,
  failedWith: (outputs: Outputs) => ResourceInitFailed,
): Outputs => {
  const fits = (outputs: Outputs): boolean => sizeAsSent(failedWith(outputs)) <= MOST_SENT;
  const outputs = [withoutDescription, withoutFiles, withoutCode].reduce(
    (kept, shorten) => (fits(kept) ? kept : shorten(kept)),
    all,
  );
  const fewest = (kept: Outputs): Outputs => {
    const fewer = fits(kept) ? undefined : withoutLargest(kept);
    return fewer ? fewest(fewer) : kept;
  };
  // Live values come back by a refresh, if it knows what the program manages; so that goes last.
  const kept = fewest(outputs);
  return fits(kept) ? kept : fewest(withoutMemory(outputs, desired));
};

const withoutDescription = (outputs: Outputs): Outputs =>
  without(outputs, ...madeByService.map(({ output }) => output));

const code = inputOf("inferenceConfig");

/** Texts and lists of files go, their hash stays. */
const withoutFiles = (outputs: Outputs): Outputs =>
  code in outputs ? { ...outputs, [code]: shownConfig(recordedConfig(outputs[code]), undefined) } : outputs;

const withoutCode = (outputs: Outputs): Outputs => without(outputs, code);

const SMALL_BYTES = 500;

/** The largest setting or fact goes; undefined when only small ones are left. */
const withoutLargest = (outputs: Outputs): Outputs | undefined => {
  const [largest = ""] = Object.keys(outputs)
    .filter((name) => !isHidden(name))
    .sort((a, b) => bytesOf(outputs[b]) - bytesOf(outputs[a]));
  return bytesOf(outputs[largest]) > SMALL_BYTES ? without(outputs, largest) : undefined;
};

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? "");

/** What is secret must stay known to a refresh, also without what the program says. */
const withoutMemory = (outputs: Outputs, desired: Values): Outputs => ({
  ...without(outputs, MANAGED),
  ...(desired[SECRET_SETTINGS] === undefined ? {} : { [SECRET_SETTINGS]: desired[SECRET_SETTINGS] }),
});

const without = (outputs: Outputs, ...names: readonly string[]): Outputs =>
  Object.fromEntries(Object.entries(outputs).filter(([name]) => !names.includes(name)));
