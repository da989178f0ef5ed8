import { isDeepStrictEqual } from "node:util";
import { fields } from "../../provider/schema/fields";
import type { Services, Settings } from "./crossing";
import type { PythonClient } from "./python-client";
import { parameterOf } from "./settings";

/** The service tells nobody whether it mounts its models with blobfuse. */
const untold = "blobfuseEnabled";

/** What the Python client can show of a service: not what is only for the provider, nor the workspace, which it is opened with. */
const shown: ReadonlySet<string> = new Set(
  fields
    .filter(
      ({ input, wire, mutability }) =>
        wire !== undefined && mutability !== "providerOnly" && input !== untold,
    )
    .map(({ input }) => input),
);

/** Rows of the table that none of the services has a setting for, and that the client could show. */
export const unsaid = (services: Services): readonly string[] => {
  const said = new Set(Object.values(services).flatMap((settings) => Object.keys(settings)));
  return [...shown].filter((input) => !said.has(input));
};

const isStamp = (key: string): boolean => key === "pulumi-created-by" || key.startsWith("pulumi-claim-");

/** The settings of a service as the Python client reads them. Stamp and claims of who owns it are no settings. */
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
  typeof value === "object" && value !== null && Object.keys(value).some(isStamp)
    ? Object.fromEntries(Object.entries(value).filter(([key]) => !isStamp(key)))
    : value;

/** The settings that the client can show. */
export const shownOf = (settings: Settings): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(settings).filter(([setting]) => shown.has(setting)));

/** Where the client reads something else than the settings say: each with what it read and what they say. */
export const misread = async (python: PythonClient, name: string, settings: Settings) =>
  unequal(await readBack(python, name, settings), shownOf(settings));

type Values = Readonly<Record<string, unknown>>;

/** The members that are not equal in both, each with its name and both values; one that is missing is not one that is null. */
export const unequal = (a: Values, b: Values): readonly (readonly unknown[])[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((member) => member in a !== member in b || !isDeepStrictEqual(a[member], b[member]))
    .map((member) => [member, a[member], b[member]]);
