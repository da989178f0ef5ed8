import { parseArgs } from "node:util";
import { breakages } from "./breakages";

export const usage = `Usage: npm run conformance -- [options]

Runs the real Python client (azureml-core) against the emulator. The first run makes a virtual environment in
the user's cache folder, which needs Python 3.9 to 3.11 and a PyPI index; later runs use it again.

  --extra FILE          also run this script: it takes --server URL, --skip TAGS and --json FILE
  --transcript FILE     also replay this transcript of \`pulumi-azureml doctor --exercise\` (may be given more than
                        once), and say where the emulator answers otherwise; needs no Python
  --record              make the transcript that every run replays anew, and do nothing else
  --only TEXT           only the scenarios whose name has this text
  --break NAME          put a broken emulator in front and expect that a scenario notices; "all" for each of
                        ${breakages.map((b) => b.name).join(", ")}
  --workspace-id ID     the workspace's ARM id           (default the one that the recorded traffic has)
  --access-token T      the bearer token                 (default likewise)
  --help                this text
`;

export interface Options {
  readonly extra: string | undefined;
  /** Transcripts of users. */
  readonly transcripts: readonly string[];
  readonly record: boolean;
  readonly only: string;
  /** The breakages to try; empty for an honest run. */
  readonly breakages: readonly string[];
  readonly workspaceId: string;
  readonly accessToken: string;
}

const options = {
  extra: { type: "string" },
  transcript: { type: "string", multiple: true },
  record: { type: "boolean", default: false },
  only: { type: "string", default: "" },
  break: { type: "string" },
  "workspace-id": {
    type: "string",
    default:
      "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-test/providers/Microsoft.MachineLearningServices/workspaces/ws-test",
  },
  "access-token": { type: "string", default: "fake-arm-token" },
  help: { type: "boolean", default: false },
} as const;

function wantedBreakages(name: string | undefined): string[] {
  const known = breakages.map((b) => b.name);
  if (name === undefined) return [];
  if (name === "all") return known;
  if (known.includes(name)) return [name];
  throw new Error(`--break: expected all, ${known.join(", ")}; found "${name}"`);
}

/** Reads the arguments; "help" when they ask for it. Throws with what was expected. */
export function parseOptions(args: readonly string[]): Options | "help" {
  const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  if (values.help) return "help";
  return {
    extra: values.extra,
    transcripts: values.transcript ?? [],
    record: values.record,
    only: values.only,
    breakages: wantedBreakages(values.break),
    workspaceId: values["workspace-id"],
    accessToken: values["access-token"],
  };
}
