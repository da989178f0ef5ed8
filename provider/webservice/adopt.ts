import type { ServiceDocument } from "../azure/webservices";
import { inputOf } from "../schema/fields";
import { CREATED_BY, stampOf } from "../core/stamp";
import { refuseOtherKind } from "./kind";
import { refuseMigrated } from "./migrate";
import { say } from "./report";
import { immutableDifferences } from "./unlike";
import type { Way } from "./way";
import type { Values } from "./world";

/** Whether the program asks to take over a service that is there already. */
export const wantsAdoption = (inputs: Values): boolean => inputs[inputOf("adopt")] === true;

/** @throws with everything that cannot be made as the program says */
export const assertAdoptable = (way: Way, document: ServiceDocument, inputs: Values): void => {
  refuseOtherKind(way.target.name, document);
  refuseMigrated(way.target.name, document);
  const unlike = immutableDifferences(document, inputs);
  if (unlike.length > 0)
    throw new Error(
      `CannotAdopt: the service "${way.target.name}" cannot be made as the program says: ${unlike.join("; ")}. ` +
        "Write the live values into the program, or choose another serviceName.",
    );
  warnOfOtherMaker(way, stampOf(document), inputs[CREATED_BY]);
};

const warnOfOtherMaker = (way: Way, stamp: unknown, ours: unknown): void => {
  if (stamp === undefined || stamp === ours) return;
  say(way.world, way.target.urn, [
    {
      severity: "warning",
      text:
        `"${way.target.name}" was made by another stack or under another resource name. Where that one still manages it, ` +
        "remove it there with `pulumi state delete`, or both will change it.",
    },
  ]);
};
