import { FailedResource } from "../host/failed-resource";
import { BrokenDeployment } from "./broken";
import { storedOutputs } from "./observe";
import type { Way } from "./ready";
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
  const document = await way.services.get(way.target.name).catch(() => undefined);
  const observed = { document: document ?? {}, keys: undefined };
  const properties = {
    ...storedOutputs(way.target, observed, news, before),
    __provider: news["__provider"],
  };
  return new FailedResource(way.target.id, properties, reasonsOf(error));
};

const reasonsOf = (error: unknown): readonly string[] => {
  if (error instanceof BrokenDeployment) return error.reasons;
  return [error instanceof Error ? error.message : String(error)];
};
