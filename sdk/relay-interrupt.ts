import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The file that the provider's process looks for. It makes the same name of the same address. */
const relayFile = (engineAddress: string): string => {
  const name = createHash("sha256").update(engineAddress).digest("hex").slice(0, 16);
  return join(tmpdir(), `pulumi-azureml-interrupt-${name}`);
};

/** A new file, since what somebody else has put under its name must not be written to. */
function write(file: string): void {
  try {
    rmSync(file, { force: true });
    writeFileSync(file, "", { flag: "wx", mode: 0o600 });
  } catch {
    // Without the file the provider waits until its operation has ended, as it would without this relay.
  }
}

/** The provider looks four times a second. The engine gives a program five seconds to end. */
const SEEN_WITHIN_MS = 1_000;

/**
 * On ^C the engine tells the program and nobody else. The program passes it on, so that a deployment that is waited for
 * can be left to itself with its id in the state. How the program ends on a signal stays as it was, a second later.
 *
 * @param engineAddress what Pulumi's runner was given; absent in tests and in any other process
 */
export function relayInterrupts(engineAddress = process.env["PULUMI_NODEJS_ENGINE"]): void {
  if (!engineAddress) return;
  const file = relayFile(engineAddress);
  const remove = (): void => rmSync(file, { force: true });
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      write(file);
      process.once("exit", remove);
      setTimeout(() => {
        // A run that failed interrupts its program too, when no provider waits any more that could remove the file.
        remove();
        // A signal that somebody listens to does not end a process; one that nobody listens to does.
        if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
      }, SEEN_WITHIN_MS);
    });
}
