import { commands } from "./commands";
import { machineContext, runCommand } from "./program";

const [afterFailedWrite, afterSigint] = [141, 130];

const main = async (): Promise<void> => {
  const interrupt = new AbortController();
  const stop = (): void => {
    if (interrupt.signal.aborted) process.exit(afterSigint);
    interrupt.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  // Whoever reads what is printed may have gone, as in `… | head`.
  process.stdout.on("error", () => process.exit(afterFailedWrite));
  process.exitCode = await runCommand(commands, process.argv.slice(2), machineContext(interrupt.signal));
  process.removeListener("SIGINT", stop);
  process.removeListener("SIGTERM", stop);
};

void main();
