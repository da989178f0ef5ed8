const INTERRUPTED = 130; // what a shell gives a command that SIGINT has ended

/** Thrown between two steps after ^C, so that what was started is ended and removed. */
export class Interrupted extends Error {}

/**
 * After the first ^C the running command ends, and everything is tidied up; after a second one only the latter. The
 * emulator has a process group of its own, and would outlive a process that ended at once.
 *
 * @returns whether there has been one
 */
export function listenForStop(): () => boolean {
  let stopped = false;
  const stop = () => {
    if (stopped) process.exit(INTERRUPTED);
    stopped = true;
    process.stderr.write("\nStopping after the command that runs, and tidying up.\n");
  };
  process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
  return () => stopped;
}
