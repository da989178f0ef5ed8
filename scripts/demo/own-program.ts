import { join } from "node:path";
import { repository } from "./project-folder";
import type { Session } from "./session";
import type { Tour } from "./step";
import type { Log } from "./log";

/** The settings of the quickstart when the demo's own program takes over. */
const quickstart: Readonly<Record<string, unknown>> = {
  cpuCores: 0.7,
  memoryGb: 1,
  autoscaleMaxReplicas: 5,
  tags: { release: "2026.12" },
  properties: { team: "risk", cost: "12" },
};

/** A program with the same resource, whose settings all come from the stack's configuration. */
export function ownProgramOf(session: Session, log: Log): Pick<Tour, "useOwnProgram" | "change"> {
  let settings = quickstart;
  return {
    useOwnProgram: () => session.folder.take(join(repository(), "scripts", "demo", "program")),
    async change(change) {
      log.goOn();
      for (const [name, value] of Object.entries(change))
        for (const line of changeLines(name, settings[name], value)) log.report.say(line);
      settings = { ...settings, ...change };
      await session.stack.setConfig({ settings: JSON.stringify(settings) });
    },
  };
}

/** A line of the program before and after, as a patch shows it. */
const changeLines = (name: string, before: unknown, after: unknown): readonly string[] => [
  ...(before === undefined ? [] : [`- ${name}: ${JSON.stringify(before)},`]),
  ...(after === undefined ? [] : [`+ ${name}: ${JSON.stringify(after)},`]),
];
