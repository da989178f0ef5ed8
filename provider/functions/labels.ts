import type { ServiceDocument } from "../azure/webservices";
import { fieldOf } from "../schema/fields";
import { compare, entriesOf, entryOf, immutableRefusal } from "../core/additive-maps";
import { changesBetween } from "../core/diff";
import { reservedEntries } from "../core/check";
import { describe } from "../core/check-failure";
import { patch } from "../core/patch";
import { refusalsOf } from "../core/rules";
import { readSettings } from "../core/wire";
import { CallError, refusedCall } from "./arguments";
import {
  existingDocument,
  findService,
  untilSucceeded,
  type FunctionContext,
  type Where,
} from "./find-service";

export type Labels = Readonly<Record<string, string>>;

type Map = "tags" | "properties";

const labelsOf = (map: Map, document: ServiceDocument): Labels =>
  Object.fromEntries(entriesOf(readSettings(document)[map])) as Labels;

/** Reads the live map, sends what `next` makes of it where that differs, and returns what is live then. */
const change = async (
  context: FunctionContext,
  map: Map,
  next: (live: Labels) => Labels,
  service: string,
  where: Where | undefined,
): Promise<Labels> => {
  const found = await findService(context, service, where);
  const document = await existingDocument(found);
  const live = labelsOf(map, document);
  const changes = changesBetween(readSettings(document), { [map]: next(live) });
  const operations = patch(changes, document);
  if (operations.length === 0) return live;
  await untilSucceeded(context, found, "update", await found.services.patch(found.name, operations));
  return labelsOf(map, await existingDocument(found));
};

const assertLabels = (map: Map, given: unknown): void => {
  const refusals = refusalsOf(fieldOf(map)!, given, false);
  if (refusals.length > 0) throw refusedCall("BadArgument", refusals);
};

/** Given tags win over live ones; the others stay. */
export const addTags =
  (context: FunctionContext) =>
  async (service: string, tags: Labels, where?: Where): Promise<Labels> => {
    assertLabels("tags", tags);
    return change(context, "tags", (live) => ({ ...live, ...tags }), service, where);
  };

const keysOf = (keys: unknown): readonly string[] => {
  const list: readonly unknown[] = Array.isArray(keys) ? keys : [keys];
  const odd = list.find((key) => typeof key !== "string");
  if (list.length > 0 && odd === undefined && !list.includes(undefined)) return list as readonly string[];
  throw new CallError(
    "BadArgument",
    `the keys of the tags must be one text or a list of texts; found ${describe(keys)}. Name at least one.`,
  );
};

/** Keys that are not there are no failure. */
export const removeTags =
  (context: FunctionContext) =>
  async (service: string, keys: string | readonly string[], where?: Where): Promise<Labels> => {
    const gone = keysOf(keys);
    const rest = (live: Labels): Labels =>
      Object.fromEntries(Object.entries(live).filter(([key]) => !gone.includes(key)));
    return change(context, "tags", rest, service, where);
  };

/**
 * Only new keys are sent.
 *
 * @throws BadArgument for a key of the provider's that is not live with this value
 * @throws Immutable for another key that is live with another value
 */
export const addProperties =
  (context: FunctionContext) =>
  async (service: string, properties: Labels, where?: Where): Promise<Labels> => {
    assertLabels("properties", properties);
    return change(context, "properties", (live) => added(live, properties), service, where);
  };

const added = (live: Labels, properties: Labels): Labels => {
  const row = fieldOf("properties")!;
  // Whoever adds to all that was read repeats the provider's entries, which changes nothing of whose the service is.
  const different = Object.entries(properties).filter(([key, value]) => entryOf(live, key) !== value);
  const reserved = reservedEntries(row, Object.fromEntries(different));
  if (reserved.length > 0) throw refusedCall("BadArgument", reserved);
  const refusals = compare(live, live, properties).immutable.map((entry) => immutableRefusal(row, entry));
  if (refusals.length > 0) throw refusedCall("Immutable", refusals);
  return { ...live, ...properties };
};
