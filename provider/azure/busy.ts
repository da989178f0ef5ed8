import { jsonObject } from "./answer";
import { flattenError } from "./error-text";
import type { HttpAnswer } from "./http";

/** Whether another operation runs on the service; `perhaps` is worth a few tries. */
export type Busy = boolean | "perhaps";

const runningWords =
  /in[\s-]?progress|another operation|operation is running|concurrent|being (created|updated|deleted)|transitioning/i;
const takenWords = /already exists|service exists|name.{0,40}(taken|in use)/i;

const textOf = (answer: HttpAnswer): string => flattenError(jsonObject(answer)) ?? answer.text;

/** A 409 to a create: a running operation only when it says so, else the name is taken. */
export function isBusyCreate(answer: HttpAnswer): Busy {
  const text = textOf(answer);
  return runningWords.test(text) && !takenWords.test(text);
}

/** A 409 to a change of an existing service, or to one that overwrites: a running operation, or nobody knows. */
export const isBusyChange = (answer: HttpAnswer): Busy => runningWords.test(textOf(answer)) || "perhaps";
