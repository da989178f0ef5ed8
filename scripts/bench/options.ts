import { parseArgs } from "node:util";
import { engineOption } from "../../test/harness/engines/choose";

export const usage = `Usage: npm run bench [-- options]

The same services in four ways side by side: this package (ours), a provider that only answers with the same outputs (same) or
with ten (ten), and the usual pulumi.dynamic.Resource (usual). What misses its budget ends with exit status 1.

  --quick                     10 and 50 services, within five minutes
  --counted                   requests and bytes of state alone, which are the same at every run
  --upload                    the upload of a large source alone
  --engine pulumi|rehearsal   what runs the programs   (default the Pulumi CLI when it is on PATH, else the rehearsal)
  --json FILE                 write all figures
  --help                      this text
`;

export interface BenchOptions {
  readonly engine?: string;
  readonly part: "all" | "quick" | "counted" | "upload";
  readonly json?: string;
}

const given = {
  quick: { type: "boolean" },
  counted: { type: "boolean" },
  upload: { type: "boolean" },
  engine: { type: "string" },
  json: { type: "string" },
  help: { type: "boolean" },
} as const;

/** Reads the program's arguments; "help" when they ask for it. Throws with what was expected. */
export function parseOptions(args: readonly string[]): BenchOptions | "help" {
  const { values } = parseArgs({ args: [...args], options: given, strict: true, allowPositionals: false });
  if (values.help === true) return "help";
  const parts = (["quick", "counted", "upload"] as const).filter((part) => values[part] === true);
  if (parts.length > 1) throw new Error(`--${parts[0]}: expected alone, found beside --${parts[1]}`);
  const json = values.json === undefined ? {} : { json: values.json };
  return { ...engineOption(values.engine), part: parts[0] ?? "all", ...json };
}
