import type * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "./outputs";
import type { WithInputs } from "./outputs";
import { placeOf } from "./place";
import { provider } from "./provider";
import type { FunctionOptions, LogOptions } from "./values";

/**
 * Reads the end of the log of a service's container.
 *
 * @param service its name or id
 * @throws NoContainers where nothing runs that could log
 */
export const getLogs = async (service: string, options: LogOptions & FunctionOptions = {}): Promise<string> =>
  provider().getLogs(
    service,
    { numLines: options.numLines, init: options.init },
    placeOf({ service }, options, ["numLines", "init"]),
  );

/** The same as an output, read once the arguments are known. */
export const getLogsOutput = (
  service: pulumi.Input<string>,
  options?: WithInputs<LogOptions & FunctionOptions>,
): pulumi.Output<string> => whenKnown(getLogs, [service, options]);
