import type { Deadline } from "./deadline";
import { workspaceNotFound } from "./discovery";
import { listUrl } from "./list-services";
import { readDocument } from "./read-document";
import type { WorkspaceAddress } from "./settings";
import type { Workspace } from "./workspace";

/** A list that is answered shows that the workspace exists where ARM was not asked. */
async function assertListed(
  workspace: Workspace,
  address: WorkspaceAddress,
  deadline: Deadline | undefined,
): Promise<void> {
  const context = { workspace, deadline };
  const attempted = { action: `check workspace "${address.workspaceName}"` };
  const url = listUrl(context, { computeType: "AKS" });
  const found = await readDocument(context, "listServices", attempted, url);
  if ("absent" in found) throw workspaceNotFound(address, 404);
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
