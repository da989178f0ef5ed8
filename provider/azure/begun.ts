import type { JsonObject } from "./answer";
import type { HttpAnswer } from "./http";
import { operationIdOf, type OperationRef } from "./operation";

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value ? value : undefined;

/** The operation that an answer names, in its header or its body; undefined when it names none. */
export function operationIn(answer: HttpAnswer, body: JsonObject | undefined): OperationRef | undefined {
  const operationId = operationIdOf(answer.headers["operation-location"]) ?? textOf(body?.["operationId"]);
  return operationId === undefined ? undefined : Object.freeze({ operationId });
}

/** The operation that last changed a service, by the service's own document; else the service itself to watch. */
export function operationOf(name: string, document: Readonly<Record<string, unknown>>): OperationRef {
  const operationId = textOf(document["operationId"]);
  return Object.freeze(operationId ? { operationId } : { operationId: "", serviceName: name });
}
