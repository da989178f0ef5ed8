import { createHmac } from "node:crypto";
import { sameText } from "../server/same-text";
import type { Workspace } from "../state/workspace";

const sign = (workspace: Workspace, path: string, expiry: string): string =>
  createHmac("sha256", workspace.state.signingKey).update(`blob ${path} ${expiry}`).digest("base64url");

/** The URL of a blob that anyone may use until it expires: `…/blob/<artifact id>?se=<ISO time>&sig=…`. */
export function signedBlobUrl(workspace: Workspace, artifactId: string): string {
  const expiry = new Date(workspace.clock.now() + workspace.uploadLifetime * 1000).toISOString();
  const path = artifactId.split("/").map(encodeURIComponent).join("/");
  const query = new URLSearchParams({ sv: "2024-11-04", sr: "b", sp: "rcw", se: expiry });
  query.set("sig", sign(workspace, artifactId, expiry));
  return `${workspace.url}/blob/${path}?${query.toString()}`;
}

/** Why a signed URL is refused; undefined when it is good. */
export function refusal(
  workspace: Workspace,
  artifactId: string,
  query: URLSearchParams,
): string | undefined {
  const expiry = query.get("se") ?? "";
  if (!sameText(query.get("sig") ?? "", sign(workspace, artifactId, expiry)))
    return "Signature did not match.";
  return Date.parse(expiry) <= workspace.clock.now()
    ? `Signature not valid in the specified time frame: Expiry [${expiry}]`
    : undefined;
}
