/**
 * How long a `Retry-After` header asks to wait, in milliseconds.
 *
 * @param header seconds, or an HTTP date; other text counts as absent
 * @param now milliseconds since 1970, for dates
 * @returns 0 for a date that has passed; undefined when the header is absent or unreadable
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const value = header?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  // Date.parse takes bare numbers and signs for years, which no server means.
  if (!/^[A-Za-z]{3,9},? /.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
