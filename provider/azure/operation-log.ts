const keptCharacters = 8000;

/** One entry of a streamed log is `yyyyMMddHHmmss|message`; entries end in `#`. */
function readEntry(entry: string): string {
  const [, stamp, message] = /^(\d{14})\|([\s\S]*)$/.exec(entry) ?? [];
  if (stamp === undefined || message === undefined) return entry.trim();
  return `${stamp.slice(8, 10)}:${stamp.slice(10, 12)}:${stamp.slice(12, 14)} ${message.trim()}`;
}

/** A streamed operation log as lines for people: time of day and message, oldest first, the last 8000 characters. */
export function readStreamedLog(streamed: string): string {
  const lines = streamed.split("#").map(readEntry).filter(Boolean).join("\n");
  return tail(lines);
}

/** The newest message of a streamed log, in one line; undefined when there is none yet. */
export function newestLine(streamed: string): string | undefined {
  const last = readStreamedLog(streamed).split("\n").at(-1);
  return last?.replace(/^\d\d:\d\d:\d\d /, "") || undefined;
}

/** The end of a log, cut at the beginning of a line. */
export function tail(log: string, characters = keptCharacters): string {
  if (log.length <= characters) return log;
  const end = log.slice(-characters);
  const line = end.indexOf("\n");
  return line >= 0 && line < end.length - 1 ? end.slice(line + 1) : end;
}
