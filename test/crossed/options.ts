import { parseArgs } from "node:util";
import { engineOption } from "../harness/engines/choose";

export const usage = `Usage: npm run crossed [-- options]

Lets the real Python client (azureml-core) and a Pulumi program work on the same services of an emulated workspace, in
turns, and checks what each sees of what the other did. Needs the Python that \`npm run conformance\` needs.

  --engine pulumi|rehearsal   what runs the program      (default the Pulumi CLI when it is on PATH, else the rehearsal)
  --only TEXT                 only the parts whose name has this text
  --help                      this text
`;

export interface CrossedOptions {
  readonly engine?: string;
  readonly only: string;
}

const given = {
  engine: { type: "string" },
  only: { type: "string", default: "" },
  help: { type: "boolean", default: false },
} as const;

/** Reads the program's arguments; "help" when they ask for it. Throws with what was expected. */
export function parseOptions(args: readonly string[]): CrossedOptions | "help" {
  const { values } = parseArgs({ args: [...args], options: given, strict: true, allowPositionals: false });
  if (values.help) return "help";
  const { engine, only } = values;
  return { only, ...engineOption(engine) };
}
