/** What the reports of several commands are made of. */

/** `1 service`, `2 services` */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** `   36   90 %` */
export const share = (count: number, total: number): string =>
  `${String(count).padStart(5)}  ${String(total === 0 ? 0 : Math.round((100 * count) / total)).padStart(3)} %`;

/** A text that others wrote, which may have several lines. */
export const oneLine = (text: string): string => text.replace(/[\s\u2028\u2029]+/g, " ");

/** A service's name, which a document may leave out. */
export const shownName = (name: string): string => name || "(no name)";

/** A table in Markdown; its cells are Markdown already. @param numbers names of the columns that hold numbers */
export const markdownTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly string[] = [],
): readonly string[] => [
  row(head),
  row(head.map((name) => (numbers.includes(name) ? "---:" : "---"))),
  ...rows.map(row),
];

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** A text as Markdown shows it unchanged, on one line, also within a table. */
export const markdownText = (text: string): string =>
  oneLine(text).replace(/[&<>|`*_[\]\\#~@!]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The same as code, in which no Markdown and no mention acts. */
export const markdownCode = (text: string): string => {
  const cell = oneLine(text).replaceAll("|", "\\|");
  if (cell === "") return "";
  const fence = "`".repeat(1 + Math.max(0, ...[...cell.matchAll(/`+/g)].map(([ticks]) => ticks.length)));
  return fence === "`" ? `\`${cell}\`` : `${fence} ${cell} ${fence}`;
};
