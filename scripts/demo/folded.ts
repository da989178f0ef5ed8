/** A long text in lines of at most `width`, broken where `between` matches; later lines are indented. */
export function folded(text: string, width: number, between: RegExp): readonly string[] {
  const glue = between.source === " " ? " " : "";
  const lines = text.split(between).reduce<string[]>((all, part) => {
    const last = all.at(-1);
    const longer = last === undefined ? part : `${last}${glue}${part}`;
    if (last === undefined || longer.length <= width) return [...all.slice(0, -1), longer];
    return [...all, `  ${part}`];
  }, []);
  return lines;
}
