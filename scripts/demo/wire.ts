import { folded } from "./folded";

/** A request that reached the workspace, from the emulator's log. */
export interface Call {
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly status: number | null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `/modelmanagement/v1.0/subscriptions/…/workspaces/ws/services/fraud` → `services/fraud`. */
export const shortPath = (path: string): string =>
  path.replace(/^.*\/workspaces\/[^/]+\//, "").replace(/^\//, "");

const isPoll = ({ method, path }: Call): boolean => method === "GET" && /\/operations\/[^/]+$/.test(path);

/** Whether a request changes something: the rest are looks. */
export const isChange = ({ method, path }: Call): boolean => method !== "GET" && !/\/listkeys$/.test(path);

/** An upload's container is named by the content's digest and, after it, by chance. */
const withoutChance = (path: string): string =>
  path.replace(/(LocalUpload\/[0-9a-f]{16})-[0-9a-f]{8}/, "$1-…");

/** `PATCH services/fraud`; how often an operation is polled depends on the clock, so its polls are one. */
export const nameOf = (call: Call): string =>
  isPoll(call) ? "GET operations/…" : `${call.method} ${withoutChance(shortPath(call.path))}`;

/** Calls in order, each with how often it came in a row. */
export const inRows = (calls: readonly Call[]): readonly { readonly call: Call; readonly times: number }[] =>
  calls.reduce<{ call: Call; times: number }[]>((rows, call) => {
    const last = rows.at(-1);
    if (last && isPoll(call) && isPoll(last.call))
      return [...rows.slice(0, -1), { call, times: last.times + 1 }];
    return [...rows, { call, times: 1 }];
  }, []);

/** What a terminal shows of a body: a patch by its operations, a document without nulls and without keys. */
export function bodyLines(body: unknown, width = 96): readonly string[] {
  if (Array.isArray(body))
    return body.flatMap((operation) => folded(operationText(operation), width, /(?<=,)/));
  if (!isObject(body)) return [];
  return folded(JSON.stringify(withoutNulls({ ...body, keys: null })), width, /(?<=,)/);
}

const operationText = (operation: unknown): string => {
  if (!isObject(operation)) return JSON.stringify(operation);
  return `${String(operation["op"])} ${String(operation["path"])} ${JSON.stringify(operation["value"]) ?? ""}`;
};

function withoutNulls(value: unknown): unknown {
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([key, member]) => [key, withoutNulls(member)] as const);
  return Object.fromEntries(members.filter(([, member]) => !isEmpty(member)));
}

const isEmpty = (value: unknown): boolean =>
  value === null || (isObject(value) && Object.keys(value).length === 0);
