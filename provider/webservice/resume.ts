import type { ServiceDocument } from "../azure/webservices";
import { isHealthy, isMadeWithinDay } from "../core/service-state";
import { CREATED_BY, isStampedBy } from "../core/stamp";
import { refuseOtherKind } from "./kind";
import { refuseMigrated } from "./migrate";
import { differences, immutableDifferences } from "./unlike";
import type { Way } from "./way";
import type { Values } from "./world";

/**
 * The name is taken: only by the service that an interrupted create of this very resource left may
 * a create go on. A stamp alone is not enough, since a Healthy service that is older, or not as
 * create would make it, may have been in use since.
 *
 * @throws NameTaken with how to go on, CannotResume when the program has changed too much since
 */
export const assertResumable = (way: Way, document: ServiceDocument, inputs: Values): void => {
  refuseOtherKind(way.target.name, document);
  refuseMigrated(way.target.name, document);
  if (!isStampedBy(document, inputs[CREATED_BY]) || !isHalfMade(way, document, inputs)) throw nameTaken(way);
  const unlike = immutableDifferences(document, inputs);
  if (unlike.length > 0) throw cannotResume(way, unlike);
};

const isHalfMade = (way: Way, document: ServiceDocument, inputs: Values): boolean =>
  !isHealthy(document) ||
  (isMadeWithinDay(document, way.world.clock.now()) &&
    differences(document, inputs).every(({ row }) => row.mutability === "regenerate"));

const nameTaken = ({ target }: Way): Error =>
  new Error(
    `NameTaken: the workspace ${target.workspace.workspaceName} already has a service "${target.name}", ` +
      "and it is not one that an interrupted create of this resource has just left. Nothing was changed. " +
      "Choose another serviceName, or set `adopt: true` to take it over, which changes only what differs.",
  );

const cannotResume = ({ target }: Way, unlike: readonly string[]): Error =>
  new Error(
    `CannotResume: an interrupted create of this resource left the service "${target.name}", and it cannot be made as ` +
      `the program says now: ${unlike.join("; ")}. Delete it in Azure Machine Learning studio under Endpoints, ` +
      "then run `pulumi up` again.",
  );
