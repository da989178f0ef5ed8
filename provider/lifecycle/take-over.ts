import type { ServiceError } from "../client/errors";
import type { ServiceDocument } from "../client/webservices";
import { inputOf } from "../model/fields";
import { changesBetween, type Change } from "../semantics/diff";
import { entriesOf } from "../semantics/additive";
import { describe, pathOf } from "../semantics/failure";
import { isAksService, isHealthy, isMadeWithinDay, kindOf } from "../semantics/service-state";
import { settle } from "../semantics/settle";
import { CREATED_BY, isStampedBy, stampOf } from "../semantics/stamp";
import { settingsOf } from "../semantics/values";
import { readSettings, sourceOf } from "../semantics/wire";
import type { Way } from "./ready";
import { say } from "./report";
import type { Values } from "./world";

export const wantsAdoption = (inputs: Values): boolean => inputs[inputOf("adopt")] === true;

/** The service that the program asks to take over. @throws with everything that cannot be made as the program says */
export const adoptable = (way: Way, document: ServiceDocument, inputs: Values): ServiceDocument => {
  refuseOtherKind(way, document);
  const unlike = differences(document, inputs).flatMap(immutableDifference);
  if (unlike.length > 0)
    throw new Error(
      `CannotAdopt: the service "${way.target.name}" cannot be made as the program says: ${unlike.join("; ")}. ` +
        "Write the live values into the program, or deploy under another serviceName.",
    );
  const stamp = stampOf(document);
  if (stamp !== undefined && stamp !== inputs[CREATED_BY])
    say(way.world, way.target.urn, [
      {
        severity: "warning",
        text: `"${way.target.name}" was made by another stack or resource; remove it there with \`pulumi state delete\`, or both will change it.`,
      },
    ]);
  return document;
};

const differences = (document: ServiceDocument, inputs: Values): readonly Change[] => {
  const live = readSettings(document);
  return changesBetween(live, settle(settingsOf(inputs), live)).filter(
    ({ row }) => row.role !== "workspaceId",
  );
};

const immutableDifference = (change: Change): readonly string[] => {
  const { row, live, wanted } = change;
  if (row.mutability === "replace" && !row.notReadBack)
    return [`${row.input} is ${describe(live)}, the program says ${describe(wanted)}`];
  if (row.mutability === "additive") return changedEntries(change);
  return [];
};

const changedEntries = ({ row, live, wanted }: Change): readonly string[] => {
  const there = Object.fromEntries(entriesOf(live));
  return entriesOf(wanted)
    .filter(([key, value]) => key in there && there[key] !== value)
    .map(
      ([key, value]) =>
        `${pathOf(row.input, key)} is ${describe(there[key])}, the program says ${describe(value)}`,
    );
};

/**
 * The service that an interrupted create of this very resource left. A stamp alone is not enough:
 * a Healthy one that is older, or not as create would make it, may have been in use since.
 */
export const resumable = (
  way: Way,
  document: ServiceDocument | undefined,
  inputs: Values,
  conflict: ServiceError,
): ServiceDocument => {
  if (!document) throw conflict;
  refuseOtherKind(way, document);
  if (isStampedBy(document, inputs[CREATED_BY]) && isHalfMade(way, document, inputs)) return document;
  throw nameTaken(way);
};

const isHalfMade = (way: Way, document: ServiceDocument, inputs: Values): boolean =>
  !isHealthy(document) ||
  (isMadeWithinDay(document, way.world.clock.now()) &&
    differences(document, inputs).every(({ row }) => row.mutability === "regenerate"));

const nameTaken = (way: Way): Error =>
  new Error(
    `NameTaken: a service "${way.target.name}" already exists in ${way.target.workspace.workspaceName}, and this resource did not just make it. ` +
      "Choose another serviceName; or set `adopt: true` to take it over, changing only what differs.",
  );

const refuseOtherKind = (way: Way, document: ServiceDocument): void => {
  if (isAksService(document)) return;
  throw otherKind(way.target.name, document);
};

export const otherKind = (name: string, document: ServiceDocument): Error =>
  new Error(
    `NotAnAksService: "${name}" is a service of type ${kindOf(document)}, and AksWebservice manages only AKS. Choose another serviceName.`,
  );

export const unlikeSource = (document: ServiceDocument, inputs: Values): boolean =>
  sourceOf(settingsOf(inputs)) !== undefined &&
  sourceOf(readSettings(document)) !== sourceOf(settingsOf(inputs));
