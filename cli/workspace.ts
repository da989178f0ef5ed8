import { deadlineAfter } from "../provider/azure/clock";
import type { ClientSettings } from "../provider/azure/settings";
import type { Webservices } from "../provider/azure/webservices";
import { parseWorkspaceId, workspaceIdOf } from "../provider/core/address";
import { fieldOf, inputOf } from "../provider/schema/fields";
import { CannotRun } from "./cannot-run";
import type { Given } from "./command-line";
import type { CliContext } from "./program";

/** A workspace that answers. */
export interface OpenWorkspace {
  readonly workspaceId: string;
  readonly services: Webservices;
}

const WORKSPACE_VARIABLE = "AZUREML_WORKSPACE_ID";

/** How long a command may read altogether. */
const READ_WITHIN_MS = 6 * 3_600_000;

/** The workspace's ARM id, from the option or the environment. @throws CannotRun NoWorkspace */
export const workspaceIdOption = (env: CliContext["env"], given: Given): string => {
  const text = given.text("workspace-id") ?? env[WORKSPACE_VARIABLE];
  const workspace = text === undefined ? undefined : parseWorkspaceId(text);
  if (workspace) return workspaceIdOf(workspace);
  const rule = fieldOf(inputOf("workspaceId"))!.rule!;
  const found = text === undefined ? "nothing" : JSON.stringify(text);
  throw new CannotRun(
    "NoWorkspace",
    `expected ${rule.says} in --workspace-id or ${WORKSPACE_VARIABLE}, found ${found}. ` +
      "Studio's address bar and `az ml workspace show --query id` show it.",
  );
};

export const settingsOf = (context: CliContext): ClientSettings => ({ config: {}, env: context.env });

/** Connects as the provider does; all its calls end when the user interrupts. @throws ServiceError */
export const openWorkspace = async (context: CliContext, given: Given): Promise<OpenWorkspace> => {
  const workspaceId = workspaceIdOption(context.env, given);
  const deadline = deadlineAfter(context.clock, READ_WITHIN_MS, context.interrupt);
  const services = await deadline.limit({ action: "connect to the workspace", expected: "an answer" }, () =>
    context.connect(parseWorkspaceId(workspaceId)!, settingsOf(context)),
  );
  return { workspaceId, services: services.within(deadline) };
};
