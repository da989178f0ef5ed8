import type { ServiceDocument } from "../azure/webservices";
import { isHealthy, isMigrated } from "../core/service-state";
import type { Values } from "./world";

/**
 * Hidden output: the last operation left the service other than asked. The engine remembers that
 * too, but tells the provider nothing of it, and forgets it at the next refresh.
 */
const UNFINISHED = "__unfinished";
/** Hidden output beside it: that operation was the create, so that what carries it on may take as long. */
const UNFINISHED_CREATE = "__unfinishedCreate";

export const isUnfinished = (outputs: Values): boolean => outputs[UNFINISHED] === true;

export const isUnfinishedCreate = (outputs: Values): boolean => outputs[UNFINISHED_CREATE] === true;

/** @param before the outputs before the operation: none for a create */
export const asUnfinished = (outputs: Values, before: Values): Record<string, unknown> => ({
  ...outputs,
  [UNFINISHED]: true,
  ...(Object.keys(before).length === 0 || isUnfinishedCreate(before) ? { [UNFINISHED_CREATE]: true } : {}),
});

/** What a refresh passes on: a service that has become Healthy meanwhile, or has left, needs no repair. */
export const stillUnfinished = (
  before: Values,
  document: ServiceDocument,
  outputs: Record<string, unknown>,
): Record<string, unknown> =>
  isUnfinished(before) && !isHealthy(document) && !isMigrated(document)
    ? asUnfinished(outputs, before)
    : outputs;
