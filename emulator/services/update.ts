import { isDeepStrictEqual } from "node:util";
import { jsonBody, param, type Call } from "../server/call";
import { deploymentOutcome } from "./create";
import { isoTime } from "../state/clock";
import { codeIdentity } from "./code";
import { badRequest } from "../server/errors";
import { checkImage, hasCode } from "./image-rules";
import { requireNotMigrated } from "./migrate";
import { requireIdle, start } from "../operations/operations";
import { applyOperation } from "../server/patch";
import { checkOperations, type PatchOperation } from "./patch-rules";
import { checkSettings } from "./rules";
import type { CodeIdentity, Service, ServiceSettings } from "./service";
import { findService } from "./read";
import { serviceDocument } from "./service-view";
import type { Reply } from "../server/reply";
import type { Workspace } from "../state/workspace";

/** Applies the patch to a copy; the first operation that cannot be applied is a 400. */
function patched(settings: ServiceSettings, operations: readonly PatchOperation[]): ServiceSettings {
  const copy = structuredClone(settings);
  for (const { op, path, value } of operations) applyOperation(copy, op, path, value);
  return withNulls(copy);
}

/** What a remove leaves out is null. */
const withNulls = (settings: ServiceSettings): ServiceSettings => ({
  ...settings,
  description: settings.description ?? null,
  imageId: settings.imageId ?? null,
  environmentImageRequest: settings.environmentImageRequest ?? null,
  containerResourceRequirements: {
    ...settings.containerResourceRequirements,
    cpuLimit: settings.containerResourceRequirements.cpuLimit ?? null,
    memoryInGBLimit: settings.containerResourceRequirements.memoryInGBLimit ?? null,
  },
});

const touches = (operations: readonly PatchOperation[], root: string): boolean =>
  operations.some((o) => o.path === root || o.path.startsWith(`${root}/`));

function checkReplicas(operations: readonly PatchOperation[], settings: ServiceSettings): void {
  if (touches(operations, "/numReplicas") && settings.autoScaler.autoscaleEnabled)
    throw badRequest(
      "InvalidAutoScaler",
      "numReplicas cannot be set while autoscaleEnabled is true.",
      "/numReplicas",
    );
}

/** Under autoscaling the live count stays between its bounds. */
function withinBounds(settings: ServiceSettings): ServiceSettings {
  const { autoscaleEnabled, minReplicas, maxReplicas } = settings.autoScaler;
  if (!autoscaleEnabled) return settings;
  return { ...settings, numReplicas: Math.min(maxReplicas, Math.max(minReplicas, settings.numReplicas)) };
}

/** An environment and an image do not replace each other; what runs without code can become either. */
function switchImage(
  before: ServiceSettings,
  after: ServiceSettings,
  operations: readonly PatchOperation[],
): ServiceSettings {
  if (touches(operations, "/imageId") && before.environmentImageRequest !== null && after.imageId !== null) {
    if (hasCode(before.environmentImageRequest))
      throw badRequest(
        "InvalidImage",
        "A service made from an environment cannot take an imageId.",
        "/imageId",
      );
    return { ...after, environmentImageRequest: null };
  }
  if (before.imageId !== null && after.environmentImageRequest !== null) {
    if (hasCode(after.environmentImageRequest))
      throw badRequest(
        "InvalidImage",
        "A service made from an image cannot take an environment.",
        "/imageId",
      );
    return { ...after, imageId: null };
  }
  return after;
}

/** The settings after a patch, judged as a whole. */
function settingsAfter(
  workspace: Workspace,
  service: Service,
  operations: readonly PatchOperation[],
): ServiceSettings {
  const before = service.settings;
  const applied = switchImage(before, patched(before, operations), operations);
  checkSettings(applied);
  checkReplicas(operations, applied);
  if (touches(operations, "/imageId") || touches(operations, "/environmentImageRequest"))
    checkImage(applied, workspace);
  return withinBounds(applied);
}

/** Judges an update without making it; the first thing wrong is a 400. */
export function checkUpdate(workspace: Workspace, service: Service, patch: unknown): void {
  requireNotMigrated(service.name, service.state);
  settingsAfter(workspace, service, checkOperations(patch, service));
}

/** Tags, properties and the description change at once, without an operation; everything else is a deployment. */
const isDescriptive = (operation: PatchOperation): boolean =>
  ["kvTags", "properties", "description"].includes(operation.path.split("/")[1] ?? "");

function describe(call: Call, service: Service, settings: ServiceSettings): Reply {
  const { workspace } = call;
  service.settings = settings;
  service.updatedTime = isoTime(workspace.clock.now());
  return { status: 200, body: serviceDocument(workspace, service) };
}

function redeploy(call: Call, service: Service, settings: ServiceSettings, code: NewCode): Reply {
  const { workspace } = call;
  const wanted = { name: service.name, computeName: service.computeName, settings };
  const outcome = deploymentOutcome(call, wanted, code.changed || service.state !== "Healthy");
  service.settings = settings;
  service.code = code.identity;
  service.state = "Transitioning";
  service.error = null;
  const builds = code.changed;
  return start(workspace, { kind: "Update", target: service.name, outcome, builds }, service);
}

interface NewCode {
  readonly identity: CodeIdentity | null;
  readonly changed: boolean;
}

async function codeAfter(call: Call, service: Service, settings: ServiceSettings): Promise<NewCode> {
  const [before, after] = [service.settings.environmentImageRequest, settings.environmentImageRequest];
  if (isDeepStrictEqual(before, after)) return { identity: service.code, changed: false };
  return { identity: await codeIdentity(call.workspace, after), changed: hasCode(after) };
}

/** PATCH services/{name} */
export async function updateService(call: Call): Promise<Reply> {
  const { workspace } = call;
  const service = findService(workspace, param(call, "name"));
  requireNotMigrated(service.name, service.state);
  const operations = checkOperations(jsonBody(call), service);
  requireIdle(workspace, service.name);
  const settings = settingsAfter(workspace, service, operations);
  if (operations.every(isDescriptive)) return describe(call, service, settings);
  const code = await codeAfter(call, service, settings);
  requireIdle(workspace, service.name);
  return redeploy(call, service, settings, code);
}
