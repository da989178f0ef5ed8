import { ServiceError } from "./errors";
import type { HttpResponse } from "./http";
import {
  expectObject,
  expectSuccess,
  flattenError,
  isPage,
  membersOf,
  responseError,
  unexpectedResponse,
} from "./response";
import type { StreamedBody } from "./streamed-body";
import { call, request, type Context } from "./workspace";

/** Where uploads of this machine go, among the workspace's artifacts. */
const ORIGIN = "LocalUpload";

/**
 * Uploads one file: makes an empty artifact, then puts its content at the signed address that the artifact has. An address
 * that has expired is renewed, once.
 *
 * @param container name of the group of files; a new one for each upload
 * @param path of the file within it
 * @returns `aml://artifact/LocalUpload/<container>/<path>`
 */
export async function uploadArtifact(
  context: Context,
  container: string,
  path: string,
  content: StreamedBody,
): Promise<string> {
  const action = `upload "${path}"`;
  for (let addresses = 1; ; addresses += 1) {
    const url = await uploadUrl(context, action, container, path);
    if ((await putBlob(context, action, url, content)) === "stored")
      return `aml://artifact/${ORIGIN}/${container}/${path}`;
    if (addresses < 2) continue;
    throw new ServiceError({
      action,
      code: "UploadRefused",
      status: 403,
      detail: "Expected the storage to accept a fresh address, found two refused in a row.",
    });
  }
}

/** Makes an empty artifact. @returns the signed address to which its content goes */
async function uploadUrl(context: Context, action: string, container: string, path: string): Promise<string> {
  const response = await request(context, {
    action,
    method: "POST",
    url: `${artifactRootOf(context, action)}/batch/metadata/${ORIGIN}/${encodeURIComponent(container)}`,
    body: { paths: [{ path }] },
    contentType: "application/json-patch+json; charset=utf-8",
    repeatable: true,
  });
  const artifactId = `${ORIGIN}/${container}/${path}`;
  if (response.status === 409) return existingUrl(context, action, artifactId);
  const body = expectObject(action, response);
  const failed = flattenError(membersOf(membersOf(body["errors"])[path])["error"]);
  if (/conflict|already exists/i.test(failed ?? "")) return existingUrl(context, action, artifactId);
  const uri = membersOf(membersOf(body["artifactContentInformation"])[path])["contentUri"];
  if (typeof uri === "string" && uri) return uri;
  throw unexpectedResponse(action, response, failed ?? `the address to upload ${path} to`);
}

/** The address of an artifact that exists already comes from another call. */
export async function existingUrl(context: Context, action: string, artifactId: string): Promise<string> {
  const url = `${artifactRootOf(context, action)}/contentinfo/${encodedPath(artifactId)}`;
  const { body } = await call(context, "readContentAddress", {
    action,
    method: "GET",
    url,
    repeatable: true,
  });
  return String(body["contentUri"]);
}

/** An artifact's id as a part of a URL's path. */
export const encodedPath = (artifactId: string): string =>
  artifactId.split("/").map(encodeURIComponent).join("/");

/** @throws ServiceError where discovery names no address of uploaded files */
export function artifactRootOf(context: Context, action: string): string {
  if (context.workspace.artifactRoot !== undefined) return context.workspace.artifactRoot;
  throw new ServiceError({
    action,
    code: "DiscoveryFailed",
    detail:
      "Expected the address of `history`, where uploaded files are, in the discovery document; found none.",
  });
}

/**
 * Puts a block blob at a signed address, without the workspace's token. A cut upload starts again from its beginning.
 *
 * @returns "expired" when the address is not accepted (any more)
 * @throws ServiceError UploadRefused with the storage's own reason
 */
async function putBlob(
  context: Context,
  action: string,
  signedUrl: string,
  content: StreamedBody,
): Promise<"stored" | "expired"> {
  assertSafeAddress(context, action, signedUrl);
  const signature = new URL(signedUrl).searchParams.get("sig");
  const response = await request(context, {
    action,
    method: "PUT",
    url: signedUrl,
    stream: content,
    contentType: "application/octet-stream",
    headers: { "x-ms-blob-type": "BlockBlob" },
    // The signature would open the address to whoever reads an error.
    secrets: signature ? [signature] : [],
    repeatable: true,
    anonymous: true,
  });
  if (response.status === 403) return "expired";
  // A page comes from elsewhere: the storage has not confirmed the content.
  if (response.status >= 400 && !isPage(response))
    throw responseError(action, response, {
      code: "UploadRefused",
      detail: storageDetail(response),
      requestId: response.headers["x-ms-request-id"],
    });
  expectSuccess("putBlob", action, response);
  return "stored";
}

/** A signed address goes over a channel no weaker than the workspace's own. */
export function assertSafeAddress(context: Context, action: string, signedUrl: string): void {
  const secure = new URL(context.workspace.root).protocol === "https:";
  const url = URL.canParse(signedUrl) ? new URL(signedUrl) : undefined;
  if (url?.protocol === "https:" || (!secure && url?.protocol === "http:")) return;
  throw new ServiceError({
    action,
    code: "ForeignAddress",
    detail: `Expected an https address of the storage, found ${url ? `${url.protocol}//${url.host}` : "none"}.`,
  });
}

/** Why the storage refused: its errors are XML. */
function storageDetail({ headers, text }: HttpResponse): string {
  const code = headers["x-ms-error-code"] ?? /<Code>([^<]*)/.exec(text)?.[1] ?? "no code";
  const message = /<Message>([^<\n]*)/.exec(text)?.[1]?.slice(0, 300) ?? "";
  return `The storage answered ${code}${message ? `: ${message}` : "."}`;
}
