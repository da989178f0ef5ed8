import { ServiceError } from "../azure/errors";
import type { PatchOperation, ServiceDocument } from "../azure/webservices";
import { fields, inputOf } from "../schema/fields";
import { entriesOf, entryOf } from "../core/additive-maps";
import { changesBetween, type Change } from "../core/diff";
import { pathOf } from "../core/check-failure";
import { secrecyOf } from "../core/secrecy";
import { keyChanges, usesKeys } from "../core/keys";
import {
  adoptsAgain,
  claimOf,
  isMadeByCreateOf,
  isOwnership,
  ownerInWords,
  ownerOf,
} from "../core/ownership";
import { isAksService, isHealthy, isMadeWithin, kindOf } from "../core/service-state";
import { withImpliedSettings } from "../core/relations";
import { timeoutMs } from "../core/timeouts";
import { settingsOf } from "../core/values";
import { readSettings, sourceOf } from "../core/wire";
import { warn, type Values } from "./context";
import { DeploymentError } from "./deployment-error";
import { refuseMigrated } from "./migrate";
import type { OperationContext } from "./operation-context";
import type { ResourceId } from "./resource-id";

/** @throws for a web service of the workspace's other kinds, which share the names with those on AKS */
export const refuseOtherKind = (name: string, document: ServiceDocument): void => {
  if (isAksService(document)) return;
  throw new Error(
    `NotAnAksService: "${name}" is a web service of type ${kindOf(document)}, and AksWebservice manages only type AKS. ` +
      "Nothing was changed. Choose another serviceName, or manage that service where it was made.",
  );
};

/** @throws with everything that cannot be made as the program says */
export const assertAdoptable = (
  context: Pick<OperationContext, "provider" | "resource">,
  document: ServiceDocument,
  inputs: Values,
): void => {
  refuseOtherKind(context.resource.name, document);
  refuseMigrated(context.resource.name, document);
  const drift = immutableDrift(document, inputs);
  if (drift.length > 0)
    throw new Error(
      `CannotAdopt: the service "${context.resource.name}" cannot be made as the program says: ${drift.join("; ")}. ` +
        "Write the live values into the program, or choose another serviceName.",
    );
  const owner = ownerOf(document);
  if (!owner) return;
  warn(
    context,
    `Takes over "${context.resource.name}", which ${ownerInWords(owner)}: a property is added that makes it this stack's. ` +
      "The other program can neither change nor delete it from now on: remove the resource there.",
  );
};

/**
 * The name is taken: only by the service that an interrupted create of this very resource left may a create go on. A stamp
 * alone is not enough, since it is the same in another backend with a stack of this name, and since a service that is older,
 * or not as create would make it, may have been in use since.
 *
 * @throws NameTaken with whose it is and how to go on, CannotResume when the program has changed too much since
 */
export const assertResumable = async (
  context: OperationContext,
  document: ServiceDocument,
  inputs: Values,
): Promise<void> => {
  refuseOtherKind(context.resource.name, document);
  refuseMigrated(context.resource.name, document);
  if (!(await isHalfMade(context, document, inputs))) throw nameTaken(context.resource, document, inputs);
  const drift = immutableDrift(document, inputs);
  if (drift.length > 0) throw cannotResume(context, drift);
};

const isHalfMade = async (
  context: OperationContext,
  document: ServiceDocument,
  inputs: Values,
): Promise<boolean> => {
  const { services, resource, provider } = context;
  if (!isMadeByCreateOf(document, inputs)) return false;
  if (!isMadeWithin(document, timeoutMs("create", inputs), provider.clock.now())) return false;
  if (!isHealthy(document)) return true;
  if (differences(document, inputs).some(({ row }) => row.mutability !== "regenerate")) return false;
  if (hasMoreEntries(document, inputs)) return false;
  const keys = usesKeys(document) ? await services.listKeys(resource.name) : undefined;
  return keys === undefined || keyChanges(inputs, keys).length === 0;
};

