import { expectObject, refusal, unusable, type Attempted } from "./answer";
import type { HttpAnswer } from "./http";
import { operationIdOf, type OperationRef } from "./operation";

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value ? value : undefined;

/** The operation that a 2xx answer names, in its header or its body; undefined when it names none. */
export function begunOperation(attempted: Attempted, answer: HttpAnswer): OperationRef | undefined {
  if (answer.status < 200 || answer.status > 299) throw refusal(attempted, answer);
  const fromHeader = operationIdOf(answer.headers["operation-location"]);
  if (fromHeader) return Object.freeze({ operationId: fromHeader });
  if (!answer.text.trim()) return undefined;
  const fromBody = textOf(expectObject(attempted, answer)["operationId"]);
  return fromBody ? Object.freeze({ operationId: fromBody }) : undefined;
}

/** As begunOperation, for calls whose outcome cannot be followed without an operation id. */
export function requireOperation(attempted: Attempted, answer: HttpAnswer): OperationRef {
  const begun = begunOperation(attempted, answer);
  if (!begun) throw unusable(attempted, answer, "an Operation-Location header");
  return begun;
}

/** The operation that last changed a service, by the service's own document; else the service itself to watch. */
export function operationOf(name: string, document: Readonly<Record<string, unknown>>): OperationRef {
  const operationId = textOf(document["operationId"]);
  return Object.freeze(operationId ? { operationId } : { operationId: "", serviceName: name });
}
