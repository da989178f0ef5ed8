import { deadlineAfter } from "../azure/clock";
import { configuredLivePreview } from "../azure/settings";
import type { ServiceDocument, Webservices } from "../azure/webservices";
import { inputOf } from "../schema/fields";
import { checkFailure, type CheckFailure } from "../core/check-failure";
import type { Change, DiffResult } from "../core/diff";
import { adoptionText, driftMessages, plannedPatch } from "../core/live-drift";
import type { Message } from "../core/messages";
import { ownerInWords, ownerOf } from "../core/ownership";
import { programChanged } from "../core/previous-inputs";
import { withImpliedSettings } from "../core/relations";
import { secrecyOf } from "../core/secrecy";
import { isMigrated } from "../core/service-state";
import { CREATED_BY, stampOf } from "../core/stamp";
import { hasUnknown, isSet, settingsOf } from "../core/values";
import { createBody } from "../core/wire";
import { connectBy, say, type ProviderContext, type Values } from "./context";
import { assertAdoptable, refuseOtherKind } from "./ownership";
import { VALIDATION_MS, type LiveWorkspace } from "./live-views";
import { changesFor } from "./reconcile";
import { resourceFromId, resourceFromInputs, type ResourceId } from "./resource-id";

/**
 * Live previews: with `azureml:livePreview`, check and diff look at the live workspace too. They read and make dry runs, and
 * change nothing. The engine calls them in a preview, at `up` and (diff) in a refresh, and tells them not which; at `up`
 * they thus judge what is about to be sent before it is. What cannot be asked is a warning: previews of forks run without
 * a credential.
 */

