import { readDocument } from "./read-document";
import type { ServiceDocument } from "./webservices";
import { actionOn, serviceUrl, type Context } from "./workspace";

/**
 * Reads a service. Only the service's own 404, said twice in an existing workspace, means that there is none: a wrong
 * subscription or a gateway must never make resources disappear.
 */
export async function readService(context: Context, name: string): Promise<ServiceDocument | undefined> {
  const url = serviceUrl(context, name, "?expand=true");
  const found = await readDocument(context, "readService", { action: actionOn("read", name) }, url);
  if ("document" in found) return found.document;
  await context.workspace.assertExists(context.deadline);
  return undefined;
}
