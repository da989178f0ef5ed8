import { assertNotPreview, placeOf } from "./place";
import { provider } from "./provider";
import type { FunctionOptions, Labels } from "./values";

const FROM_A_SCRIPT = "Set it in the resource's arguments, or call it from a script.";

/**
 * Adds tags to a live service, or changes their values; other tags stay. Returns the tags that are live then.
 * Where a program sets `tags`, its next update after a refresh brings its own map back.
 *
 * @param service its name or id
 */
export const addServiceTags = async (
  service: string,
  tags: Labels,
  options?: FunctionOptions,
): Promise<Labels> => {
  assertNotPreview("addServiceTags", FROM_A_SCRIPT);
  return provider().addTags(service, tags, placeOf({ service, tags }, options));
};

/**
 * Removes tags from a live service by key; keys that are not there are no failure. Returns the tags that are live then.
 *
 * @param service its name or id
 */
export const removeServiceTags = async (
  service: string,
  keys: string | readonly string[],
  options?: FunctionOptions,
): Promise<Labels> => {
  assertNotPreview("removeServiceTags", FROM_A_SCRIPT);
  return provider().removeTags(service, keys, placeOf({ service, keys }, options));
};

/**
 * Adds properties to a live service; only new keys are sent. Returns the properties that are live then.
 *
 * @param service its name or id
 * @throws BadArgument for a name by which this package knows whose a service is, unless it is live with that value
 * @throws Immutable for a key that is live with another value
 */
export const addServiceProperties = async (
  service: string,
  properties: Labels,
  options?: FunctionOptions,
): Promise<Labels> => {
  assertNotPreview("addServiceProperties", FROM_A_SCRIPT);
  return provider().addProperties(service, properties, placeOf({ service, properties }, options));
};
