import { isPage, refusal, type Attempted } from "./answer";
import { ServiceError } from "./errors";
import type { HttpAnswer } from "./http";
import type { StreamedBody } from "./streamed-body";
import { success } from "./success";
import type { Context } from "./workspace";

/** Why the storage refused: its answers are XML. */
function storageDetail(answer: HttpAnswer): string {
  const code = answer.headers["x-ms-error-code"] ?? /<Code>([^<]*)/.exec(answer.text)?.[1] ?? "no code";
  const message = /<Message>([^<\n]*)/.exec(answer.text)?.[1]?.slice(0, 300) ?? "";
  return `The storage answered ${code}${message ? `: ${message}` : "."}`;
}

const refused = (attempted: Attempted, answer: HttpAnswer): ServiceError =>
  refusal(attempted, answer, {
    code: "UploadRefused",
    detail: storageDetail(answer),
    requestId: answer.headers["x-ms-request-id"],
  });

/** A signed address goes over a channel no weaker than the workspace's own. */
function assertAddress(context: Context, attempted: Attempted, signedUrl: string): void {
  const secure = new URL(context.workspace.root).protocol === "https:";
  const url = URL.canParse(signedUrl) ? new URL(signedUrl) : undefined;
  if (url?.protocol === "https:" || (!secure && url?.protocol === "http:")) return;
  throw new ServiceError({
    action: attempted.action,
    code: "ForeignAddress",
    detail: `Expected an https address to upload to, found ${url ? `${url.protocol}//${url.host}` : "none"}.`,
  });
}

/** What in a signed URL would open it to whoever reads an error. */
const signatureIn = (url: string): readonly string[] => {
  const signature = new URL(url).searchParams.get("sig");
  return signature ? [signature] : [];
};

/**
 * Puts a block blob at a signed address, without the workspace's token. A cut upload starts again from its beginning.
 *
 * @returns "expired" when the address is not accepted (any more)
 * @throws ServiceError UploadRefused with the storage's own reason
 */
export async function putBlob(
  context: Context,
  attempted: Attempted,
  signedUrl: string,
  content: StreamedBody,
): Promise<"stored" | "expired"> {
  assertAddress(context, attempted, signedUrl);
  const answer = await context.workspace.session.send({
    ...attempted,
    method: "PUT",
    url: signedUrl,
    stream: content,
    contentType: "application/octet-stream",
    headers: { "x-ms-blob-type": "BlockBlob" },
    secrets: signatureIn(signedUrl),
    repeatable: true,
    anonymous: true,
    deadline: context.deadline,
  });
  if (answer.status === 403) return "expired";
  // Whoever else answers, the storage has not said that it has the content.
  if (answer.status >= 400 && !isPage(answer)) throw refused(attempted, answer);
  success("putBlob", attempted, answer);
  return "stored";
}
