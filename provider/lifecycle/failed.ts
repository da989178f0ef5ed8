import { ServiceError } from "../client/errors";
import { FailedResource } from "../host/failed-resource";
import { inputOf } from "../model/fields";
import { madeByService } from "../model/outputs";
import { configMemory, shownConfig } from "../semantics/inference-config/same";
import { outputsRecorded } from "../semantics/outputs";
import { BrokenDeployment } from "./broken";
import { secretOutputs, storedOutputs } from "./observe";
import { asUnfinished } from "./unfinished";
import { afterwards, type Way } from "./way";
import type { Values } from "./world";

/**
 * A failure after the service accepted something: the resource stays in the state with what is
 * known of it, so that nothing is lost and the next `pulumi up` carries on.
 */
export const failedResource = async (
  way: Way,
  news: Values,
  before: Values,
  error: unknown,
): Promise<FailedResource> => {
  const properties = {
    ...asUnfinished(fitting(await knownOutputs(way, news, before)), before),
    ...providerOf(news),
  };
  return new FailedResource(way.target.id, properties, [reasonOf(error)]);
};

const knownOutputs = async (way: Way, news: Values, before: Values): Promise<Record<string, unknown>> => {
  const document = await afterwards(way)
    .get(way.target.name)
    .catch(() => undefined);
  if (document) return storedOutputs(way.target, { document, keys: undefined }, news, before);
  return Object.keys(before).length > 0
    ? secretOutputs(outputsRecorded(before, news))
    : storedOutputs(way.target, { document: {}, keys: undefined }, news, before);
};

/** The host sends a failure in the trailers of its answer, which hold 64 kB in all. */
const MOST_CHARACTERS = 24_000;

const descriptive: readonly string[] = madeByService.map(({ output }) => output);

type Outputs = Record<string, unknown>;

const withoutDescription = (outputs: Outputs): Outputs =>
  Object.fromEntries(Object.entries(outputs).filter(([name]) => !descriptive.includes(name)));

const code = inputOf("inferenceConfig");

/** Texts and lists of files go, their hash stays. */
const withoutFiles = (outputs: Outputs): Outputs =>
  code in outputs ? { ...outputs, [code]: shownConfig(configMemory(outputs[code]), undefined) } : outputs;

const withoutCode = (outputs: Outputs): Outputs =>
  Object.fromEntries(Object.entries(outputs).filter(([name]) => name !== code));

/** What can be left out when all is too much to be sent; the next update or a refresh brings it back. */
const shortenings = [withoutDescription, withoutFiles, withoutCode];

const fitting = (outputs: Outputs): Outputs =>
  shortenings.reduce(
    (kept, shorten) => (JSON.stringify(kept).length <= MOST_CHARACTERS ? kept : shorten(kept)),
    outputs,
  );

/** An undefined among the properties would keep `pulumi up` waiting for ever. */
const providerOf = (news: Values): Record<string, unknown> =>
  news["__provider"] === undefined ? {} : { __provider: news["__provider"] };

const INTERRUPTED =
  "Interrupted: what the service has begun goes on without this run. " +
  "It is in the state with its id: run `pulumi up` again, which carries on with it and makes no second one.";

/** One text, since the engine counts its list as so many errors. */
const reasonOf = (error: unknown): string => {
  if (error instanceof BrokenDeployment) return error.message;
  if (error instanceof ServiceError && error.code === "Interrupted") return INTERRUPTED;
  const message = error instanceof Error ? error.message : String(error);
  return `${message}\nThe service is in the state as far as it came: run \`pulumi up\` again to carry on.`;
};
