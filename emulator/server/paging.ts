import type { Call } from "./call";

/** The length of a page that the query asks for. */
export function pageLength(call: Call): number {
  const count = Math.floor(Number(call.query.get("count")));
  return count >= 1 ? count : call.workspace.pageSize;
}

/** One page of a list, from `$skipToken` on. The last page has no nextLink. */
export function page<T>(call: Call, all: readonly T[], size: number): { value: T[]; nextLink?: string } {
  const start = Math.max(0, Math.floor(Number(call.query.get("$skipToken") ?? 0)) || 0);
  const value = all.slice(start, start + size);
  if (start + size >= all.length) return { value };
  const query = new URLSearchParams(call.query);
  query.set("$skipToken", String(start + size));
  return { value, nextLink: `${call.workspace.url}${encodeURI(call.path)}?${query.toString()}` };
}
