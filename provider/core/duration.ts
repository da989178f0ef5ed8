const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const PART = /(\d+(?:\.\d+)?)(ms|h|m|s)/gy;

/** Milliseconds of a duration as Pulumi writes it ("90s", "60m", "1h30m"); undefined when it is none, or nothing long. */
export const durationMs = (text: unknown): number | undefined => {
  if (typeof text !== "string" || text === "") return undefined;
  const parts = [...text.matchAll(PART)];
  if (parts.map((part) => part[0]).join("") !== text) return undefined;
  const total = parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
  return total > 0 && Number.isFinite(total) ? total : undefined;
};
