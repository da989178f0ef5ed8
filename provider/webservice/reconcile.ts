import type { Keys, Operation, OperationRef, PatchOperation, ServiceDocument } from "../azure/webservices";
import { fieldOf, fields, inputOf } from "../schema/fields";
import { usesKeys, keyChanges, keysIn, type KeyChange } from "../core/keys";
import { entriesOf } from "../core/additive-maps";
import { changesBetween, type Change, type Compared } from "../core/diff";
import type { IsSecret } from "../core/check-failure";
import { withKnownEnvironment } from "../core/inference-config/wire";
import { inWords, sameConfig } from "../core/inference-config/config";
import { previousInputs } from "../core/previous-inputs";
import { patch } from "../core/patch";
import {
  changesToSend,
  leftAlone,
  previewedSettings,
  settingsIn,
  sideEffects,
  type Previewed,
} from "../core/previewed";
import { leftAloneMessage, overwrittenMessages, replacedEntries } from "../core/messages";
import { brokenOrder, withImpliedSettings } from "../core/relations";
import { secrecyOf } from "../core/secrecy";
import { isOwnedBy, ownerOf } from "../core/ownership";
import { isBroken, isHealthy, isOnItsWay, lastOperation, progressOf } from "../core/service-state";
import { isObject, isSet, settingsOf, valueAt } from "../core/values";
import { readSettings } from "../core/wire";
import { uploadSources } from "./code";
import { say, type Values } from "./context";
import { DeploymentError, serviceGone } from "./deployment-error";
import { refusedUpdate } from "./diff";
import { ensureHealthy, follow } from "./ensure-healthy";
import type { OperationContext } from "./operation-context";
import { liveKeys, type LiveService } from "./outputs";
import { assertNotTakenOver, neededClaim, refusedClaim } from "./ownership";
import { redeploy } from "./redeploy";

/**
 * Makes a live service what the program says, as far as its preview showed: sends at most one PATCH, waits until the service
 * is Healthy, sets its keys, and verifies that what was sent is live.
 *
 * @param outputs those before the operation: none for a service that is taken over
 * @param previewed what may be sent; undefined for every setting of the program
 */
export const reconcile = async (
  context: OperationContext,
  found: ServiceDocument,
  desired: Values,
  outputs: Values,
  previewed?: Previewed,
): Promise<LiveService> => {
  const compared: Compared = { news: withMemory(desired, outputs), outputs };
  const changes = changesFor(found, compared, previewed);
  warnOfOthersChanges(context, found, compared, { previewed, changes });
  const start: LiveService = { document: found, keys: keysIn(outputs) };
  const mayChange = previewed ? keysAmong(desired, previewed) : desired;
  const settings = await patchFor(context, found, desired, changes);
  const writes =
    settings.length > 0 || isRepair(found, outputs) || (await changesKeys(context, start, mayChange));
  const claim = neededClaim(context, found, desired, writes);
  const operations = claim ? [...settings, claim] : settings;
  const definition = definitionFor(found, compared, previewed);
  const { document, keys: known } =
    operations.length > 0
      ? await sendPatch(context, operations, start, definition)
      : await recover(context, start, definition);
  assertNotTakenOver(context, document);
  // A service that was deployed again may have new keys.
  const keys = await reconcileKeys(context, document, known === start.keys ? mayChange : desired, known);
  verify(document, desired, settingsIn(changes));
  return { document, keys };
};

/** A service that is taken over broken is not posted anew by the way. */
const isRepair = (document: ServiceDocument, previous: Values): boolean =>
  isBroken(document) && Object.keys(previous).length > 0;

/** A new key is a write like any other, and the first one claims a service that nobody owns. */
const changesKeys = async (
  { services, resource }: OperationContext,
  { document, keys }: LiveService,
  desired: Values,
): Promise<boolean> => {
  const isManaged = isSet(desired[inputOf("primaryKey")]) || isSet(desired[inputOf("secondaryKey")]);
  if (!isManaged || ownerOf(document) || !isHealthy(document)) return false;
  const live = keys ?? (await liveKeys(services, resource, document));
  return live !== undefined && keyChanges(desired, live).length > 0;
};

/** The desired settings, with what an earlier run recorded of the live environment. */
const withMemory = (desired: Values, previous: Values): Values => {
  const input = inputOf("inferenceConfig");
  if (desired[input] === undefined) return desired;
  return { ...desired, [input]: withKnownEnvironment(desired[input], previousInputs(previous)?.[input]) };
};

/** The one patch that these changes make; code that goes with them is uploaded first. */
const patchFor = async (
  context: OperationContext,
  document: ServiceDocument,
  desired: Values,
  changes: readonly Change[],
): Promise<readonly PatchOperation[]> => {
  const code = changes.some(isModels) ? await uploadSources(context, desired, document) : undefined;
  return patch(changes, document, code);
};

/**
 * What may be sent, is not live already, and can be changed. No request is made.
 *
 * @throws when the service would refuse it, or when it would change what the preview did not show
 */
