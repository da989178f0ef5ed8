import { badRequest } from "../server/errors";
import { isoTime } from "../state/clock";
import type { JsonObject } from "../server/json";
import type { Workspace } from "../state/workspace";

/** A version that was given here and is no longer registered has been deleted; every other is the catalogue's matter. */
function frameworkOf(workspace: Workspace, id: string): string | undefined {
  const { models, versions } = workspace.state;
  const registered = models[id]?.["framework"];
  if (typeof registered === "string") return registered;
  const [name = id, version] = id.split(":");
  const deleted = Number(version) <= (versions.models[name] ?? 0);
  return deleted && !workspace.catalogue.modelIds.includes(id)
    ? undefined
    : workspace.catalogue.framework(id);
}

export const modelExists = (workspace: Workspace, id: string): boolean =>
  frameworkOf(workspace, id) !== undefined;

/** The framework of a registered or seeded model; a 400 when there is no such model. */
export function modelFramework(workspace: Workspace, id: string): string {
  const framework = frameworkOf(workspace, id);
  if (framework === undefined)
    throw badRequest("ModelNotFound", `The model ${id} does not exist in this workspace.`, "modelIds");
  return framework;
}

const bare = (id: string, framework: string, createdTime: string): JsonObject => {
  const [name = id, version = "1"] = id.split(":");
  return {
    id,
    name,
    version: Number(version),
    framework,
    frameworkVersion: null,
    createdTime,
    createdBy: null,
    description: null,
    mimeType: "application/json",
    kvTags: {},
    tags: {},
    properties: {},
    unpack: false,
    url: `aml://asset/${name}`,
    experimentName: null,
    runId: null,
    datasets: [],
    parentModelId: null,
    derivedModelIds: null,
    resourceRequirements: null,
    sampleInputData: null,
    sampleOutputData: null,
  };
};

/** The document of a model that exists, as a service shows it. A deleted one is shown with what its id tells. */
export function modelDocument(workspace: Workspace, id: string): JsonObject {
  const registered = workspace.state.models[id];
  const created = isoTime(Date.UTC(2024, 0, 2));
  return { ...bare(id, workspace.catalogue.framework(id) ?? "Custom", created), ...registered };
}
