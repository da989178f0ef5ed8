import type * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "./outputs";
import type { WithInputs } from "./outputs";
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

/** The same as an output, read once the arguments are known: with `service.id`, not before the service is deployed. */
export const getServiceOutput = (
  service: pulumi.Input<string>,
  options?: WithInputs<FunctionOptions>,
): pulumi.Output<Service> => whenKnown(getService, [service, options]);

/** Lists the services of a workspace that pass all filters, whatever their kind and however many pages they fill. */
export const listServices = async (
  filters: ListFilters = {},
  options?: FunctionOptions,
): Promise<Service[]> => provider().listServices(filters, placeOf({ filters }, options));

/** The same as an output, read once filters and options are known. */
export const listServicesOutput = (
  filters?: WithInputs<ListFilters>,
  options?: WithInputs<FunctionOptions>,
): pulumi.Output<Service[]> => whenKnown(listServices, [filters, options]);
