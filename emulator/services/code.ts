import { createReadStream } from "node:fs";
import { blobFile } from "../uploads/blobs";
import { isObject, textAt, type JsonObject } from "../server/json";
import type { CodeIdentity } from "./service";
import { longestScript, readFromArchive } from "../uploads/tar";
import type { Workspace } from "../state/workspace";

const artifactPrefix = "aml://artifact/";

interface Asset {
  readonly id: string;
  readonly artifactId: string;
  readonly unpack: boolean;
}

function assetsOf(request: JsonObject): Asset[] {
  const assets = Array.isArray(request["assets"]) ? request["assets"].filter(isObject) : [];
  return assets.map((asset) => ({
    id: textAt(asset["id"], "assets/id") ?? "",
    artifactId: (textAt(asset["url"], "assets/url") ?? "").slice(artifactPrefix.length),
    unpack: asset["unpack"] === true,
  }));
}

/** The assets of a request whose bytes were never uploaded. */
export const missingAssets = (workspace: Workspace, request: JsonObject | null): string[] =>
  assetsOf(request ?? {})
    .filter((asset) => (workspace.state.artifacts[asset.artifactId]?.sha256 ?? null) === null)
    .map((asset) => asset.artifactId);

function entryScript(request: JsonObject): string | undefined {
  const environment = request["environment"];
  const variables = isObject(environment) ? environment["environmentVariables"] : undefined;
  const script = isObject(variables) ? variables["AZUREML_ENTRY_SCRIPT"] : undefined;
  return typeof script === "string" ? script : undefined;
}

/** A script's beginning; what is uploaded as one may be of any length. */
async function readText(file: string): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of createReadStream(file, { end: longestScript - 1 })) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}

async function scriptText(file: string, asset: Asset, script: string | undefined): Promise<string> {
  if (!asset.unpack) return await readText(file);
  return (script && (await readFromArchive(file, script))?.toString("utf8")) ?? "";
}

const versionIn = (text: string): string | null =>
  /^VERSION\s*=\s*["']([^"'\n]*)["']/m.exec(text)?.[1] ?? null;

/** What tells the uploaded code of a deployment from the next; null without code. */
export async function codeIdentity(
  workspace: Workspace,
  request: JsonObject | null,
): Promise<CodeIdentity | null> {
  const assets = assetsOf(request ?? {});
  const code = assets.find((asset) => asset.id !== request?.["driverProgram"]) ?? assets[0];
  if (request === null || code === undefined) return null;
  const sha256 = workspace.state.artifacts[code.artifactId]?.sha256 ?? null;
  if (sha256 === null) return { asset: code.id, sha256, version: null };
  // An archive that cannot be read is the build's concern; here it only has no version to show.
  const text = await scriptText(blobFile(workspace, sha256), code, entryScript(request)).catch(() => "");
  return { asset: code.id, sha256, version: versionIn(text) };
}
