import { createHash } from "node:crypto";
import { setMaxListeners } from "node:events";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

/**
 * How this process learns that the user wants the run to end. The engine tells only the program. So this process keeps a
 * file while it has a call, and the program removes it: nothing is left behind, whichever of the two ends first.
 */
interface Interrupt {
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
  /** Watches while the call is under way; a process without a call has no file, and looks at nothing. */
  during<T>(call: () => Promise<T>): Promise<T>;
}

/**
 * Named after the engine's address, which the engine, its provider and its program all know, and after this process. The
 * SDK removes every file of the same address.
 */
const callFile = (engineAddress: string): string => {
  const engine = createHash("sha256").update(engineAddress).digest("hex").slice(0, 16);
  return join(tmpdir(), `pulumi-azureml-call-${engine}-${machine}-${process.pid}`);
};

/** Containers may share the folder, and each counts its processes for itself. */
const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

const CALL_FILE = new RegExp(`^pulumi-azureml-call-[0-9a-f]{16}-${machine}-(\\d+)$`);

/** A process that is killed leaves its file; the next one removes it. */
function removeOrphans(): void {
  try {
    for (const name of readdirSync(tmpdir())) {
      const pid = Number(CALL_FILE.exec(name)?.[1]);
      if (pid > 0 && !isRunning(pid)) rmSync(join(tmpdir(), name), { force: true });
    }
  } catch {
    // Another user's file stays: it is empty, and interrupts nothing.
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user is there, too.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

const LOOK_EVERY_MS = 250;
/** An answer that is on its way to the engine gets this long to arrive before the process ends. */
const LAST_ANSWER_MS = 1_000;

/** A new file, since what somebody else has put under its name must not be written to. */
function write(file: string): boolean {
  try {
    rmSync(file, { force: true });
    writeFileSync(file, "", { flag: "wx", mode: 0o600 });
    return true;
  } catch {
    // Without the file no program can interrupt: the call waits until its operation has ended.
    return false;
  }
}

/** Watches for the program of the engine at this address, and for signals to this process itself. */
export function openInterrupt(engineAddress: string): Interrupt {
  const file = callFile(engineAddress);
  const controller = new AbortController();
  // Every call and every wait listens; Node.js warns of eleven, as of a leak.
  setMaxListeners(0, controller.signal);
  let calls = 0;
  let isFirst = true;
  let watch: NodeJS.Timeout | undefined;
  let ending: NodeJS.Signals | undefined;

  const startWatching = (): void => {
    if (isFirst) removeOrphans();
    isFirst = false;
    if (controller.signal.aborted || !write(file)) return;
    watch = setInterval(() => {
      if (existsSync(file)) return;
      stopWatching();
      controller.abort();
    }, LOOK_EVERY_MS).unref();
  };
  const stopWatching = (): void => {
    clearInterval(watch);
    watch = undefined;
    rmSync(file, { force: true });
  };
  process.once("exit", stopWatching);

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
      if (calls === 1) startWatching();
      try {
        return await call();
      } finally {
        calls -= 1;
        if (calls === 0) {
          stopWatching();
          const signal = ending;
          if (signal) setTimeout(() => process.kill(process.pid, signal), LAST_ANSWER_MS);
        }
      }
    },
  };
}
