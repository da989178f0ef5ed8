import type { ServiceDocument } from "../azure/webservices";
import { entriesOf, entryOf } from "../core/additive-maps";
import { changesBetween, type Change } from "../core/diff";
import { pathOf } from "../core/check-failure";
import { secrecyOf } from "../core/secrecy";
import { isAksService, isHealthy, isMadeWithinDay, kindOf } from "../core/service-state";
import { withImpliedSettings } from "../core/relations";
import { CREATED_BY, isStampedBy, stampOf } from "../core/stamp";
import { settingsOf } from "../core/values";
import { readSettings, sourceOf } from "../core/wire";
import { say, type Values } from "./context";
import { refuseMigrated } from "./migrate";
import type { OperationContext } from "./operation-context";

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
  warnOfOtherMaker(context, stampOf(document), inputs[CREATED_BY]);
};

const warnOfOtherMaker = (
  context: Pick<OperationContext, "provider" | "resource">,
  stamp: unknown,
  ours: unknown,
): void => {
  if (stamp === undefined || stamp === ours) return;
  say(context.provider, context.resource.urn, [
    {
      severity: "warning",
      text:
        `"${context.resource.name}" was made by another stack or under another resource name. Where that one still manages it, ` +
        "remove it there with `pulumi state delete`, or both will change it.",
    },
  ]);
};

/**
 * The name is taken: only by the service that an interrupted create of this very resource left may
 * a create go on. A stamp alone is not enough, since a Healthy service that is older, or not as
 * create would make it, may have been in use since.
 *
 * @throws NameTaken with how to go on, CannotResume when the program has changed too much since
 */
export const assertResumable = (
  context: OperationContext,
  document: ServiceDocument,
  inputs: Values,
): void => {
  refuseOtherKind(context.resource.name, document);
  refuseMigrated(context.resource.name, document);
  if (!isStampedBy(document, inputs[CREATED_BY]) || !isHalfMade(context, document, inputs))
    throw nameTaken(context);
  const drift = immutableDrift(document, inputs);
  if (drift.length > 0) throw cannotResume(context, drift);
};

const isHalfMade = (context: OperationContext, document: ServiceDocument, inputs: Values): boolean =>
  !isHealthy(document) ||
  (isMadeWithinDay(document, context.provider.clock.now()) &&
    differences(document, inputs).every(({ row }) => row.mutability === "regenerate"));

const nameTaken = ({ resource }: OperationContext): Error =>
  new Error(
    `NameTaken: the workspace ${resource.workspace.workspaceName} already has a service "${resource.name}", ` +
      "and it is not one that an interrupted create of this resource has just left. Nothing was changed. " +
      "Choose another serviceName, or set `adopt: true` to take it over, which changes only what differs.",
  );

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
