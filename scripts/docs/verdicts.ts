/** One preview for docs/concepts.md: what is deployed, and what the program says then. */
export interface Shown {
  readonly name: string;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

const base = { cpuCores: 0.5, memoryGb: 1, tags: { release: "2026.11" }, properties: { team: "risk" } };

/** A preview of each kind of verdict. */
export const shown: readonly Shown[] = [
  { name: "record", before: base, after: { ...base, memoryGb: undefined } },
  {
    name: "update",
    before: base,
    after: {
      ...base,
      cpuCores: 0.7,
      tags: { release: "2026.12" },
      properties: { team: "risk", tier: "gold" },
    },
  },
  { name: "replace", before: base, after: { ...base, computeTargetName: "aks-new" } },
  {
    name: "refused",
    before: base,
    after: { ...base, cpuCore: 1, memoryGb: "2", properties: { team: "fraud" } },
  },
];
