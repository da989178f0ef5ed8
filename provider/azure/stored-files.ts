import { openDownload, type Download } from "./http";
import { isObject, responseError, type JsonObject } from "./response";
import { artifactRootOf, assertSafeAddress, encodedPath, existingUrl } from "./uploads";
import { call, type Context } from "./workspace";

/** An uploaded file, and the signed address at which it can be read for a while. */
export interface StoredFile {
  readonly artifactId: string;
  /** Within what it belongs to: a model's folder, an upload. */
  readonly path: string;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The files that an asset groups, as the Python client would download them. */
export async function filesOfAsset(context: Context, assetId: string): Promise<readonly StoredFile[]> {
  const action = `read the asset "${assetId}"`;
  const url = `${context.workspace.root}/assets/${encodeURIComponent(assetId)}`;
  const { body } = await call(context, "readAsset", { action, method: "GET", url, repeatable: true });
  const files: StoredFile[] = [];
  for (const { id, prefix } of (body["artifacts"] as unknown[]).filter(isObject)) {
    if (typeof id === "string") files.push({ artifactId: id, path: baseName(id) });
    else if (typeof prefix === "string")
      for await (const file of filesBelow(context, prefix)) files.push(file);
  }
  return files;
}

/** No asset has so many pages of files: a list that goes on for ever must end too. */
const mostPages = 1000;

/** The uploaded files whose ids begin with a prefix, page by page. */
async function* filesBelow(context: Context, prefix: string): AsyncGenerator<StoredFile> {
  const action = `list the files of "${prefix}"`;
  const url = `${artifactRootOf(context, action)}/prefix/contentinfo/${encodedPath(prefix)}`;
  const [origin, container] = prefix.split("/");
  // A prefix names a folder or a file, whose own name is the first part of each path.
  const parent = prefix.replace(/\/$/, "").slice(0, prefix.replace(/\/$/, "").lastIndexOf("/") + 1);
  let token = "";
  for (let pages = 0; pages < mostPages; pages += 1) {
    const query = token === "" ? "" : `?${new URLSearchParams({ continuationToken: token }).toString()}`;
    const request = { action, method: "GET", url: url + query, repeatable: true } as const;
    const { value, continuationToken } = (await call(context, "listContentAddresses", request)).body;
    for (const file of (value as unknown[]).filter(isObject)) {
      const artifactId = artifactIdOf(file, `${origin}/${container}`);
      yield {
        artifactId,
        path: artifactId.startsWith(parent) ? artifactId.slice(parent.length) : artifactId,
      };
    }
    if (typeof continuationToken !== "string" || continuationToken === "" || continuationToken === token)
      return;
    token = continuationToken;
  }
}

const artifactIdOf = ({ origin, container, path }: JsonObject, fallback: string): string =>
  typeof origin === "string" && typeof container === "string"
    ? `${origin}/${container}/${String(path)}`
    : `${fallback}/${String(path)}`;

/**
 * Opens an uploaded file for reading, from a byte on where the storage can. A signed address is requested for each try, since
 * it ends after a while.
 *
 * @throws ServiceError when the storage refuses; TransportFault when the connection breaks
 */
export async function openStoredFile(
  context: Context,
  artifactId: string,
  from: number,
  signal: AbortSignal | undefined,
): Promise<Download> {
  const action = `download "${artifactId}"`;
  const url = await existingUrl(context, action, artifactId);
  assertSafeAddress(context, action, url);
  const download = await openDownload(url, from > 0 ? { range: `bytes=${from}-` } : {}, signal);
  if (download.status === 200 || download.status === 206) return download;
  // The content is an error's, and short; its words may quote the address.
  for await (const _ of download.content) void _;
  throw responseError(action, { status: download.status, headers: download.headers, text: "" });
}
