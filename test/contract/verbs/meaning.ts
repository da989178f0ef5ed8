import type { Case, Request } from "./cases";

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
};

/** The id and the permission of a log are made up anew for each operation. */
const isLog = (path: string): boolean => path.startsWith("/operationlogs/");

const inWorkspace = (path: string): string =>
  path.replace(/^\/modelmanagement\/v1\.0(\{workspace\}|\/.*\/workspaces\/[^/]+)/, "");

/** `METHOD path?query body`, in one order of members and below the workspace. */
const line = ({ method, path, query, body }: Request): string => {
  if (isLog(path)) return `${method} /operationlogs/…`;
  const asked = Object.entries(query)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join("&");
  return [
    method,
    `${inWorkspace(path)}${asked && `?${asked}`}`,
    ...(body === null ? [] : [JSON.stringify(sorted(body))]),
  ].join(" ");
};

/** Requests that belong to how each side works, whatever the verb. */
const frame: readonly { readonly why: string; readonly is: (request: Request, one: Case) => boolean }[] = [
  {
    why: "The client asks beforehand whether a change would be valid, and goes on whatever the status is (its quirk 19).",
    is: ({ path }) => path.endsWith("/services/validate"),
  },
  {
    why: "The client's objects are made by a read, and read again after a change; only a `get` is about reading.",
    is: ({ method, path }, { call }) =>
      call.op !== "get" && method === "GET" && /\/services\/[^/]+$/.test(path),
  },
  {
    why: "How often an operation is asked for depends on the clock, and that it is asked for on the answer.",
    is: ({ path }) => /\/operations\/[^/]+$/.test(path),
  },
  {
    why: "The client had found the workspace's address before the recording began.",
    is: ({ path }) => /\/discovery$/.test(path),
  },
];

/** What a side's requests say, beside the frame. */
export const meaningOf = (requests: readonly Request[], one: Case): readonly string[] =>
  requests.filter((request) => !frame.some(({ is }) => is(request, one))).map(line);

/** The lines of `a` that `b` has not, each as often as it is missing. */
export const without = (a: readonly string[], b: readonly string[]): readonly string[] => {
  const rest = [...b];
  return a.filter((one) => {
    const at = rest.indexOf(one);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
};
