import { parseArgs } from "node:util";
import { engineOption } from "../../test/harness/engines/choose";

export const usage = `Usage: npm run bench [-- options]

The same services in four ways side by side: this package (ours), a provider that only answers with the same outputs (same) or
with ten (ten), and the usual pulumi.dynamic.Resource (usual). What misses its budget ends with exit status 1.

  --quick                     fewer services, within five minutes
  --services N,N              so many services              (default 10,100,300,1000; with --quick 10,50)
  --counted                   requests and bytes of state alone, which are the same at every run
  --upload                    the upload of a source of 1 GB alone
  --throttled                 40 services of a workspace that takes 5 requests a second, alone
  --engine pulumi|rehearsal   what runs the programs   (default the Pulumi CLI when it is on PATH, else the rehearsal)
  --json FILE                 write all figures
  --help                      this text
`;

export interface BenchOptions {
  readonly engine?: string;
  readonly part: "all" | "quick" | "counted" | "upload" | "throttled";
  /** How many services, the fewest first. */
  readonly services?: readonly number[];
  readonly json?: string;
}

const given = {
  quick: { type: "boolean" },
  counted: { type: "boolean" },
  upload: { type: "boolean" },
  throttled: { type: "boolean" },
  services: { type: "string" },
  engine: { type: "string" },
  json: { type: "string" },
  help: { type: "boolean" },
} as const;

/** Reads the program's arguments; "help" when they ask for it. Throws with what was expected. */
export function parseOptions(args: readonly string[]): BenchOptions | "help" {
  const { values } = parseArgs({ args: [...args], options: given, strict: true, allowPositionals: false });
  if (values.help === true) return "help";
  const parts = (["quick", "counted", "upload", "throttled"] as const).filter(
    (part) => values[part] === true,
  );
  if (parts.length > 1) throw new Error(`--${parts[0]}: expected alone, found beside --${parts[1]}`);
  return {
    ...engineOption(values.engine),
    part: parts[0] ?? "all",
    ...(values.services === undefined ? {} : { services: countsIn(values.services) }),
    ...(values.json === undefined ? {} : { json: values.json }),
  };
}

function countsIn(text: string): readonly number[] {
  const counts = text.split(",").map(Number);
  if (counts.every((count) => Number.isInteger(count) && count > 0)) return counts.sort((a, b) => a - b);
  throw new Error(`--services: expected whole numbers above 0 with commas between them, found "${text}"`);
}
