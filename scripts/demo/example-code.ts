import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exampleFolder, type Session } from "./session";
import type { Tour } from "./step";
import type { Log } from "./log";

/** Neither what names the project and its stacks, nor what describes the example. */
const isCode = (part: string): boolean => part === "src" || (part.endsWith(".ts") && !part.endsWith(".d.ts"));

/** The program of another example and its scoring code, in the project that is there, and edits of that code. */
export const exampleCodeOf = (session: Session, log: Log): Pick<Tour, "useExampleCode" | "edit"> => ({
  useExampleCode(example) {
    const from = exampleFolder(example);
    for (const part of readdirSync(from).filter(isCode))
      cpSync(join(from, part), join(session.folder.project, part), { recursive: true });
  },
  edit(file, before, after) {
    log.goOn();
    const path = join(session.folder.project, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(before)) throw new Error(`expected ${JSON.stringify(before)} in ${file}, found none`);
    writeFileSync(path, text.replace(before, after));
    for (const line of [`--- ${file}`, `- ${before}`, `+ ${after}`]) log.report.say(line);
  },
});
