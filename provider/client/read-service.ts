import { expectObject, isOwnNotFound } from "./answer";
import type { ServiceDocument } from "./webservices";
import { actionOn, serviceUrl, type Context } from "./workspace";

/**
 * Reads a service. Only the service's own 404 in an existing workspace means that there is none: a wrong
 * subscription or a gateway must never make resources disappear.
 */
export async function readService(context: Context, name: string): Promise<ServiceDocument | undefined> {
  const action = actionOn("read", name);
  const answer = await context.workspace.session.send({
    action,
    method: "GET",
    url: serviceUrl(context, name, "?expand=true"),
    repeatable: true,
    deadline: context.deadline,
  });
  if (!isOwnNotFound(answer)) return expectObject({ action }, answer);
  await context.workspace.assertExists(context.deadline);
  return undefined;
}
