import { execFile } from "node:child_process";
import { deadlineAfter } from "../provider/azure/clock";
import { configKeys, type ClientSettings } from "../provider/azure/settings";
import type { Webservices } from "../provider/azure/webservices";
import { parseWorkspaceId, resolveAddress, workspaceIdOf } from "../provider/core/address";
import { isObject } from "../provider/core/values";
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

/** What names the workspace: the option, the configuration, then the environment. Undefined for none of them. */
export const namedWorkspace = (settings: ClientSettings, given: Given): string | undefined =>
  given.text("workspace-id") ??
  resolveAddress({}, {}, settings).workspaceId ??
  settings.env[WORKSPACE_VARIABLE] ??
  undefined;

/** The workspace's ARM id. @throws CannotRun NoWorkspace */
export const workspaceIdOption = (settings: ClientSettings, given: Given): string => {
  const text = namedWorkspace(settings, given);
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

/** Refuses a snapshot's folder for a workspace that it is not of. @throws CannotRun OtherWorkspace */
export const assertSameWorkspace = (
  folder: string,
  snapshot: { readonly workspaceId: string },
  workspaceId: string,
): void => {
  if (snapshot.workspaceId.toLowerCase() === workspaceId.toLowerCase()) return;
  throw new CannotRun(
    "OtherWorkspace",
    `expected ${folder} to hold a snapshot of ${workspaceId}, found one of ${snapshot.workspaceId}. Name another folder.`,
  );
};

/** The environment, and the configuration of the stack that --config-of names. @throws CannotRun NoConfig */
export const settingsOf = async (context: CliContext, given: Given): Promise<ClientSettings> => {
  const stack = given.text("config-of");
  if (stack === undefined) return { config: {}, env: context.env };
  const printed = await (context.stackConfig ?? stackConfig)(stack, context.cwd);
  return { config: configIn(printed, stack), env: context.env };
};

/** The stack's configuration as the CLI prints it; the reason why not is an error's message. */
const stackConfig: NonNullable<CliContext["stackConfig"]> = (stack, cwd) =>
  new Promise((resolve, reject) => {
    const args = ["config", "--json", "--show-secrets", "--non-interactive", "--stack", stack];
    execFile("pulumi", args, { cwd, shell: false }, (error, stdout, stderr) =>
      error ? reject(noConfig(stack, stderr.trim().split("\n")[0] || error.message)) : resolve(stdout),
    );
  });

const noConfig = (stack: string, found: string): CannotRun =>
  new CannotRun(
    "NoConfig",
    `expected the Pulumi CLI to print the configuration of the stack ${JSON.stringify(stack)}, found: ${found}. ` +
      "Run this in the folder of the Pulumi project, signed in as for pulumi preview.",
  );

/** Keys of the two services that compare calls; the provider does not read them. */
export const comparedKeys = { old: "azureml:oldKey", new: "azureml:newKey" } as const;

const readKeys: readonly string[] = [...configKeys, ...Object.values(comparedKeys)];

/** The keys that the provider and compare read, with their values. */
const configIn = (printed: string, stack: string): ClientSettings["config"] => {
  let config: unknown;
  try {
    config = JSON.parse(printed);
  } catch {
    throw noConfig(stack, "no JSON");
  }
  const entries = isObject(config) ? Object.entries(config) : [];
  return Object.fromEntries(
    entries.flatMap(([key, entry]) => {
      const value = isObject(entry) ? entry["value"] : undefined;
      return readKeys.includes(key) && typeof value === "string" ? [[key, value]] : [];
    }),
  );
};

/** Connects as the provider does; all its calls end when the user interrupts. @throws ServiceError */
export const openWorkspace = async (context: CliContext, given: Given): Promise<OpenWorkspace> => {
  const settings = await settingsOf(context, given);
  const workspaceId = workspaceIdOption(settings, given);
  const deadline = deadlineAfter(context.clock, READ_WITHIN_MS, context.interrupt);
  const services = await deadline.limit({ action: "connect to the workspace", expected: "an answer" }, () =>
    context.connect(parseWorkspaceId(workspaceId)!, settings),
  );
  return { workspaceId, services: services.within(deadline) };
};
