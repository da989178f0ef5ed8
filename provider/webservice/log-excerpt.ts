import type { SafeText } from "../azure/safe-text";

const LINES = 20;
/** Lines are for reading; a message as a whole is cut where it is sent. */
const LINE_CHARACTERS = 240;

/** The end of a log under a title, as one paragraph; empty when there is no log. */
export const logExcerpt = (title: string, log: string, safe: SafeText): string => {
  // Safe as a whole first: a secret that is cut, or broken into lines, is not recognised.
  const lines = safe(log)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .slice(-LINES);
  if (lines.length === 0) return "";
  return [
    `${title}, last ${lines.length === 1 ? "line" : `${lines.length} lines`}:`,
    ...lines.map(indented),
  ].join("\n");
};

const indented = (line: string): string =>
  `  ${line.length > LINE_CHARACTERS ? `${line.slice(0, LINE_CHARACTERS)}…` : line}`;