const ONE_VALIDATION_MS = 30_000;
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
  if (!workspace) return [];
  const found = workspace.documents.get(String(name));
  if (!found || replacesItself) return validateCreate(provider, workspace, inputs);
  if (adopt === true) return previewAdoption(provider, found, inputs);
  if (!isOwnRemainder(found, inputs)) return [failure(nameTaken(inputs, found))];
  sayOf(provider, inputs, [
    {
      severity: "info",
      text: `An interrupted create of this resource left the service "${String(name)}"; \`pulumi up\` carries on with it where it is as the program says.`,
    },
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
  if (!workspace) return;
  const document = workspace.documents.get(resource.name);
  if (!document) return sayOf(provider, desired, [gone(resource)]);
  if (isMigrated(document) || isMigrated(outputs)) return;
  const sending = action.kind === "update" ? action.changes : [];
  sayOf(provider, desired, [
    ...otherOwner(resource, document, outputs, action.kind !== "none"),
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

const readWorkspace = async (
  provider: ProviderContext,
  { workspace }: ResourceId,
): Promise<LiveWorkspace> => {
  const deadline = deadlineAfter(provider.clock, LIST_MS, provider.interrupt);
  const services = await connectBy(deadline, provider, workspace);
  const documents = new Map<string, ServiceDocument>();
  for await (const document of services.list()) documents.set(String(document["name"]), document);
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
    const changes = changesFor(document, withoutUnknown(inputs));
    const text = adoptionText(resource.name, changes, document, secrecyOf(inputs));
    sayOf(provider, inputs, [{ severity: "info", text }]);
    return [];
  } catch (error) {
    return [failure(error instanceof Error ? error.message : String(error))];
  }
};

const withoutUnknown = (inputs: Values): Values =>
  Object.fromEntries(Object.entries(inputs).filter(([, value]) => !hasUnknown(value)));

/** A service that this resource began to make: the stamp is a hash of its own URN, behind a token of the create. */
const isOwnRemainder = (document: ServiceDocument, inputs: Values): boolean => {
  const [stamp, ours] = [stampOf(document), inputs[CREATED_BY]];
  if (typeof stamp !== "string" || typeof ours !== "string" || ours === "") return false;
  return stamp === ours || stamp.endsWith(`.${ours}`);
};

const nameTaken = (inputs: Values, document: ServiceDocument): string => {
  const { name, workspace } = resourceFromInputs(inputs);
  try {
    refuseOtherKind(name, document);
  } catch (error) {
    return (error as Error).message;
  }
  return (
    `NameTaken: expected the name "${name}" to be free in the workspace ${workspace.workspaceName}, found a live service of ` +
    `this name: ${ownerInWords(ownerOf(document))}. Choose another serviceName; give the resource an alias where it was renamed; ` +
    "or set `adopt: true` to take the service over, which changes only what differs."
  );
};

/** The engine prints the value of a property that a failure names; these are about the whole resource. */
const failure = (reason: string): CheckFailure => ({ property: "", reason });

const gone = ({ name }: ResourceId): Message => ({
  severity: "warning",
  text: `ServiceGone: the service "${name}" was deleted outside Pulumi. Run \`pulumi refresh\`, then \`pulumi up\` to make it again.`,
});

/** Somebody has claimed the service since the outputs were recorded. */
const otherOwner = (
  { name }: ResourceId,
  document: ServiceDocument,
  outputs: Values,
  changes: boolean,
): readonly Message[] => {
  const [now, before] = [ownerOf(document), ownerOf(outputs)];
  if (!now || now.claim <= (before?.claim ?? 0)) return [];
  const next = changes ? "this change will be refused" : "changes will be refused, and destroy leaves it";
  return [
    {
      severity: "warning",
      text:
        `Another program has taken the service "${name}" over: ${ownerInWords(now)}; ${next}. Remove it from this program ` +
        "with `pulumi state delete`, or take it back with `adopt: true`.",
    },
  ];
};

/** The service's own judgement of a new one. @returns its refusal; a compute without room is a warning, since room can be made */
const validateCreate = async (
  provider: ProviderContext,
  { services }: LiveWorkspace,
  inputs: Values,
): Promise<readonly CheckFailure[]> => {
  const settings = withoutKeys(settingsOf(inputs));
  if (hasUnknown(settings) || isSet(settings[inputOf("inferenceConfig")])) {
    sayOf(provider, inputs, [unvalidated(settings)]);
    return [];
  }
  const { name, urn } = resourceFromInputs(inputs);
  const body = createBody(withImpliedSettings(settings));
  const refusal = await validated(provider, urn, services, ({ validate }) => validate.create(name, body));
  if (refusal !== undefined) return [failure(refusedByService(name, refusal))];
  const room = await validated(provider, urn, services, ({ validate }) => validate.capacity(name, body));
  if (room !== undefined)
    sayOf(provider, inputs, [
      {
        severity: "warning",
        text: `The service validates the capacity for "${name}" and says: ${room} Make room on the compute, or ask for less.`,
      },
    ]);
  return [];
};

interface PlannedUpdate {
  readonly outputs: Values;
  readonly desired: Values;
  readonly sending: readonly Change[];
}

/** A refresh, in which the program has changed nothing, must go through; so there a refusal is a warning. */
const validateUpdate = async (
  provider: ProviderContext,
  { services }: LiveWorkspace,
  document: ServiceDocument,
  { outputs, desired, sending }: PlannedUpdate,
): Promise<void> => {
  const { operations, isWhole } = plannedPatch(sending, document);
  if (!isWhole) sayOf(provider, desired, [unvalidated(settingsOf(desired))]);
  if (operations.length === 0) return;
  const { name, urn } = { ...resourceFromInputs(desired), name: String(document["name"]) };
  const refusal = await validated(provider, urn, services, ({ validate }) =>
    validate.update(name, operations),
  );
  if (refusal === undefined) return;
  const text = refusedByService(name, refusal);
  if (sending.some(({ row }) => programChanged(row.input, outputs, desired))) throw new Error(text);
  sayOf(provider, desired, [{ severity: "warning", text }]);
};

const withoutKeys = (settings: Values): Values => {
  const keys: readonly string[] = [inputOf("primaryKey"), inputOf("secondaryKey")];
  return Object.fromEntries(Object.entries(settings).filter(([input]) => !keys.includes(input)));
};

const unvalidated = (settings: Values): Message => ({
  severity: "info",
  text: hasUnknown(settings)
    ? "Values that are not known yet are not validated by the service in this preview."
    : "Code is uploaded at `pulumi up`, so that the service does not validate it in a preview.",
});

const refusedByService = (name: string, refusal: string): string =>
  checkFailure({
    code: "RefusedByService",
    path: `the service "${name}"`,
    expected: "one that the workspace accepts",
    found: `its refusal: ${refusal}`,
    next: "Nothing was changed. Correct the setting that it names.",
  }).reason;

/** One question within what is left of the run's time for validation. @returns undefined also where it could not be asked */
const validated = async (
  provider: ProviderContext,
  urn: string,
  services: Webservices,
  ask: (services: Webservices) => Promise<string | undefined>,
): Promise<string | undefined> => {
  const { clock, liveViews } = provider;
  if (liveViews.validationMs <= 0) {
    warnOnce(
      provider,
      urn,
      "time",
      `ValidationSkipped: expected the service to validate within ${VALIDATION_MS / 1000} s a run, found that they are up. ` +
        "This resource and those after it are not validated by the service.",
    );
    return undefined;
  }
  const start = clock.now();
  const mostMs = Math.min(liveViews.validationMs, ONE_VALIDATION_MS);
  try {
    const deadline = deadlineAfter(clock, mostMs, provider.interrupt);
    const limited = { action: "validate", expected: "a judgement" };
    return await deadline.limit(limited, () => ask(services.within(deadline)));
  } catch (error) {
    warnOnce(
      provider,
      urn,
      "failed",
      `ValidationSkipped: expected the service to validate, found: ${oneLine(error)} What it does not validate, it judges at \`pulumi up\`.`,
    );
    return undefined;
  } finally {
    liveViews.validationMs -= clock.now() - start;
  }
};

/** On the row of the first resource that meets it, since all others would say the same. */
const warnOnce = (provider: ProviderContext, urn: string, about: string, text: string): void => {
  const { warned } = provider.liveViews;
  if (warned.has(about)) return;
  warned.add(about);
  say(provider, urn, [{ severity: "warning", text }]);
};

const oneLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, " ");

const sayOf = (provider: ProviderContext, inputs: Values, lines: readonly Message[]): void =>
  say(provider, resourceFromInputs(inputs).urn, lines);
