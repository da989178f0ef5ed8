/** One step of a property path: a map's key (`*` for all), or a list's index. */
export type PathKey = string | number;

const STEPS: ReadonlyArray<readonly [RegExp, (text: string) => PathKey]> = [
  [/^\[(-?\d+)\]/, Number],
  [/^\["((?:\\"|[^"])*)"\]/, (text) => text.replace(/\\"/g, '"')],
  [/^\[\*\]/, () => "*"],
  [/^[^.[]+/, (text) => text],
];

/**
 * Parses a property path such as `a.b[0]["c.d"][*]`.
 * Gives undefined for text that is no path, which the engine ignores without a word.
 */
export function parsePath(text: string): readonly PathKey[] | undefined {
  if (text.startsWith(".") || text.endsWith(".")) return undefined;
  const path: PathKey[] = [];
  let rest = text;
  while (rest !== "") {
    const step = nextKey(rest.replace(/^\.+/, ""));
    if (step === undefined) return undefined;
    path.push(step.key);
    rest = step.rest;
  }
  return path;
}

function nextKey(text: string): { key: PathKey; rest: string } | undefined {
  for (const [pattern, read] of STEPS) {
    const found = pattern.exec(text);
    if (found) return { key: read(found[1] ?? found[0]), rest: text.slice(found[0].length) };
  }
  return undefined;
}

/** The text of a path, as the engine's detailed diffs write it. */
export function formatPath(path: readonly PathKey[]): string {
  return path
    .map((key, i) => {
      if (typeof key === "number") return `[${key}]`;
      if (!/^\w*$/.test(key)) return `["${key.replace(/"/g, '\\"')}"]`;
      return i === 0 ? key : `.${key}`;
    })
    .join("");
}

/** Does `outer` name `inner` or something that holds it? `*` fits any key. */
export function pathContains(outer: readonly PathKey[], inner: readonly PathKey[]): boolean {
  return outer.length <= inner.length && outer.every((key, i) => key === "*" || key === inner[i]);
}
