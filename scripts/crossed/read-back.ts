import { fields } from "../../provider/model/fields";
import type { Services, Settings } from "./crossing";
import type { PythonClient } from "./python-client";
import { parameterOf } from "./settings";

/** Settings that the Python client cannot show of a service, and why. */
export const notShown: Readonly<Record<string, string>> = {
  blobfuseEnabled: "the service never tells it",
  adopt: "it is never sent",
  replaceOnPropertyChange: "it is never sent",
  timeouts: "it is never sent",
  workspaceId: "the client is opened with it",
  subscriptionId: "the client is opened with it",
  resourceGroupName: "the client is opened with it",
  workspaceName: "the client is opened with it",
};

/** Rows of the table that none of the services has, and that could be read. */
export const unsaid = (services: Services): readonly string[] => {
  const said = new Set(Object.values(services).flatMap((settings) => Object.keys(settings)));
  return fields.map(({ input }) => input).filter((input) => !said.has(input) && !(input in notShown));
};

const stamp = "pulumi-created-by";

/** The settings of a service as the Python client reads them. The stamp of who made it is no setting. */
export async function readBack(
  python: PythonClient,
  name: string,
  settings: Settings,
): Promise<Readonly<Record<string, unknown>>> {
  const wanted = shownOf(settings);
  const parameters = Object.keys(wanted).map(parameterOf);
  const found = (await python.call("read", { name, parameters })) as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(wanted).map((setting) => [setting, withoutStamp(found[parameterOf(setting)])]),
  );
}

const withoutStamp = (value: unknown): unknown =>
  typeof value === "object" && value !== null && stamp in value
    ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== stamp))
    : value;

/** The settings that the client can show. */
export const shownOf = (settings: Settings): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(settings).filter(([setting]) => !(setting in notShown)));