/** Tags or properties that create would not make: somebody has started to use the service. */
const hasMoreEntries = (document: ServiceDocument, inputs: Values): boolean => {
  const live = readSettings(document);
  return fields
    .filter(({ type }) => type === "textMap")
    .some(({ input }) =>
      entriesOf(live[input]).some(([key]) => !isOwnership(key) && entryOf(inputs[input], key) === undefined),
    );
};

/** What a create answers where the name is taken by another: whose the service is, and how to go on. */
export const nameTaken = (resource: ResourceId, document: ServiceDocument, inputs: Values): Error =>
  new Error(
    `NameTaken: the workspace ${resource.workspace.workspaceName} already has a service "${resource.name}", which ` +
      `${isMadeByCreateOf(document, inputs) ? SAME_NAMES : ownerInWords(ownerOf(document))}, and it is not one that an interrupted ` +
      `create of this resource has just left. Nothing was changed. ${waysOn(document, inputs)}`,
  );

const SAME_NAMES =
  "was made by a resource with this very name in a stack, project and organization of these names (property pulumi-created-by)";

/** How to go on, by whose the service is. */
const waysOn = (document: ServiceDocument, inputs: Values): string => {
  const elsewhere = "Otherwise choose another serviceName.";
  if (!ownerOf(document))
    return `To manage it here, set \`adopt: true\`, which changes only what differs. ${elsewhere}`;
  if (isMadeByCreateOf(document, inputs))
    return (
      "Where this stack's state has lost it, set `adopt: true`, which changes only what differs. Where a stack of another backend " +
      `manages it, leave it there. ${elsewhere}`
    );
  return (
    "Where this program renamed the resource or gave it another parent, give the resource option `aliases`. Where another stack " +
    "manages it, `pulumi state move` brings it here with its state; or set `adopt: true`, which changes only what differs, and " +
    `remove the resource there. ${elsewhere}`
  );
};

/** The service belongs to another program, which an error after a change must not hide. */
export class TakenOver extends DeploymentError {}

/** @throws TakenOver when the live service belongs to another program by now */
export const assertNotTakenOver = ({ resource }: OperationContext, document: ServiceDocument): void => {
  const owner = ownerOf(document);
  if (!owner || owner.token === resource.ownerToken) return;
  throw new TakenOver([
    `TakenOver: the service "${resource.name}" ${ownerInWords(owner)}: it was taken over while this program was at work on it. ` +
      "Its deployment has ended, and this program changes and deletes it no more.",
    `${REMOVE_IT} To take it back, remove it there and set \`adopt: true\` here.`,
  ]);
};

const REMOVE_IT = "Remove the resource from this program: the service stays, and only the state forgets it.";

/** @throws OwnedByAnother for a change of a service that belongs to another program, unless `adopt` has just been set */
export const assertOwnership = (
  { resource }: OperationContext,
  document: ServiceDocument,
  outputs: Values,
  desired: Values,
): void => {
  const owner = ownerOf(document);
  if (!owner || owner.token === resource.ownerToken || adoptsAgain(outputs, desired)) return;
  throw ownedByAnother(resource.name, document, desired);
};

/** Why a service that belongs to another program is not changed, with both ways on. */
export const ownedByAnother = (name: string, live: Values, desired: Values): Error =>
  new Error(
    `OwnedByAnother: the service "${name}" ${ownerInWords(ownerOf(live))}, and not to this resource. Nothing was changed. ` +
      `${REMOVE_IT} Or take it over: ${ADOPT_AGAIN(desired)}, and remove it from the other program.`,
  );

const ADOPT_AGAIN = (desired: Values): string =>
  desired[inputOf("adopt")] === true
    ? "remove `adopt: true` and run `pulumi up`, then set it again and run `pulumi up`"
    : "set `adopt: true` and run `pulumi up`";

/** A replacement that keeps its name would meet the service that it cannot delete. */
export const cannotReplace = (name: string, changed: readonly string[], why: string): Error =>
  new Error(
    `CannotReplace: "${name}" would be replaced because of ${changed.join(", ")}, and a new service of the same name needs the ` +
      `old one deleted: ${why}. Nothing was changed.`,
  );

