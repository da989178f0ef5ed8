import { deadlineAfter } from "../azure/clock";
import type { ServiceDocument, Webservices } from "../azure/webservices";
import { inputOf } from "../schema/fields";
import { checkFailure, type CheckFailure } from "../core/check-failure";
import type { Change } from "../core/diff";
import { plannedPatch } from "../core/live-drift";
import { info, type Message } from "../core/messages";
import { programChanged } from "../core/previous-inputs";
import { withImpliedSettings } from "../core/relations";
import { hasUnknown, isSet, settingsOf } from "../core/values";
import { createBody } from "../core/wire";
import { say, warn, type ProviderContext, type Values } from "./context";
import { oneLine, VALIDATION_MS, warnOnce, type LiveWorkspace } from "./live-views";
import { resourceFromInputs } from "./resource-id";

const ONE_VALIDATION_MS = 30_000;

/** The service's own judgement of a new one. @returns its refusal; a compute without room is a warning, since room can be made */
export const validateCreate = async (
  provider: ProviderContext,
  { services }: LiveWorkspace,
  inputs: Values,
): Promise<readonly CheckFailure[]> => {
  const settings = withoutKeys(settingsOf(inputs));
  const resource = resourceFromInputs(inputs);
  const { name, urn } = resource;
  if (hasUnknown(settings) || isSet(settings[inputOf("inferenceConfig")])) {
    say(provider, urn, [unvalidated(settings)]);
    return [];
  }
  const body = createBody(withImpliedSettings(settings));
  const refusal = await validated(provider, urn, services, ({ validate }) => validate.create(name, body));
  if (refusal !== undefined) return [{ property: "", reason: refusedByService(name, refusal) }];
  const room = await validated(provider, urn, services, ({ validate }) => validate.capacity(name, body));
  if (room !== undefined)
    warn(
      { provider, resource },
      `The service validates the capacity for "${name}" and says: ${room}. Make room on the compute, or ask for less.`,
    );
  return [];
};

interface PlannedUpdate {
  readonly outputs: Values;
  readonly desired: Values;
  readonly sending: readonly Change[];
}

/** A refresh, in which the program has changed nothing, must go through; so there a refusal is a warning. */
export const validateUpdate = async (
  provider: ProviderContext,
  { services }: LiveWorkspace,
  document: ServiceDocument,
  { outputs, desired, sending }: PlannedUpdate,
): Promise<void> => {
  const { operations, isWhole } = plannedPatch(sending, document);
  const resource = resourceFromInputs(desired);
  const { urn } = resource;
  if (!isWhole) say(provider, urn, [unvalidated(settingsOf(desired))]);
  if (operations.length === 0) return;
  const name = String(document["name"]);
  const refusal = await validated(provider, urn, services, ({ validate }) =>
    validate.update(name, operations),
  );
  if (refusal === undefined) return;
  const text = refusedByService(name, refusal);
  if (sending.some(({ row }) => programChanged(row.input, outputs, desired))) throw new Error(text);
  warn({ provider, resource }, text);
};

const withoutKeys = (settings: Values): Values => {
  const keys: readonly string[] = [inputOf("primaryKey"), inputOf("secondaryKey")];
  return Object.fromEntries(Object.entries(settings).filter(([input]) => !keys.includes(input)));
};

const unvalidated = (settings: Values): Message =>
  info(
    hasUnknown(settings)
      ? "Values that are not known yet are not validated by the service in this preview."
      : "Code is uploaded at `pulumi up`, so that the service does not validate it in a preview.",
  );

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
      `ValidationSkipped: expected the service to validate within ${VALIDATION_MS / 1000} s a run, found that they are used up. ` +
        "This resource and those after it are not validated by the service.",
    );
    return undefined;
  }
  const start = clock.now();
  const mostMs = Math.min(liveViews.validationMs, ONE_VALIDATION_MS);
  try {
    const deadline = deadlineAfter(clock, mostMs, provider.interrupt);
    const limited = { action: "validate", expected: "a validation result" };
    return await deadline.limit(limited, () => ask(services.within(deadline)));
  } catch (error) {
    warnOnce(
      provider,
      urn,
      "failed",
      `ValidationSkipped: expected the service to validate, found: ${oneLine(error)} It judges what it did not validate at \`pulumi up\`.`,
    );
    return undefined;
  } finally {
    liveViews.validationMs -= clock.now() - start;
  }
};
