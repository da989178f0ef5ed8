import { Interrupted } from "../test/harness/interruption";

/** What a shell gives a command that SIGINT or SIGPIPE has ended, and what a program of ours that could not begin or go on. */
const [unusable, interrupted, readerGone] = [2, 130, 141];

/** Runs a program to its exit status. What keeps it from one is said in a line, without a stack. */
export function runProgram(name: string, main: (args: readonly string[]) => Promise<number>): void {
  endWithReader();
  main(process.argv.slice(2)).then(
    (status) => (process.exitCode = status),
    (error: unknown) => {
      const said = error instanceof Error ? error.message : String(error);
      if (said !== "") process.stderr.write(`${name}: ${said}\n`);
      process.exitCode = error instanceof Interrupted ? interrupted : unusable;
    },
  );
}

/** Ends this process without a stack when whoever reads what it prints has gone, as in `npm run demo | head`. */
function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(readerGone);
  });
}
