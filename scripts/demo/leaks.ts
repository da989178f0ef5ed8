import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Text in which no secret may be, and where it comes from. */
export interface Place {
  readonly where: string;
  readonly text: string;
}

/** A secret, with a name that may be shown. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** Every file under a folder. Links are not followed. */
export const filesIn = (folder: string): readonly Place[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ where: relative(folder, file), text: readFileSync(file, "latin1") }));

/** `primary key in stacks/dev.json`, for each secret that can be read somewhere. */
export const leaks = (places: readonly Place[], secrets: readonly Secret[]): readonly string[] =>
  secrets.flatMap(({ name, value }) =>
    places.filter(({ text }) => text.includes(value)).map(({ where }) => `${name} in ${where}`),
  );

/**
 * The CLI's event log, which the demo asks for to compare engines, also takes the debug messages of Pulumi's own SDK, with
 * every value in the clear. They are neither printed nor stored in a run without that log.
 */
export const withoutDebugMessages = ({ where, text }: Place): Place => ({
  where,
  text: where.endsWith("events.jsonl")
    ? text
        .split("\n")
        .filter((line) => !isDebug(line))
        .join("\n")
    : text,
});

const isDebug = (line: string): boolean =>
  line.includes('"diagnosticEvent"') && line.includes('"severity":"debug"');
