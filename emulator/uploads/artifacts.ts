import { objectBody, param, type Call } from "../server/call";
import { badRequest, notFound } from "../server/errors";
import { isObject, type JsonObject } from "../server/json";
import { ok, type Reply } from "../server/reply";
import { signedBlobUrl } from "./signed-url";

interface Place {
  readonly origin: string;
  readonly container: string;
  readonly path: string;
}

const idOf = ({ origin, container, path }: Place): string => `${origin}/${container}/${path}`;

/** A path within its container: no empty piece, no `.` and no `..`, and no half of a character. */
function checkPath(path: unknown): string {
  const pieces = typeof path === "string" ? path.split("/") : [""];
  if (pieces.some((piece) => ["", ".", ".."].includes(piece) || /\p{Surrogate}/u.test(piece)))
    throw badRequest(
      "InvalidArtifactPath",
      `${JSON.stringify(path)} is not a path within the container.`,
      "paths",
    );
  return path as string;
}

function pathsOf(body: JsonObject): string[] {
  const paths = body["paths"];
  if (!Array.isArray(paths) || !paths.every(isObject))
    throw badRequest("InvalidBody", 'The body must be {"paths":[{"path":"…"}]}.', "paths");
  return paths.map((entry) => checkPath(entry["path"]));
}

const now = (call: Call): number => call.workspace.clock.now();

const content = (call: Call, place: Place): JsonObject => ({
  contentUri: signedBlobUrl(call.workspace, idOf(place)),
  ...place,
});

/** POST artifacts/batch/metadata/{origin}/{container}: makes empty artifacts and gives a signed URL for each. */
export function createArtifacts(call: Call): Reply {
  const [origin, container] = [param(call, "origin"), param(call, "container")];
  const places = pathsOf(objectBody(call)).map((path) => ({ origin, container, path }));
  const { artifacts } = call.workspace.state;
  for (const place of places) artifacts[idOf(place)] ??= { sha256: null, bytes: 0, updatedAt: now(call) };
  const byPath = (member: (place: Place) => JsonObject) =>
    Object.fromEntries(places.map((place) => [place.path, member(place)]));
  return ok({
    artifacts: byPath((place) => ({ artifactId: idOf(place), ...place })),
    artifactContentInformation: byPath((place) => content(call, place)),
    errors: {},
  });
}

/** GET artifacts/contentinfo/{origin}/{container}/{path}: a signed URL of an uploaded artifact. */
export function artifactContent(call: Call): Reply {
  const place = {
    origin: param(call, "origin"),
    container: param(call, "container"),
    path: param(call, "path"),
  };
  if (call.workspace.state.artifacts[idOf(place)] === undefined)
    throw notFound("ArtifactNotFound", `The artifact ${idOf(place)} was not found.`, "path");
  return ok(content(call, place));
}

/** GET artifacts/prefix/contentinfo/{origin}/{container}/{path}: signed URLs of all artifacts whose ids begin so, in pages. */
export function artifactsByPrefix(call: Call): Reply {
  const [origin, container] = [param(call, "origin"), param(call, "container")];
  const below = `${origin}/${container}/`;
  const { artifacts } = call.workspace.state;
  const found = Object.keys(artifacts)
    .filter((id) => id.startsWith(`${below}${param(call, "path")}`))
    .sort();
  const start = Math.max(0, Math.floor(Number(call.query.get("continuationToken") ?? 0)) || 0);
  const end = start + call.workspace.pageSize;
  return ok({
    value: found
      .slice(start, end)
      .map((id) => content(call, { origin, container, path: id.slice(below.length) })),
    continuationToken: end < found.length ? String(end) : null,
  });
}
