import { fieldOf, inputOf } from "../schema/fields";
import type { Role } from "../schema/field";
import { refusal, type IsSecret, type Refusal } from "./check-failure";
import { hasUnknown, UNKNOWN, isSet, type Settings } from "./values";

/** Where a check finds what the program leaves out. */
export interface CheckContext {
  /** The stack's configuration by full key, such as "azureml:workspaceId". */
  readonly config: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Workspace {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly workspaceName: string;
}

const ID =
  /^\/subscriptions\/([^/?#\s]+)\/resourceGroups\/([^/?#\s]+)\/(?:providers\/Microsoft\.MachineLearningServices\/)?workspaces\/([^/?#\s]+)$/i;

/** The workspace that an ARM id names, or an address of the studio, as people copy them. */
export const parseWorkspaceId = (id: string): Workspace | undefined => {
  const text = id.trim();
  const fromStudio = /^https:\/\//i.test(text);
  const named = withoutEndingSlashes(fromStudio ? wsidOf(text) : text);
  // Only the studio leaves the provider out.
  if (!fromStudio && !/\/providers\//i.test(named)) return undefined;
  const [, subscriptionId, resourceGroupName, workspaceName] = ID.exec(named) ?? [];
  return subscriptionId && resourceGroupName && workspaceName
    ? { subscriptionId, resourceGroupName, workspaceName }
    : undefined;
};

/** `https://ml.azure.com/…?wsid=/subscriptions/…` */
const wsidOf = (address: string): string =>
  URL.canParse(address) ? (new URL(address).searchParams.get("wsid") ?? "") : "";

const withoutEndingSlashes = (text: string): string => {
  let end = text.length;
  while (text[end - 1] === "/") end -= 1;
  return text.slice(0, end);
};

/** The same settings, with the workspace's id in its one form however the program wrote it. */
export const withPlainWorkspaceId = (settings: Settings): Settings => {
  const input = inputOf("workspaceId");
  const id = settings[input];
  const workspace = typeof id === "string" ? parseWorkspaceId(id) : undefined;
  return workspace ? { ...settings, [input]: workspaceIdOf(workspace) } : settings;
};

/** The ARM id in the letter case that the service uses. */
export const workspaceIdOf = (w: Workspace): string =>
  `/subscriptions/${w.subscriptionId}/resourceGroups/${w.resourceGroupName}` +
  `/providers/Microsoft.MachineLearningServices/workspaces/${w.workspaceName}`;

const parts = ["subscription", "resourceGroup", "workspace"] as const satisfies readonly Role[];
export const addressInputs: readonly string[] = [...parts, "workspaceId" as const].map(inputOf);

interface Resolved {
  readonly workspaceId?: string;
  readonly refusals: readonly Refusal[];
}

const refused = (
  code: Refusal["code"],
  path: string,
  expected: string,
  value: unknown,
  next: string,
  secret = false,
) => ({ refusals: [refusal(code, path, expected, value, next, secret)] });

/** One ARM id from whichever way the program or the stack's configuration names the workspace. */
export const resolveAddress = (
  inputs: Settings,
  old: Settings,
  context: CheckContext,
  isSecret: IsSecret = () => false,
): Resolved => {
  const given = addressInputs.filter((input) => isSet(inputs[input]));
  const resolved = given.length > 0 ? fromInputs(inputs, context, isSecret) : fromConfig(context);
  const before = old[inputOf("workspaceId")];
  const unchanged =
    typeof before === "string" && before.toLowerCase() === resolved.workspaceId?.toLowerCase();
  return unchanged ? { ...resolved, workspaceId: before } : resolved;
};

const fromInputs = (inputs: Settings, context: CheckContext, isSecret: IsSecret): Resolved => {
  const id = inputs[inputOf("workspaceId")];
  const group = inputs[inputOf("resourceGroup")];
  const name = inputs[inputOf("workspace")];
  if (addressInputs.some((input) => hasUnknown(inputs[input]))) return { workspaceId: UNKNOWN, refusals: [] };
  if (isSet(id)) return fromId(String(id), inputs, isSecret);
  const subscription = inputs[inputOf("subscription")] ?? defaultSubscription(context);
  return fromParts(
    subscription,
    group ?? configured(context, "resourceGroup"),
    name ?? configured(context, "workspace"),
    isSecret,
  );
};

const fromId = (id: string, inputs: Settings, isSecret: IsSecret): Resolved => {
  const workspace = parseWorkspaceId(id);
  if (!workspace) return { refusals: [] }; // The row's own rule says what is wrong with it.
  const byPart = [workspace.subscriptionId, workspace.resourceGroupName, workspace.workspaceName];
  const refusals = parts.flatMap((part, index) => {
    const [path, value] = [inputOf(part), inputs[inputOf(part)]];
    if (!isSet(value) || String(value).toLowerCase() === byPart[index]!.toLowerCase()) return [];
    const expected = `the one in ${inputOf("workspaceId")}`;
    return refused("Exclusive", path, expected, value, "Leave it out.", isSecret(path)).refusals;
  });
  return { workspaceId: workspaceIdOf(workspace), refusals };
};

const NAME = /^[^/?#\s]+$/;

const fromParts = (
  subscription: unknown,
  group: unknown,
  name: unknown,
  isSecret: IsSecret = () => false,
): Resolved => {
  const values = [subscription, group, name];
  const missing = parts.filter((_, index) => !isSet(values[index]));
  if (missing.length > 0)
    return {
      refusals: missing.map((part) => ({
        code: "Missing",
        path: inputOf(part),
        expected: "given, for the workspace's address to be complete",
        found: "nothing",
        next: `Set it, or run \`pulumi config set azureml:${inputOf(part)} …\`, or give ${inputOf("workspaceId")} instead.`,
      })),
    };
  if (values.some((value) => typeof value !== "string" || !NAME.test(value)))
    return badPart(values, isSecret);
  const [subscriptionId, resourceGroupName, workspaceName] = values as [string, string, string];
  return { workspaceId: workspaceIdOf({ subscriptionId, resourceGroupName, workspaceName }), refusals: [] };
};

const badPart = (values: readonly unknown[], isSecret: IsSecret): Resolved => ({
  refusals: parts.flatMap((part, index) => {
    const [path, value] = [inputOf(part), values[index]];
    if (typeof value !== "string" || NAME.test(value)) return []; // The row's type says it of what is no text.
    const expected = "a name, not an id or path";
    return refused("BadFormat", path, expected, value, "Give the name alone.", isSecret(path)).refusals;
  }),
});

const configured = (context: CheckContext, part: Role): string | undefined =>
  context.config[`azureml:${inputOf(part)}`];

const defaultSubscription = (context: CheckContext): string | undefined =>
  configured(context, "subscription") ??
  context.config["azure-native:subscriptionId"] ??
  context.env["ARM_SUBSCRIPTION_ID"];

const fromConfig = (context: CheckContext): Resolved => {
  const input = inputOf("workspaceId");
  const id = configured(context, "workspaceId");
  if (id === undefined && !configured(context, "workspace")) return noWorkspace();
  if (id === undefined)
    return fromParts(
      defaultSubscription(context),
      configured(context, "resourceGroup"),
      configured(context, "workspace"),
    );
  const workspace = parseWorkspaceId(id);
  const rule = fieldOf(input)!.rule!;
  return workspace
    ? { workspaceId: workspaceIdOf(workspace), refusals: [] }
    : refused("BadFormat", `azureml:${input}`, rule.says, id, rule.next!);
};

const noWorkspace = (): Resolved =>
  refused(
    "Missing",
    inputOf("workspaceId"),
    "given",
    undefined,
    `Set ${inputOf("workspaceId")}, or ${inputOf("resourceGroup")} and ${inputOf("workspace")}, or run ` +
      `\`pulumi config set azureml:${inputOf("workspaceId")} <ARM id>\`.`,
  );
