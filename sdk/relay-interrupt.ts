import { createHash } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How the files begin that the provider's processes of this engine keep while they have a call. */
const callFiles = (engineAddress: string): string =>
  `pulumi-azureml-call-${createHash("sha256").update(engineAddress).digest("hex").slice(0, 16)}-`;

/** Removes the files. A provider that sees its own gone stops waiting. */
function interrupt(engineAddress: string): void {
  const beginning = callFiles(engineAddress);
  try {
    for (const name of readdirSync(tmpdir()))
      if (name.startsWith(beginning)) rmSync(join(tmpdir(), name), { force: true });
  } catch {
    // A file that cannot be removed interrupts nothing: the provider waits until its operation has ended.
  }
}

/**
 * On ^C the engine tells the program and nobody else. The program passes it on, so that a deployment that is waited for
 * can be left to itself with its id in the state. How the program ends on a signal stays as it was.
 *
 * @param engineAddress what Pulumi's runner was given; absent in tests and in any other process
 */
export function relayInterrupts(engineAddress = process.env["PULUMI_NODEJS_ENGINE"]): void {
  if (!engineAddress) return;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      interrupt(engineAddress);
      // A signal that somebody listens to does not end a process; one that nobody listens to does.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
}
