const LINES = 20;
/** The host sends a failure in the trailers of its answer, which hold 64 kB in all. */
const LINE_CHARACTERS = 240;

/** The end of a log under a title, as one paragraph; empty when there is no log. */
export const logExcerpt = (title: string, log: string): string => {
  const lines = log.split("\n").map(cleaned).filter(Boolean).slice(-LINES);
  if (lines.length === 0) return "";
  return [
    `${title}, last ${lines.length === 1 ? "line" : `${lines.length} lines`}:`,
    ...lines.map(indented),
  ].join("\n");
};

// Colour and cursor codes of a container's output would act on the user's terminal.
// eslint-disable-next-line no-control-regex
const CONTROL = /\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f]/g;

const cleaned = (line: string): string => line.replace(CONTROL, "").trimEnd();

const indented = (line: string): string =>
  `  ${line.length > LINE_CHARACTERS ? `${line.slice(0, LINE_CHARACTERS)}…` : line}`;
