import type { RecordedState, RecordedStep } from "./scenario";

/**
 * Puts every wave of deletions in alphabetical order: inside one the engine takes any, even with one operation at a time.
 * A wave is told by how long a chain of other deletions its members depend on.
 */
export function settleDeletes(steps: readonly RecordedStep[]): void {
  let before: RecordedState["resources"] = [];
  for (const step of steps) {
    const resources = before;
    step.calls = regroup(step.calls, {
      group: (call) => (call["method"] === "delete" ? call["process"] : false),
      urn: (call) => ownerOf(resources, call),
      tie: (call) => String(call["id"]),
      resources,
    });
    step.steps = regroup(step.steps, {
      group: (event) => /^(delete|discard)/.test(String(event["op"])),
      urn: (event) => String(event["urn"]),
      tie: (event) => String(event["op"]),
      resources,
    });
    if (step.state !== "unchanged") before = step.state.resources;
  }
}

type Entry = Record<string, unknown>;

interface Settling {
  /** Entries next to each other with the same group, other than false, are one run of deletions. */
  readonly group: (entry: Entry) => unknown;
  readonly urn: (entry: Entry) => string;
  readonly tie: (entry: Entry) => string;
  readonly resources: RecordedState["resources"];
}

function regroup(entries: readonly Entry[], settling: Settling): readonly Entry[] {
  const out: Entry[] = [];
  for (let start = 0; start < entries.length;) {
    const group = settling.group(entries[start] as Entry);
    let end = start + 1;
    while (group !== false && end < entries.length && settling.group(entries[end] as Entry) === group) end++;
    const run = entries.slice(start, end);
    out.push(...(group === false ? run : settle(run, settling)));
    start = end;
  }
  return out;
}

function settle(run: readonly Entry[], { urn, tie, resources }: Settling): readonly Entry[] {
  const depth = depths(new Set(run.map(urn)), resources);
  const ranked = run.map((entry, i) => ({
    entry,
    i,
    wave: depth(urn(entry)),
    key: `${urn(entry)} ${tie(entry)}`,
  }));
  const falling = ranked.every(({ wave }, i) => i === 0 || wave <= (ranked[i - 1]?.wave ?? wave));
  if (!falling) return run; // no waves after all: left as they were seen
  return ranked
    .sort((a, b) => b.wave - a.wave || (a.key < b.key ? -1 : a.key > b.key ? 1 : a.i - b.i))
    .map(({ entry }) => entry);
}

/** How long a chain of condemned resources each of them depends on. */
function depths(
  condemned: ReadonlySet<string>,
  resources: RecordedState["resources"],
): (urn: string) => number {
  const known = new Map<string, number>();
  const depth = (urn: string): number => {
    const found = known.get(urn);
    if (found !== undefined) return found;
    known.set(urn, 0);
    const own = resources.filter((resource) => resource["urn"] === urn);
    const needed = own.flatMap((r) => [
      ...((r["dependencies"] ?? []) as string[]),
      r["parent"],
      r["deletedWith"],
    ]);
    const chains = needed
      .filter((other) => other !== urn && condemned.has(String(other)))
      .map((o) => 1 + depth(String(o)));
    known.set(urn, Math.max(0, ...chains));
    return known.get(urn) as number;
  };
  return depth;
}

/** The URN of the resource that a delete call is about. */
function ownerOf(resources: RecordedState["resources"], call: Entry): string {
  const sameId = resources.filter((resource) => resource["id"] === call["id"]);
  const tag = (call["props"] as Entry | undefined)?.["tag"];
  const exact = sameId.find((resource) => (resource["outputs"] as Entry | undefined)?.["tag"] === tag);
  return String((exact ?? sameId[0])?.["urn"] ?? "");
}
