import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * How this process learns that the user wants the run to end. The engine tells only the program, which the SDK makes
 * write a file that is named after the engine's address; the engine, its provider and its program all know that address.
 */
interface Interrupt {
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
  /** Watches while the call is under way; a process without a call looks at nothing. */
  during<T>(call: () => Promise<T>): Promise<T>;
}

/** The file with which a program relays an interruption. The SDK makes the same name of the same address. */
const relayFile = (engineAddress: string): string => {
  const name = createHash("sha256").update(engineAddress).digest("hex").slice(0, 16);
  return join(tmpdir(), `pulumi-azureml-interrupt-${name}`);
};

const LOOK_EVERY_MS = 250;
/** The times of files may be rounded. */
const ROUNDING_MS = 2_000;
/** An answer that is on its way to the engine gets this long to arrive before the process ends. */
const LAST_ANSWER_MS = 1_000;

/**
 * Whether the file is the relay of this run: written by the same user, and since this process began. An older one was
 * left by a run whose engine had the same port.
 */
function isRelayed(file: string, since: number): boolean {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found?.isFile() || found.mtimeMs < since - ROUNDING_MS) return false;
  return process.getuid === undefined || found.uid === process.getuid();
}

/** Watches for the relay of the engine at this address, and for signals to this process itself. */
export function openInterrupt(engineAddress: string): Interrupt {
  const file = relayFile(engineAddress);
  const since = Date.now() - process.uptime() * 1000;
  const controller = new AbortController();
  let calls = 0;
  let watch: NodeJS.Timeout | undefined;
  let ending: NodeJS.Signals | undefined;

  const look = (): void => {
    if (!controller.signal.aborted && isRelayed(file, since)) controller.abort();
  };

  // At the end of every run the engine sends one too, and waits for five seconds for a process that does not end.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      if (calls === 0 || ending !== undefined) return void process.kill(process.pid, signal);
      ending = signal;
      controller.abort();
    });

  return {
    signal: controller.signal,
    during: async (call) => {
      calls += 1;
      watch ??= setInterval(look, LOOK_EVERY_MS).unref();
      look();
      try {
        return await call();
      } finally {
        calls -= 1;
        if (calls === 0) {
          clearInterval(watch);
          watch = undefined;
          const signal = ending;
          if (signal) setTimeout(() => process.kill(process.pid, signal), LAST_ANSWER_MS);
        }
      }
    },
  };
}
