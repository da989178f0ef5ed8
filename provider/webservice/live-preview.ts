import { configuredLivePreview } from "../azure/settings";
import type { ServiceDocument } from "../azure/webservices";
import { inputOf } from "../schema/fields";
import type { CheckFailure } from "../core/check-failure";
import type { DiffResult } from "../core/diff";
import { adoptionText, driftMessages } from "../core/live-drift";
import { info, warning, type Message } from "../core/messages";
import { adoptsAgain, isMadeByCreateOf, ownerInWords, ownerOf, ownerTokenIn } from "../core/ownership";
import { secrecyOf } from "../core/secrecy";
import { isMigrated } from "../core/service-state";
import { hasUnknown } from "../core/values";
import { connectWithin, say, type ProviderContext, type Values } from "./context";
import { goneOutside } from "./deployment-error";
import { assertAdoptable, nameTaken, refuseOtherKind } from "./ownership";
import { oneLine, warnOnce, type LiveWorkspace } from "./live-views";
import { changesFor } from "./reconcile";
import { resourceFromId, resourceFromInputs, type ResourceId } from "./resource-id";
import { validateCreate, validateUpdate } from "./validate";

/**
 * Live previews: with `azureml:livePreview`, check and diff look at the live workspace too. They read and make dry runs, and
 * change nothing. The engine calls them in a preview, at `up` and (diff) in a refresh, and tells them not which; at `up`
 * they thus judge what is about to be sent before it is. What cannot be asked is a warning: a
 * preview may have no credential.
 */

/** To find the workspace and list its services. */
const LIST_MS = 60_000;

/**
 * What the live workspace has to say to a service that is not in the state yet.
 *
 * @param replacesItself the live service of this name is the one that the new service takes the place of
 */
export const previewCreate = async (
  provider: ProviderContext,
  inputs: Values,
  replacesItself: boolean,
): Promise<readonly CheckFailure[]> => {
  const [adopt, name] = [inputs[inputOf("adopt")], inputs[inputOf("serviceName")]];
  if ([adopt, name, inputs[inputOf("workspaceId")]].some(hasUnknown)) return [];
  const workspace = await liveWorkspace(provider, () => resourceFromInputs(inputs));
  if (!workspace || isWritten(provider, resourceFromInputs(inputs))) return [];
  const found = workspace.documents.get(String(name));
  if (!found || replacesItself) return validateCreate(provider, workspace, inputs);
  if (adopt === true) return previewAdoption(provider, found, inputs);
  if (!isMadeByCreateOf(found, inputs)) return [failure(refusedName(found, inputs))];
  sayOf(provider, inputs, [
    info(
      `An interrupted create of this resource left the service "${String(name)}"; \`pulumi up\` carries on with it where it is as the program says.`,
    ),
  ]);
  return [];
};

/** What the live service has to say to an update, or to nothing being done. @throws where it would refuse what the program changed */
export const previewUpdate = async (
  provider: ProviderContext,
  id: string,
  outputs: Values,
  desired: Values,
  { action }: DiffResult,
): Promise<void> => {
  const resource = resourceFromId(id, outputs);
  const workspace = resource && (await liveWorkspace(provider, () => resource));
  if (!workspace || isWritten(provider, resource)) return;
  const document = workspace.documents.get(resource.name);
  if (!document) return sayOf(provider, desired, [warning(goneOutside(resource))]);
  if (isMigrated(document) || isMigrated(outputs)) return;
  const sending = action.kind === "update" ? action.changes : [];
  sayOf(provider, desired, [
    ...(adoptsAgain(outputs, desired) ? [] : otherOwner(resource, document, outputs, action.kind !== "none")),
    ...(action.kind === "replace" ? [] : driftMessages(document, outputs, desired, sending)),
  ]);
  if (sending.length > 0) await validateUpdate(provider, workspace, document, { outputs, desired, sending });
};

/** The workspace as it is now; undefined, with one warning a run, where it cannot be asked or the option is off. */
const liveWorkspace = async (
  provider: ProviderContext,
  resourceOf: () => ResourceId,
): Promise<LiveWorkspace | undefined> => {
  if (!configuredLivePreview(await provider.settings())) return undefined;
  const resource = resourceOf();
  const { workspaces } = provider.liveViews;
  const key = resource.workspaceId.toLowerCase();
  const known = workspaces.get(key);
  if (known) return known;
  const view = readWorkspace(provider, resource).catch((error: unknown) => {
    warnOnce(
      provider,
      resource.urn,
      key,
      `LivePreviewUnavailable: expected the workspace ${resource.workspace.workspaceName} to list its services, found: ` +
        `${oneLine(error)} What follows is judged by the program and the state alone.`,
    );
    return undefined;
  });
  // One that could not be asked is not asked again: forty resources would wait forty times.
  workspaces.set(key, view);
  return view;
};

const isWritten = ({ liveViews }: ProviderContext, { id }: ResourceId): boolean =>
  liveViews.written.has(id.toLowerCase());

const readWorkspace = async (
  provider: ProviderContext,
  { workspace }: ResourceId,
): Promise<LiveWorkspace> => {
  const { deadline, services } = await connectWithin(LIST_MS, provider, workspace);
  const documents = new Map<string, ServiceDocument>();
  const limited = { action: `list the services of ${workspace.workspaceName}`, expected: "all of them" };
  await deadline.limit(limited, async () => {
    for await (const document of services.list()) documents.set(String(document["name"]), document);
  });
  return { services, documents };
};

/** Everything that an adoption would refuse; otherwise the line that says what it sends. */
const previewAdoption = (
  provider: ProviderContext,
  document: ServiceDocument,
  inputs: Values,
): readonly CheckFailure[] => {
  const resource = resourceFromInputs(inputs);
  try {
    assertAdoptable({ provider, resource }, document, inputs);
    // What is not known yet can neither be compared nor be refused.
    const changes = changesFor(document, { news: withoutUnknown(inputs), outputs: {} });
    sayOf(provider, inputs, [info(adoptionText(resource.name, changes, document, secrecyOf(inputs)))]);
    return [];
  } catch (error) {
    return [failure(error instanceof Error ? error.message : String(error))];
  }
};

const withoutUnknown = (inputs: Values): Values =>
  Object.fromEntries(Object.entries(inputs).filter(([, value]) => !hasUnknown(value)));

/** Why a create would not go on where the name is taken. */
const refusedName = (document: ServiceDocument, inputs: Values): string => {
  const resource = resourceFromInputs(inputs);
  try {
    refuseOtherKind(resource.name, document);
  } catch (error) {
    return (error as Error).message;
  }
  return nameTaken(resource, document, inputs).message;
};

/** The engine prints the value of a property that a failure names; these are about the whole resource. */
const failure = (reason: string): CheckFailure => ({ property: "", reason });

/** Somebody has claimed the service since the outputs were recorded. */
const otherOwner = (
  { name }: ResourceId,
  document: ServiceDocument,
  outputs: Values,
  changes: boolean,
): readonly Message[] => {
  const owner = ownerOf(document);
  if (!owner || owner.token === ownerTokenIn(outputs)) return [];
  const next = changes ? "this change will be refused" : "changes will be refused, and destroy leaves it";
  return [
    warning(
      `Another program has taken the service "${name}" over: it ${ownerInWords(owner)}; ${next}. Remove it from this program ` +
        "with `pulumi state delete`, or take it back with `adopt: true`.",
    ),
  ];
};

const sayOf = (provider: ProviderContext, inputs: Values, lines: readonly Message[]): void =>
  say(provider, resourceFromInputs(inputs).urn, lines);
