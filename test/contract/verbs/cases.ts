import recorded from "../cases.json";

/** A request as it was recorded, or as the emulated workspace got it. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A call of the Python client on one service or on the list of them, with the requests that it made. */
export interface Case {
  readonly name: string;
  readonly call: { readonly op: Verb; readonly name?: string; readonly args?: unknown };
  /** What the service was made with before the call; null where there was none. */
  readonly given: Readonly<Record<string, unknown>> | null;
  readonly requests: readonly Request[];
  readonly raises: unknown;
}

const verbs = [
  "add_tags",
  "remove_tags",
  "add_properties",
  "regen_key",
  "get_access_token",
  "run",
  "get_logs",
  "delete",
  "get",
  "list",
] as const;

export type Verb = (typeof verbs)[number];

const isEndpoint = ({ given }: Case): boolean => given?.["__endpoint"] === true;

/** Every recorded call of these verbs on a service; endpoints with versions are another resource. */
export const cases = (recorded as unknown as readonly Case[]).filter(
  (one) => verbs.includes(one.call.op) && !isEndpoint(one),
);