export const oldServiceStays = (live: Values): string => {
  const owner = ownerOf(live);
  const next = owner
    ? "Give a new serviceName, or take the service over with `adopt: true` first"
    : "Give a new serviceName, or set `deleteAdopted: true` and run `pulumi up` before this change";
  return `the old service ${ownerInWords(owner)}, and this resource does not delete it. ${next}`;
};

/**
 * The claim that goes with the first write to a service that this resource does not own: always where another owns it, and
 * where nobody does, only beside a write.
 */
export const neededClaim = (
  { resource, provider }: OperationContext,
  document: ServiceDocument,
  desired: Values,
  writes: boolean,
): PatchOperation | undefined => {
  const { ownerToken } = resource;
  const owner = ownerOf(document);
  if (ownerToken === undefined || (owner ? owner.token === ownerToken : !writes)) return undefined;
  return claimOf(document, ownerToken, provider.clock.now(), desired);
};

/** Why a request with a claim was refused: somebody was faster, or the service takes no more properties, or something else. */
export const refusedClaim = async (
  context: OperationContext,
  before: ServiceDocument,
  error: unknown,
): Promise<unknown> => {
  const { resource } = context;
  if (!(error instanceof ServiceError) || error.ambiguous || error.status === undefined) return error;
  const document = await context.lastLook();
  const [owner, previous] = [document && ownerOf(document), ownerOf(before)];
  if (owner && owner.claim !== previous?.claim)
    return new Error(
      `OwnedByAnother: the service "${resource.name}" ${ownerInWords(owner)}: that program was faster. Nothing was changed. ` +
        `${REMOVE_IT} Or take it over once the other program has let it go.`,
    );
  return new ServiceError({
    ...error,
    action: `update service "${resource.name}"`,
    advice:
      `${error.advice} The request also adds a property that makes the service this stack's: where it can take no more ` +
      "properties, leave it out of this program, or deploy it anew under another serviceName.",
  });
};

const cannotResume = ({ resource }: OperationContext, drift: readonly string[]): Error =>
  new Error(
    `CannotResume: an interrupted create of this resource left the service "${resource.name}", and it cannot be made as ` +
      `the program says now: ${drift.join("; ")}. Delete it in Azure Machine Learning studio under Endpoints, ` +
      "then run `pulumi up` again.",
  );

/** Where a live service differs from the program, in the settings that the service reports. */
const differences = (document: ServiceDocument, inputs: Values): readonly Change[] => {
  const live = readSettings(document, inputs);
  return changesBetween(live, withImpliedSettings(settingsOf(inputs), live)).filter(
    ({ row }) => row.role !== "workspaceId" && !(row.writeOnly && row.mutability === "replace"),
  );
};

/** Each difference that no update can remove, in words. */
const immutableDrift = (document: ServiceDocument, inputs: Values): readonly string[] => {
  const source = sourceOf(readSettings(document));
  const isSecret = secrecyOf(inputs);
  return differences(document, inputs).flatMap((change) => {
    const { row, live, desired } = change;
    if (row.mutability === "additive") return changedEntries(change, isSecret(row.input));
    if (row.source && source && row.source !== source)
      return [
        `${row.input} is for a service made from an ${row.source}, and this one is made from an ${source}`,
      ];
    return row.mutability === "replace" ? [difference(row.input, live, desired, isSecret(row.input))] : [];
  });
};

const changedEntries = ({ row, live, desired }: Change, secret: boolean): readonly string[] =>
  entriesOf(desired)
    .filter(([key, value]) => ![undefined, value].includes(entryOf(live, key)))
    .map(([key, value]) => difference(pathOf(row.input, key), entryOf(live, key), value, secret));

const difference = (path: string, live: unknown, desired: unknown, secret: boolean): string =>
  secret
    ? `${path} is not the secret value that the program gives`
    : `${path} is ${shown(live)}, the program says ${shown(desired)}`;

const shown = (value: unknown): string => JSON.stringify(value) ?? "unset";
