import { URN } from "../core/check";
import { diff as difference, type Action } from "../core/diff";
import { diffMessages } from "../core/messages";
import { refusedUpdate } from "./refused";
import { say } from "./report";
import { isUnfinished } from "./unfinished";
import type { Values, World } from "./world";

/** The dynamic host's form of an action; an undefined `changes` leaves the comparison to the engine. */
export interface HostDiff {
  readonly changes?: boolean;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

/** Compares live values, as the outputs hold them, with the program. No request is made. */
export const diff =
  (world: World) =>
  async (_id: string, outputs: Values, news: Values): Promise<HostDiff> => {
    const found = difference(outputs, news);
    if (found.refusals.length > 0) throw refusedUpdate(found.refusals);
    say(world, String(news[URN] ?? ""), diffMessages(found, outputs, news));
    return isUnfinished(outputs) ? withRepair(hostDiff(found.action)) : hostDiff(found.action);
  };

/** The engine forgets a failure at the next refresh, and would leave the service as it is. */
const withRepair = (difference: HostDiff): HostDiff =>
  difference.changes === false ? { changes: true } : difference;

const hostDiff = (action: Action): HostDiff => {
  if (action.kind === "none") return { changes: false };
  const changes = action.visible ? {} : { changes: true };
  if (action.kind !== "replace") return changes;
  return {
    ...changes,
    replaces: action.changes.map(({ row }) => row.input),
    deleteBeforeReplace: action.keepsName,
  };
};
