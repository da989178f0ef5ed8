import type { Readable } from "node:stream";

/** Calls `line` for every line that is not blank, as it arrives. Resolves when the stream has ended. */
export function eachLine(stream: Readable, line: (text: string) => void): Promise<void> {
  let rest = "";
  const flush = (text: string): void => {
    if (text.trim() !== "") line(text);
  };
  return new Promise((resolve) => {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(flush);
    });
    stream.on("close", () => {
      flush(rest);
      resolve();
    });
  });
}
