import type { ServiceDocument } from "../azure/webservices";
import { diff, type Action } from "../core/diff";
import { keysIn } from "../core/keys";
import { previewedBy, type Previewed } from "../core/previewed";
import { outputsRecorded } from "../core/outputs";
import { adoptsAgain, mayClaimBy } from "../core/ownership";
import { isMigrated, progressOf } from "../core/service-state";
import { withinLimit } from "./concurrency";
import type { ProviderContext, Values } from "./context";
import { goneOutside } from "./deployment-error";
import { resourceInitFailed } from "./init-failed";
import { migrate, refuseMigrated } from "./migrate";
import { openOperation, type OperationContext } from "./operation-context";
import {
  isUnfinished,
  isUnfinishedCreate,
  secretOutputs,
  sendingIn,
  storedOutputs,
  type LiveService,
} from "./outputs";
import { assertOwnership, refuseOtherKind } from "./ownership";
import { reconcile } from "./reconcile";
import { resourceFromId, resourceFromInputs, type ResourceId } from "./resource-id";

/** Sends the live service what the preview showed, as far as it is not live already, with at most one PATCH; or migrates it. */
export const update =
  (provider: ProviderContext) =>
  async (id: string, outputs: Values, desired: Values): Promise<{ outs: Record<string, unknown> }> => {
    const { action } = diff(outputs, desired);
    if (isRecord(action, outputs, desired)) return { outs: secretOutputs(outputsRecorded(outputs, desired)) };
    const change = { resource: resourceFromInputs(desired), values: desired };
    return withinLimit(provider, change, () => send(provider, id, outputs, desired, action));
  };

const send = async (
  provider: ProviderContext,
  id: string,
  outputs: Values,
  desired: Values,
  action: Action,
) => {
  // What carries a create on may take as long as the create.
  const previewed = previewedFor(outputs, action);
  const verb = isUnfinishedCreate(outputs) ? "create" : "update";
  const context = await openOperation(provider, resourceOf(provider, id, outputs, desired), verb, desired);
  try {
    const live = await reconcileOrMigrate(context, action, outputs, desired);
    context.progress.ended(progressOf(live.document));
    const known = isMigrated(live.document) ? undefined : previewed;
    return { outs: storedOutputs(context.resource, live, desired, outputs, known) };
  } catch (error) {
    if (!context.accepted()) throw error;
    throw await resourceInitFailed(context, desired, outputs, error, previewed);
  }
};

/** Whether only the state is renewed. */
const isRecord = ({ kind }: Action, outputs: Values, desired: Values): boolean =>
  kind === "record" && !isUnfinished(outputs) && !adoptsAgain(outputs, desired);

/** What the preview showed, and what a run that did not finish was sending. */
const previewedFor = (outputs: Values, action: Action): Previewed => {
  const shown = previewedBy(action);
  if (!isUnfinished(outputs)) return shown;
  const sending = sendingIn(outputs);
  return sending && [...new Set([...sending, ...shown])];
};

const resourceOf = (provider: ProviderContext, id: string, outputs: Values, desired: Values): ResourceId => {
  const fromInputs = resourceFromInputs(desired);
  const known = resourceFromId(id, outputs) ?? fromInputs;
  // A state of version 0.1 knows a service that it adopted by a hash only, which is no secret of its own to claim it with.
  const ownerToken = mayClaimBy(outputs) ? known.ownerToken : provider.newToken();
  return { ...known, urn: fromInputs.urn, ownerToken };
};

const reconcileOrMigrate = async (
  context: OperationContext,
  action: Action,
  outputs: Values,
  desired: Values,
): Promise<LiveService> => {
  const document = await existing(context);
  assertOwnership(context, document, outputs, desired);
  if (action.kind === "update") refuseMigrated(context.resource.name, document);
  if (action.kind !== "migrate" && !isMigrated(document))
    return reconcile(context, document, desired, outputs, previewedFor(outputs, action));
  const to = action.kind === "migrate" ? action.to : "";
  return { document: await migrate(context, document, to), keys: keysIn(outputs) };
};

const existing = async ({ services, resource }: OperationContext): Promise<ServiceDocument> => {
  const document = await services.get(resource.name);
  if (!document) throw new Error(goneOutside(resource));
  refuseOtherKind(resource.name, document);
  return document;
};
