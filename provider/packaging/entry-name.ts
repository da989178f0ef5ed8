import { SourceError } from "./source-error";

const refuse = (name: string, why: string): SourceError =>
  new SourceError(
    "BadEntryName",
    "a path below the source's own folder, such as lib/score.py",
    `${JSON.stringify(name)}, which ${why}`,
    "Rename it, or move the file into the source.",
  );

function reasonAgainst(name: string): string | undefined {
  if (name === "") return "is empty";
  if (/^([/\\]|[A-Za-z]:[/\\])/.test(name)) return "is an absolute path";
  if (name.includes("\0")) return "holds a zero byte";
  const pieces = name.split("/");
  if (pieces.includes("..")) return "leads out of the source";
  if (pieces.some((piece) => piece === "" || piece === ".")) return "has an empty piece";
  return undefined;
}

/**
 * The name of a file within a source: relative, with slashes, without `.` pieces at its beginning.
 *
 * @throws SourceError BadEntryName for an absolute one, or one that leads out of the source
 */
export function entryName(given: string): string {
  const name = given.replaceAll("\\", "/").replace(/^(\.\/)+/, "");
  const why = reasonAgainst(name);
  if (why) throw refuse(given, why);
  return name;
}
