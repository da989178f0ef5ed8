import { spawn } from "node:child_process";

/** Where and with what environment a command runs. */
export interface Place {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface Ended {
  readonly status: number;
  /** Both streams, as they came. */
  readonly printed: string;
}

/** Runs a command to its end, and keeps what it prints. */
export async function run(command: string, args: readonly string[], { folder, env }: Place): Promise<Ended> {
  const child = spawn(command, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const status = await new Promise<number>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve(code ?? 1));
  });
  return { status, printed };
}

/** Runs a command that must succeed. */
export async function must(command: string, args: readonly string[], place: Place): Promise<void> {
  const { status, printed } = await run(command, args, place);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${printed}`);
}
