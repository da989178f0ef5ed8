import { placeOf } from "./place";
import { provider } from "./provider";
import type { FunctionOptions, ListFilters, Service } from "./values";

/**
 * Reads a service of any kind.
 *
 * @param service its name, or its id `<workspace ARM id>/services/<name>`
 * @throws NotFound where there is none; BadAddress where no workspace is named
 */
export const getService = async (service: string, options?: FunctionOptions): Promise<Service> =>
  provider().getService(service, placeOf({ service }, options));

/** Lists the services of a workspace that pass all filters, whatever their kind and however many pages they fill. */
export const listServices = async (
  filters: ListFilters = {},
  options?: FunctionOptions,
): Promise<Service[]> => provider().listServices(filters, placeOf({ filters }, options));
