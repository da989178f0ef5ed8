/** What one check found. The ids are stable. */
export interface Finding {
  readonly id: string;
  readonly status: "ok" | "problem" | "unknown";
  readonly found: string;
  /** The next step; none where all is well. */
  readonly next?: string;
  /** Names of the user's in `found`, which a report to share leaves out. */
  readonly names?: readonly string[];
}

export const ok = (id: string, found: string): Finding => ({ id, status: "ok", found });

export const problem = (id: string, found: string, next: string): Finding => ({
  id,
  status: "problem",
  found,
  next,
});

export const unknown = (id: string, found: string, next: string): Finding => ({
  id,
  status: "unknown",
  found,
  next,
});
