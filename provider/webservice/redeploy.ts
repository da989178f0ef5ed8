import type { Keys, ServiceDocument } from "../azure/webservices";
import { fields } from "../schema/fields";
import { relations } from "../schema/relations";
import { entriesOf } from "../core/additive-maps";
import type { ImageRequest } from "../core/inference-config/wire";
import { isBroken, lastOperation } from "../core/service-state";
import { withImpliedSettings } from "../core/relations";
import { isOwnedBy } from "../core/ownership";
import { isObject, isSet, settingsOf, valueAt, withValueAt, type Settings } from "../core/values";
import { createBody, readSettings, sourceOf } from "../core/wire";
import { uploadSources } from "./code";
import type { Values } from "./context";
import { DeploymentError, explainFailure } from "./deployment-error";
import { ensureHealthy } from "./ensure-healthy";
import type { OperationContext } from "./operation-context";

/** Posts the definition again over a broken service that this resource owns; another's is only reported. */
export const redeploy = async (
  context: OperationContext,
  document: ServiceDocument,
  desired: Values,
  known: Keys | undefined,
): Promise<ServiceDocument> => {
  if (!isBroken(document)) throw await explainFailure(context, { operation: lastOperation(document) });
  if (!isOwnedBy(document, context.resource.ownerToken)) throw await notOurs(context, document);
  const code = await uploadSources(context, desired, document);
  return ensureHealthy(
    context,
    await context.services.create(wholeDefinition(document, desired, known, code)),
  );
};

const notOurs = async (context: OperationContext, document: ServiceDocument): Promise<DeploymentError> => {
  const { reasons } = await explainFailure(context, { operation: lastOperation(document) });
  return new DeploymentError([
    ...reasons,
    "Nothing was sent: the program asks for no difference, and this stack does not own the service, so that it is not posted anew. " +
      "Change a setting, which claims it, deploy it again with the tool that made it, or delete it and let `pulumi up` make it.",
  ]);
};

/**
 * The definition to post over a live service: the program's settings, and the live value of every other one, so that
 * nothing that the program does not manage is lost.
 *
 * @param known the keys that callers use; the service would make new ones
 * @param code names of the uploaded code, where the program manages it
 */
const wholeDefinition = (
  document: ServiceDocument,
  desired: Values,
  known: Keys | undefined,
  code: ImageRequest | undefined,
) => {
  const live = readSettings(document, desired);
  const settings = {
    ...live,
    ...known,
    ...withImpliedSettings(settingsOf(desired), live),
    ...withLiveEntries(live, desired),
  };
  const body = createBody(creatable(settings, settingsOf(desired)), code);
  return { ...withWholeObjects(body, document), overwrite: true };
};

/** What can only be added stays, and with it the stamp and the claims; live values win, as they do in an update. */
const withLiveEntries = (live: Settings, desired: Values): Settings =>
  Object.fromEntries(
    fields
      .filter(({ mutability, input }) => mutability === "additive" && isObject(live[input]))
      .map(({ input }) => [
        input,
        Object.fromEntries([...entriesOf(desired[input]), ...entriesOf(live[input])]),
      ]),
  );

/** A live service reports settings that a create refuses beside others. */
const creatable = (settings: Settings, program: Settings): Settings => {
  const source = sourceOf(program) ?? sourceOf(settings);
  const foreign = fields.filter((row) => row.source && row.source !== source).map((row) => row.input);
  const left = new Set([...foreign, ...overruled(settings)]);
  return Object.fromEntries(Object.entries(settings).filter(([input]) => !left.has(input)));
};

/** While a flag is on, what stands for its being off; while it is off, its numbers. */
const overruled = (settings: Settings): readonly string[] =>
  relations.flatMap((relation) => {
    if (relation.kind !== "switched") return [];
    return settings[relation.flag] === true ? [relation.whenOff] : relation.numbers;
  });

const wholeObjects: readonly string[] = [...new Set(fields.flatMap((row) => row.patchedWith ?? []))];

/** What the table does not know inside an object that is sent whole. */
const withWholeObjects = (body: Settings, document: ServiceDocument): Settings =>
  wholeObjects.reduce<Settings>((all, path) => {
    const [live, sent] = [valueAt(document, path), valueAt(all, path)];
    return isObject(live) && isSet(sent) ? withValueAt(all, path, { ...live, ...(sent as object) }) : all;
  }, body);
