import { assertNotPreview, placeOf } from "./place";
import { provider } from "./provider";
import type { FunctionOptions, RunOptions } from "./values";

/**
 * Sends one input to a service's model and returns its answer: a JSON value, or text where it is not JSON.
 * The key or token that the service asks for is fetched, kept, and fetched again once when it is refused.
 *
 * @param service its name or id
 * @param input text and bytes are sent as they are, anything else as JSON
 * @throws Overloaded (503: no free replica; try later), ModelFailed (the scoring script failed), BadRequest, Unauthorized,
 * EmptyInput, BadInput; each with the service's own words
 */
export const runService = async (
  service: string,
  input: unknown,
  options: RunOptions & FunctionOptions = {},
): Promise<unknown> => {
  assertNotPreview("runService", "Use service.run(input), which waits for the deployment.");
  return provider().runService(
    service,
    input,
    { contentType: options.contentType },
    placeOf({ service, input }, options, ["contentType"]),
  );
};
