import { askClient } from "../judge/judge";
import type { Case } from "../judge/services";
import type { Arm, Received } from "./arm";
import type { Body } from "./rules";

/** The first body that was put at a path. */
const putAt = ({ received }: Pick<Arm, "received">, wanted: string): Body => {
  const put = received.find(({ method, path }: Received) => method === "PUT" && path === wanted);
  if (!put) throw new Error(`nothing was put at ${wanted}`);
  return put.body;
};

const addressOf = (workspaceId: string) => {
  const parts = workspaceId.split("/");
  return { resourceGroupName: parts[4], workspaceName: parts[8] };
};

/** A web service, and the endpoint and deployment that took its place. */
export interface Migrated extends Case {
  readonly endpointName: string;
  readonly deploymentName: string;
}

/**
 * Microsoft's client judges the bodies with which endpoints and deployments were made, as they arrived.
 *
 * @returns how many members it compared, and what it found
 */
export function judgeReceived(
  python: string,
  arm: Pick<Arm, "received">,
  migrated: readonly Migrated[],
): { readonly members: number; readonly problems: readonly unknown[] } {
  const bodies = migrated.map(({ endpointName, deploymentName, destination }) => {
    const address = { ...addressOf(destination.workspaceId), endpointName };
    const path = `onlineEndpoints/${endpointName}`;
    return {
      endpoint: { ...putAt(arm, path), ...address },
      deployment: { ...putAt(arm, `${path}/deployments/${deploymentName}`), ...address, deploymentName },
    };
  });
  const { results } = askClient(python, { cases: migrated, variants: [{ name: "received", bodies }] });
  const [{ members, different, findings }] = results as [(typeof results)[number]];
  return { members, problems: [...different, ...findings] };
}
