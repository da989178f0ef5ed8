import { expectObject } from "./answer";
import type { Deadline } from "./deadline";
import { workspaceNotFound } from "./discovery";
import { askList, listQuery } from "./list-services";
import type { WorkspaceAddress } from "./settings";
import type { Workspace } from "./workspace";

/** A list that is answered shows that the workspace exists where ARM was not asked. */
async function assertListed(
  workspace: Workspace,
  address: WorkspaceAddress,
  deadline: Deadline | undefined,
): Promise<void> {
  const url = `${workspace.root}/services?${listQuery({ computeType: "AKS" })}`;
  const answer = await askList({ workspace, deadline }, url);
  if (answer.status === 404) throw workspaceNotFound(address, 404);
  expectObject({ action: `check workspace "${address.workspaceName}"` }, answer);
}

/** Remembers that the workspace exists; that it does not is asked again. */
export function existence(
  address: WorkspaceAddress,
  knownFromArm: boolean,
  workspace: () => Workspace,
): Workspace["assertExists"] {
  let known: Promise<void> | undefined = knownFromArm ? Promise.resolve() : undefined;
  return (deadline) => {
    // All callers share the answer, each for as long as it may wait.
    const shared = (known ??= assertListed(workspace(), address, undefined).catch((error: unknown) => {
      known = undefined;
      throw error;
    }));
    const limited = { action: `check workspace "${address.workspaceName}"`, expected: "its services" };
    return deadline ? deadline.limit(limited, () => shared) : shared;
  };
}
