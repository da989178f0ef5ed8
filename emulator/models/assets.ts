import { randomUUID } from "node:crypto";
import { objectBody, param, type Call } from "../server/call";
import { isoTime } from "../state/clock";
import { badRequest, notFound } from "../server/errors";
import { isObject, textAt, textsAt } from "../server/json";
import { ok, type Reply } from "../server/reply";

/** POST assets: an asset is a name and the prefixes of uploaded artifacts. */
export function createAsset(call: Call): Reply {
  const { workspace } = call;
  const body = objectBody(call);
  const artifacts = Array.isArray(body["artifacts"]) ? body["artifacts"].filter(isObject) : [];
  if (typeof body["name"] !== "string" || artifacts.length === 0)
    throw badRequest("InvalidAsset", "An asset needs a name and artifacts, each with an id or a prefix.");
  const uploaded = Object.keys(workspace.state.artifacts);
  for (const { prefix, id } of artifacts) {
    const wanted = textAt(prefix ?? id, "artifacts") ?? "";
    if (!uploaded.some((artifact) => artifact === id || artifact.startsWith(wanted)))
      throw badRequest("ArtifactNotFound", `No artifact begins with ${wanted}.`, "artifacts");
  }
  const asset = {
    ...body,
    kvTags: textsAt(body["kvTags"], "kvTags"),
    properties: textsAt(body["properties"], "properties"),
    id: randomUUID(),
    createdTime: isoTime(workspace.clock.now()),
  };
  workspace.state.assets[asset.id] = asset;
  return ok(asset);
}

/** GET assets/{id} */
export function getAsset(call: Call): Reply {
  const id = param(call, "id");
  const asset = call.workspace.state.assets[id];
  if (asset === undefined) throw notFound("AssetNotFound", `The asset ${id} was not found.`, id);
  return ok(asset);
}
