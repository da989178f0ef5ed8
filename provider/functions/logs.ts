import { describe } from "../core/check-failure";
import { isHealthy, progressOf } from "../core/service-state";
import { CallError } from "./call-error";
import { existingDocument, findService } from "./find-service";
import type { Outside, Where } from "./outside";

/** Which lines of which container. */
export interface LogOptions {
  readonly numLines?: number | undefined;
  readonly init?: boolean | undefined;
}

const assertLines = (numLines: number | undefined): void => {
  if (numLines === undefined || (Number.isSafeInteger(numLines) && numLines > 0)) return;
  throw new CallError(
    "BadArgument",
    `numLines must be an integer of at least 1; found ${describe(numLines)}. Leave it out for 5000.`,
  );
};

/** The end of the container's log. @throws NoContainers where nothing runs that could log */
export const getLogs =
  (outside: Outside) =>
  async (service: string, { numLines, init }: LogOptions = {}, where?: Where): Promise<string> => {
    assertLines(numLines);
    const found = await findService(outside, service, where);
    const text = await found.services.logs(found.name, {
      ...(numLines === undefined ? {} : { tail: numLines }),
      ...(init === undefined ? {} : { init }),
    });
    if (text !== "") return text;
    const document = await existingDocument(found);
    if (isHealthy(document)) return text;
    throw new CallError(
      "NoContainers",
      `expected a container of "${found.name}" that logs, found none: the service is ${progressOf(document)}. ` +
        "Wait until it has replicas, or ask for the init container with { init: true }.",
    );
  };
