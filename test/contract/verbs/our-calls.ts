import type { serviceFunctions } from "../../../provider/functions/functions";
import type { Case, Verb } from "./cases";

type Functions = ReturnType<typeof serviceFunctions>;
type Named = Readonly<Record<string, never>>;

/** What a call is made with: our functions, and the delete of the resource. */
export interface Ours {
  readonly functions: Functions;
  readonly where: { readonly workspaceId: string };
  readonly remove: () => Promise<void>;
}

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The client takes `[key, [key, value]]` where the function takes an object. */
const labels = (given: readonly (string | readonly [string, string])[]): Record<string, string | undefined> =>
  Object.fromEntries(given.map((one) => (typeof one === "string" ? [one, undefined] : [one[0], one[1]])));

const filters = (args: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      camel(name),
      Array.isArray(value) ? labels(value as string[]) : value,
    ]),
  );

/** The same call with the package's own names. */
export const callOf: Readonly<
  Record<Verb, (ours: Ours, service: string, call: Case["call"]) => Promise<unknown>>
> = {
  add_tags: ({ functions, where }, service, { args }) => functions.addTags(service, args as Named, where),
  remove_tags: ({ functions, where }, service, { args }) =>
    functions.removeTags(service, args as string | string[], where),
  add_properties: ({ functions, where }, service, { args }) =>
    functions.addProperties(service, args as Named, where),
  regen_key: ({ functions, where }, service, { args }) => {
    const { key, set_key: value } = args as { key: string; set_key?: string };
    return functions.regenerateKey(service, key, value, where);
  },
  get_access_token: ({ functions, where }, service) => functions.getAccessToken(service, where),
  run: ({ functions, where }, service, { args }) => functions.runService(service, args, {}, where),
  get_logs: ({ functions, where }, service, { args }) => {
    const { num_lines: numLines, init } = (args ?? {}) as { num_lines?: number; init?: boolean };
    return functions.getLogs(service, { numLines, init }, where);
  },
  delete: ({ remove }) => remove(),
  get: ({ functions, where }, service) => functions.getService(service, where),
  list: ({ functions, where }, _, { args }) => functions.listServices(filters((args ?? {}) as Named), where),
};
