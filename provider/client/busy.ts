import { jsonObject } from "./answer";
import { flattenError } from "./error-text";
import type { HttpAnswer } from "./http";

const runningWords =
  /in[\s-]?progress|another operation|operation is running|concurrent|being (created|updated|deleted)|transitioning/i;
const takenWords = /already exists|service exists|name.{0,40}(taken|in use)/i;

const textOf = (answer: HttpAnswer): string => flattenError(jsonObject(answer)) ?? answer.text;

/** Whether a 409 to a create means a running operation, and not that the name is taken. */
export function isBusyCreate(answer: HttpAnswer): boolean {
  const text = textOf(answer);
  return runningWords.test(text) && !takenWords.test(text);
}

/** Whether a 409 to a change of an existing service means a running operation: anything but a taken name does. */
export function isBusyChange(answer: HttpAnswer): boolean {
  return !takenWords.test(textOf(answer));
}