export const changesFor = (
  document: ServiceDocument,
  compared: Compared,
  previewed?: Previewed,
): readonly Change[] => {
  const { news, outputs } = compared;
  const live = readSettings(document, news);
  const settings = previewedSettings(compared, live, previewed);
  const changes = changesToSend(live, settings);
  const sent = settingsIn(changes);
  const refusals = brokenOrder({ ...live, ...settings }, secrecyOf(news, outputs))
    .filter(({ inputs }) => !previewed || inputs.some((input) => input in sent))
    .map(({ refusal }) => refusal);
  if (refusals.length > 0) throw refusedUpdate(refusals);
  if (previewed) refuseSideEffects(compared, live, changes);
  if (changes.some(isModels)) refuseModelsWithoutCode(document, news);
  return changes;
};

const refuseSideEffects = (compared: Compared, live: Values, changes: readonly Change[]): void => {
  const sent = settingsIn(changes);
  const code = inputOf("inferenceConfig");
  // Models go into one object with the code, and a live one tells no password.
  const codeToo = changes.some(isModels) && !(code in sent) ? differingCode(compared, live) : [];
  const effects = [...sideEffects(compared, live, sent), ...codeToo];
  if (effects.length === 0) return;
  throw new Error(
    `ChangedMeanwhile: ${Object.keys(sent).join(", ")} cannot be changed alone, as the preview showed: on the live service ` +
      `${effects.join(" and ")} since the last run. Nothing was sent. ` +
      "Run `pulumi refresh`, then `pulumi up`, whose preview shows what else changes.",
  );
};

const differingCode = (compared: Compared, live: Values): readonly string[] =>
  leftAlone(compared, live, [])
    .filter((change) => change.row.type === "inferenceConfig" && !isEnvironmentAlone(change))
    .map(({ row, live: value }) => `${row.input} is ${inWords(value)}`);

/** What somebody else changed since the last run: it stays, but for entries of a map that is sent whole. */
const warnOfOthersChanges = (
  { provider, resource }: OperationContext,
  document: ServiceDocument,
  compared: Compared,
  { previewed, changes }: { readonly previewed: Previewed; readonly changes: readonly Change[] },
): void => {
  const isSecret = secrecyOf(compared.news, compared.outputs);
  const others = leftAlone(compared, readSettings(document, compared.news), previewed);
  say(provider, resource.urn, [
    ...others.filter((one) => !isEnvironmentAlone(one)).map((one) => leftAloneMessage(one, isSecret)),
    ...changes.flatMap((change) => [
      ...replacedEntries(change, isSecret),
      ...(previewed ? overwrittenMessages(change, compared.outputs[change.row.input], isSecret) : []),
    ]),
  ]);
};

/** The program as far as it may be sent: where a broken service is deployed again, every other setting stays as it is live. */
const definitionFor = (document: ServiceDocument, compared: Compared, previewed: Previewed): Values => {
  if (!previewed) return compared.news;
  const live = readSettings(document, compared.news);
  const kept = fields.filter(
    ({ mutability, type }) =>
      (mutability === "inPlace" || mutability === "additive") && type !== "inferenceConfig",
  );
  const rest = Object.entries(compared.news).filter(([input]) => !kept.some((row) => row.input === input));
  const settings = Object.entries(previewedSettings(compared, live, previewed)).map(([input, value]) =>
    fieldOf(input)?.mutability === "additive"
      ? [input, { ...(value as object), ...(live[input] as object) }]
      : [input, value],
  );
  return Object.fromEntries([...rest, ...settings]) as Values;
};

const keysAmong = (desired: Values, previewed: readonly string[]): Values =>
  Object.fromEntries(Object.entries(desired).filter(([input]) => previewed.includes(input)));

const isModels = ({ row }: Change): boolean => row.source === "environment";

const refuseModelsWithoutCode = (document: ServiceDocument, desired: Values): void => {
  const models = desired[inputOf("models")];
  const hasCode =
    isSet(desired[inputOf("inferenceConfig")]) ||
    isSet(valueAt(document, "environmentImageRequest.driverProgram"));
  if (hasCode || !Array.isArray(models) || models.length < 2) return;
  throw new Error(
    `Exclusive: models must be one model where a service has no code; found ${models.length}. ` +
      "Name one model, or give inferenceConfig with the code that serves them together.",
  );
};

const sendPatch = async (
  context: OperationContext,
  operations: readonly PatchOperation[],
  start: LiveService,
  desired: Values,
): Promise<LiveService> => {
  const { services, resource } = context;
  // What goes is named before it goes: the process may be killed at any time.
  await context.provider.log.flush();
  const operation = await services.patch(resource.name, operations).catch(async (error: unknown) => {
    throw isOwnedBy(start.document, resource.ownerToken)
      ? error
      : await refusedClaim(context, start.document, error);
  });
  if (operation && isNew(operation, start.document))
    return { ...start, document: await ensureHealthy(context, operation) };
  // The change took effect at once and began nothing, so that what was broken before still is.
  const document = await services.get(resource.name);
  if (!document) throw serviceGone(resource);
  return recover(context, { ...start, document }, desired);
};

