import recorded from "../cases.json";
// Recorded afterwards in the same way: what one setting alone means beside what is live.
import alone from "../more-cases.json";

/** One call of the Python client, as it was recorded with the requests that it made. */
export interface Case {
  readonly name: string;
  readonly call: {
    readonly op: string;
    readonly name?: string;
    readonly models?: readonly string[];
    readonly image?: string;
    readonly inference?: string;
    readonly config?: Arguments;
    readonly args?: Arguments;
  };
  /** What the service was made with before the call. */
  readonly given: Arguments | null;
  readonly requests: readonly { readonly method: string; readonly path: string; readonly body: unknown }[];
  readonly raises: unknown;
}

export type Arguments = Readonly<Record<string, unknown>>;

const all = [...recorded, ...alone] as unknown as readonly Case[];
const judged = ["deploy", "deploy_from_image", "deploy_configuration", "update"];

const isApart = ({ call, given }: Case): boolean =>
  call.args?.["is_migration"] === true || given?.["__endpoint"] === true;

const about = all.filter(({ call }) => judged.includes(call.op));

/** The calls that make or change a web service on AKS. */
export const cases = about.filter((one) => !isApart(one));

/** Migrations and endpoints. */
export const apart = about.filter(isApart);

/** The change that the client sent, at its last try; undefined when it refused. */
export const sentBy = ({ requests }: Case): unknown =>
  requests.filter(({ method, path }) => isChange(method, path)).at(-1)?.body;

const isChange = (method: string, path: string): boolean =>
  /^(POST|PATCH)$/.test(method) && /\/services(\/[^/]+)?$/.test(path) && !path.endsWith("/services/validate");

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The same settings as a program gives them. */
export const settingsOf = (given: Arguments | null | undefined): Arguments =>
  Object.fromEntries(
    Object.entries(given ?? {})
      .filter(([name]) => !name.startsWith("__"))
      .map(([name, value]) => [camel(name), value]),
  );
