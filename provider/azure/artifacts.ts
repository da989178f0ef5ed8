import { expectObject, unusable, type Attempted, type JsonObject } from "./answer";
import { putBlob } from "./blob";
import { flattenError } from "./error-text";
import { ServiceError } from "./errors";
import type { StreamedBody } from "./streamed-body";
import { success } from "./success";
import type { Context } from "./workspace";

/** Where uploads of this machine go, among the workspace's artifacts. */
const ORIGIN = "LocalUpload";

/** An uploaded file. */
export interface Artifact {
  /** `LocalUpload/<container>/<path>` */
  readonly artifactId: string;
  /** `aml://artifact/<artifactId>` */
  readonly url: string;
}

const membersOf = (value: unknown): JsonObject =>
  typeof value === "object" && value !== null ? (value as JsonObject) : {};

function rootOf(context: Context, attempted: Attempted): string {
  if (context.workspace.artifactRoot !== undefined) return context.workspace.artifactRoot;
  throw new ServiceError({
    action: attempted.action,
    code: "DiscoveryFailed",
    detail: "Expected the address of `history`, where uploads go, in the discovery document; found none.",
  });
}

const encoded = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

/** An artifact's address from another call, where it exists already. */
async function existingUrl(context: Context, attempted: Attempted, place: string): Promise<string> {
  const url = `${rootOf(context, attempted)}/contentinfo/${encoded(place)}`;
  const { deadline } = context;
  const answer = await context.workspace.session.send({
    ...attempted,
    method: "GET",
    url,
    repeatable: true,
    deadline,
  });
  return String(success("readContentAddress", attempted, answer).body["contentUri"]);
}

const isConflict = (text: string | undefined): boolean => /conflict|already exists/i.test(text ?? "");

/** Makes an empty artifact and asks for the signed address to which its content goes. */
async function uploadUrl(
  context: Context,
  attempted: Attempted,
  container: string,
  path: string,
): Promise<string> {
  const answer = await context.workspace.session.send({
    ...attempted,
    method: "POST",
    url: `${rootOf(context, attempted)}/batch/metadata/${ORIGIN}/${encodeURIComponent(container)}`,
    body: { paths: [{ path }] },
    contentType: "application/json-patch+json; charset=utf-8",
    repeatable: true,
    deadline: context.deadline,
  });
  const place = `${ORIGIN}/${container}/${path}`;
  if (answer.status === 409) return existingUrl(context, attempted, place);
  const body = expectObject(attempted, answer);
  const failed = flattenError(membersOf(membersOf(body["errors"])[path])["error"]);
  if (isConflict(failed)) return existingUrl(context, attempted, place);
  const uri = membersOf(membersOf(body["artifactContentInformation"])[path])["contentUri"];
  if (typeof uri === "string" && uri) return uri;
  throw unusable(attempted, answer, failed ?? `the address to upload ${path} to`);
}

/**
 * Uploads one file. An address that has expired is asked for again, once.
 *
 * @param container name of the group of files; a new one for each upload
 * @param path of the file within it
 */
export async function uploadArtifact(
  context: Context,
  container: string,
  path: string,
  content: StreamedBody,
): Promise<Artifact> {
  const attempted = { action: `upload "${path}"` };
  for (let addresses = 1; ; addresses += 1) {
    const url = await uploadUrl(context, attempted, container, path);
    if ((await putBlob(context, attempted, url, content)) === "stored") break;
    if (addresses < 2) continue;
    throw new ServiceError({
      ...attempted,
      code: "UploadRefused",
      status: 403,
      detail: "Expected the storage to accept a fresh address, found two refused in a row.",
    });
  }
  const artifactId = `${ORIGIN}/${container}/${path}`;
  return Object.freeze({ artifactId, url: `aml://artifact/${artifactId}` });
}
