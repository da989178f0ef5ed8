import { ServiceError } from "../azure/errors";
import type { OperationRef, ServiceDocument } from "../azure/webservices";
import { inputOf } from "../schema/fields";
import { progressOf, runningOperation } from "../core/service-state";
import { withImpliedSettings } from "../core/relations";
import { withStamp } from "../core/ownership";
import { isSet, settingsOf } from "../core/values";
import { createBody } from "../core/wire";
import { uploadSources } from "./code";
import { warn, type ProviderContext, type Values } from "./context";
import { serviceGone } from "./deployment-error";
import { ensureHealthy, follow } from "./ensure-healthy";
import { resourceInitFailed } from "./init-failed";
import { openOperation, type OperationContext } from "./operation-context";
import { storedOutputs, type LiveService } from "./outputs";
import { assertAdoptable, assertNotTakenOver, assertResumable, TakenOver } from "./ownership";
import { changesFor, reconcile, reconcileKeys, verify } from "./reconcile";
import { resourceFromInputs } from "./resource-id";

/** Makes the service, or takes over the one that `adopt` names or an interrupted create left. */
export const create =
  (provider: ProviderContext) =>
  async (inputs: Values): Promise<{ id: string; outs: Record<string, unknown> }> => {
    const own = { ...resourceFromInputs(inputs), ownerToken: provider.newToken() };
    const context = await openOperation(provider, own, "create", inputs);
    const { resource } = context;
    const started = await createOrAdopt(context, inputs);
    try {
      const live =
        started.kind === "created"
          ? await finishCreate(context, inputs, started.operation)
          : await reconcile(context, started.document, inputs, {});
      if (started.kind !== "created") provider.adopted.set(resource.id.toLowerCase(), resource.ownerToken);
      context.progress.ended(progressOf(live.document));
      return { id: resource.id, outs: storedOutputs(resource, live, inputs, {}) };
    } catch (error) {
      // A service that this resource does not own must not get into the state.
      if (error instanceof TakenOver || (started.kind !== "created" && !context.accepted())) throw error;
      throw await resourceInitFailed(context, inputs, {}, error);
    }
  };

/** What has started, or was there; nothing is lost when this part fails. */
type Started =
  | { readonly kind: "created"; readonly operation: OperationRef }
  | { readonly kind: "adopted" | "resumed"; readonly document: ServiceDocument };

const createOrAdopt = async (context: OperationContext, inputs: Values): Promise<Started> => {
  const { services, resource } = context;
  // A name that is taken is known before anything is uploaded for nothing.
  const looksFirst = wantsAdoption(inputs) || isSet(inputs[inputOf("inferenceConfig")]);
  const found = looksFirst ? await services.get(resource.name) : undefined;
  if (found) return wantsAdoption(inputs) ? adopt(context, found, inputs) : resume(context, found, inputs);
  if (wantsAdoption(inputs)) sayNothingToAdopt(context);
  const code = await uploadSources(context, inputs, undefined);
  const settings = withStamp(withImpliedSettings(settingsOf(inputs)), resource.ownerToken!, inputs);
  try {
    return { kind: "created", operation: await services.create(createBody(settings, code)) };
  } catch (error) {
    return resume(context, await leftBehind(context, error), inputs);
  }
};

/** Whether the program asks to take over a service that is there already. */
const wantsAdoption = (inputs: Values): boolean => inputs[inputOf("adopt")] === true;

const sayNothingToAdopt = (context: OperationContext): void =>
  warn(
    context,
    `No service "${context.resource.name}" is there to adopt: it is made. Where another was meant, correct serviceName.`,
  );

const adopt = (context: OperationContext, document: ServiceDocument, inputs: Values): Started => {
  assertAdoptable(context, document, inputs);
  // What the service would refuse is known before it becomes this resource's.
  changesFor(document, { news: inputs, outputs: {} });
  return { kind: "adopted", document };
};

/**
 * Takes over what an interrupted create of this resource left. Another backend with a stack of this name may still be at work
 * on it, and finds the claim when it is.
 */
const resume = async (
  context: OperationContext,
  document: ServiceDocument,
  inputs: Values,
): Promise<Started> => {
  await assertResumable(context, document, inputs);
  warn(
    context,
    `Carries on with "${context.resource.name}", which a create of a resource with this name, in a stack, project and organization of these ` +
      `names, began at ${String(document["createdTime"])} and which this state does not hold. Where a stack of another backend made ` +
      "it, that stack has lost it to this one.",
  );
  return { kind: "resumed", document: await settled(context, document) };
};

/** A claim is refused while the operation runs that the interrupted create began. */
const settled = async (context: OperationContext, document: ServiceDocument): Promise<ServiceDocument> => {
  const { services, resource } = context;
  const operation = runningOperation(document);
  if (!operation) return document;
  await follow(context, operation, (error) => error, { serviceName: resource.name });
  const ended = await services.get(resource.name);
  if (!ended) throw serviceGone(resource);
  return ended;
};

/** The service that already has the name of a refused create. @throws the error where it means something else */
const leftBehind = async (context: OperationContext, error: unknown): Promise<ServiceDocument> => {
  if (!(error instanceof ServiceError)) throw error;
  if (error.code === "OutcomeUnknown") throw outcomeUnknown(context, error);
  // To a create "not found" can only mean the workspace: reading the service asks after it, and says so.
  const mayBeThere = error.code === "Conflict" || error.code === "NotFound";
  const document = mayBeThere ? await context.services.get(context.resource.name) : undefined;
  if (!document || error.code === "NotFound") throw error;
  return document;
};

const outcomeUnknown = ({ resource }: OperationContext, error: ServiceError): ServiceError =>
  new ServiceError({
    ...error,
    action: `create service "${resource.name}"`,
    advice:
      "Run `pulumi up` again: if the service has started, it carries on with it and makes no second one.",
  });

/** Waits until the new service is Healthy, and verifies that it is what the program says. */
const finishCreate = async (
  context: OperationContext,
  inputs: Values,
  operation: OperationRef,
): Promise<LiveService> => {
  const document = await ensureHealthy(context, operation);
  assertNotTakenOver(context, document);
  verify(document, inputs);
  return { document, keys: await reconcileKeys(context, document, inputs, undefined) };
};
