import { parseArgs } from "node:util";
import { engineOption } from "../../test/harness/engines/choose";

export const usage = `Usage: npm run demo [-- options]

Takes a Pulumi program with an AksWebservice through its whole life against an emulated workspace, and checks each step.

  --engine pulumi|rehearsal   what runs the program      (default the Pulumi CLI when it is on PATH, else the rehearsal)
  --steps FILE                write what happened as JSON, to compare engines
  --help                      this text
`;

export interface DemoOptions {
  readonly engine?: string;
  readonly steps?: string;
}

const given = {
  engine: { type: "string" },
  steps: { type: "string" },
  help: { type: "boolean" },
} as const;

/** Reads the program's arguments; "help" when they ask for it. Throws with what was expected. */
export function parseOptions(args: readonly string[]): DemoOptions | "help" {
  const { values } = parseArgs({ args: [...args], options: given, strict: true, allowPositionals: false });
  if (values.help === true) return "help";
  const { engine, steps } = values;
  return { ...engineOption(engine), ...(steps === undefined ? {} : { steps }) };
}
