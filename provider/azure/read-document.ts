import { isOwnError, isOwnNotFound, type Attempted, type JsonObject } from "./answer";
import type { HttpAnswer } from "./http";
import { success, type JudgedCall } from "./success";
import type { Context } from "./workspace";

const mostTries = 3;
const pauseMs = 500;

/** A document, or the answer by which the service itself says for the second time that there is none. */
export type Found = { readonly document: JsonObject } | { readonly absent: HttpAnswer };

/**
 * Reads a JSON document. Not everything that comes back is the service's own word: a page, a text, cut JSON or an empty
 * body is asked after again. Neither is one 404 enough to call something absent, since resources are dropped for it.
 */
export async function readDocument(
  context: Context,
  call: JudgedCall,
  attempted: Attempted,
  url: string,
): Promise<Found> {
  const { session } = context.workspace;
  const { deadline } = context;
  let absences = 0;
  for (let tries = 1; ; tries += 1) {
    const answer = await session.send({ ...attempted, method: "GET", url, repeatable: true, deadline });
    if (isOwnNotFound(answer)) {
      absences += 1;
      if (absences > 1) return { absent: answer };
    } else {
      try {
        return { document: success(call, attempted, answer).body };
      } catch (error) {
        if (tries >= mostTries || isOwnError(answer)) throw error;
      }
    }
    await session.clock.sleep(pauseMs * tries);
  }
}