/** An answer that is the service's document names its last operation, which may have ended long ago. */
const isNew = ({ operationId }: OperationRef, before: ServiceDocument): boolean =>
  operationId === "" || operationId !== lastOperation(before)?.operationId;

/** Waits for a service that is on its way, and deploys a broken one again, which may change its keys. */
const recover = async (
  context: OperationContext,
  start: LiveService,
  desired: Values,
): Promise<LiveService> => {
  const { document, keys } = start;
  if (isHealthy(document)) return start;
  if (!isOnItsWay(document))
    return { document: await redeploy(context, document, desired, keys), keys: undefined };
  return { ...start, document: await ensureHealthy(context, lastOperation(document)) };
};

/**
 * The live keys after each one that the program manages is the program's.
 *
 * @param known the keys that the outputs hold; they are listed where the outputs hold none
 * @returns undefined while the service has no key authentication, and so no keys
 */
export const reconcileKeys = async (
  context: OperationContext,
  document: ServiceDocument,
  desired: Values,
  known: Keys | undefined,
): Promise<Keys | undefined> => {
  if (!usesKeys(document)) return undefined;
  const live = known ?? (await context.services.listKeys(context.resource.name));
  const changes = keyChanges(desired, live);
  for (const change of changes) await changeKey(context, document, change);
  return changes.reduce(withKey, live);
};

const changeKey = async (
  context: OperationContext,
  document: ServiceDocument,
  { which, value }: KeyChange,
): Promise<void> => {
  const operation = await context.services.regenerateKey(context.resource.name, which, value);
  const ended = await follow(context, operation, (error) =>
    notChanged(context, document, which, operation, error.message),
  );
  if (ended.state !== "Succeeded") throw notChanged(context, document, which, ended, ended.error);
};

/** The deployment itself succeeded, so that neither the service nor its logs explain the failure. */
const notChanged = (
  { resource }: OperationContext,
  document: ServiceDocument,
  which: KeyChange["which"],
  operation: Operation | OperationRef,
  cause: string | undefined,
): DeploymentError =>
  new DeploymentError(
    [
      `KeyNotChanged: the ${which.toLowerCase()} key of the service "${resource.name}" was not changed: operation ` +
        `${operation.operationId} ${"state" in operation ? `ended ${operation.state}` : "has not ended"}. ` +
        `The service itself is ${progressOf(document)}.`,
      cause ?? "",
      "Run `pulumi up` again: it compares the keys, and sets the one that differs.",
    ].filter((reason) => reason !== ""),
  );

const withKey = (keys: Keys, { which, value }: KeyChange): Keys =>
  which === "Primary" ? { ...keys, primaryKey: value } : { ...keys, secondaryKey: value };

/**
 * A service can be Healthy although it silently kept a setting, or refused it.
 *
 * @param sent what was asked of the service; all that the program says when absent
 * @throws DeploymentError NotAsAsked
 */
export const verify = (document: ServiceDocument, desired: Values, sent?: Values): void => {
  const live = readSettings(document, desired);
  const kept = changesBetween(live, sent ?? withImpliedSettings(settingsOf(desired), live))
    .filter((change) => contradicts(change, document))
    .filter((change) => !isEnvironmentAlone(change));
  if (kept.length > 0) throw new DeploymentError(notAsAsked(kept, secrecyOf(desired)));
};

/** The service may rewrite an environment, so that its text alone proves nothing. */
const isEnvironmentAlone = ({ row, live, desired }: Change): boolean =>
  row.type === "inferenceConfig" &&
  isObject(live) &&
  isObject(desired) &&
  sameConfig({ ...live, environment: desired["environment"] }, desired);

const notAsAsked = (kept: readonly Change[], isSecret: IsSecret): readonly string[] => [
  `NotAsAsked: the service is Healthy and took the request, but ${kept.map((change) => text(change, isSecret)).join("; ")}.`,
  "Run `pulumi up` again; if nothing changes, the service does not accept the value: write the live one into the program.",
];

const text = ({ row, live, desired }: Change, isSecret: IsSecret): string =>
  isSecret(row.input)
    ? `${row.input} is not the secret value`
    : `${row.input} is ${inWords(live)} and not ${inWords(desired)}`;

/** Omitted fields cannot contradict the request. */
const contradicts = (change: Change, document: ServiceDocument): boolean => {
  const { row } = change;
  if (row.mutability === "additive") return lacksEntry(change);
  if (row.mutability !== "inPlace") return false;
  const path = row.wire!.split(".");
  const parent = path.length === 1 ? document : valueAt(document, path.slice(0, -1).join("."));
  return isObject(parent) && path.at(-1)! in parent;
};

/** An entry with another value cannot be changed, and the diff has warned of it. */
const lacksEntry = ({ live, desired }: Change): boolean => {
  const there = entriesOf(live).map(([key]) => key);
  return entriesOf(desired).some(([key]) => !there.includes(key));
};
