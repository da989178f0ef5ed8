import * as fs from "node:fs";
import * as path from "node:path";

/** The folders that emulators of this process have. */
const mine = new Set<string>();

const lockName = /^lock-([1-9][0-9]*)$/;

/**
 * Takes a folder for this process alone: two emulators that write one state lose each other's changes. Every process
 * has a lock file with a name of its own, so that taking over from a process that has ended cannot remove the lock of one
 * that has just started. Two that start at the same moment may both be refused; they never both run.
 * @returns what gives the folder free
 * @throws when another emulator has it
 */
export function lockFolder(folder: string): () => void {
  const root = fs.realpathSync(folder);
  if (mine.has(root)) throw inUse(folder, process.pid);
  const own = path.join(root, `lock-${process.pid}`);
  // A file of this name is of an earlier process that had the same number, as in a container.
  fs.writeFileSync(own, "", { mode: 0o600 });
  const owner = livingOwner(root);
  if (owner !== undefined) {
    fs.rmSync(own);
    throw inUse(folder, owner);
  }
  mine.add(root);
  return () => {
    if (mine.delete(root)) fs.rmSync(own, { force: true });
  };
}

/** Another process that has the folder and lives. The locks of dead ones are removed. */
function livingOwner(root: string): number | undefined {
  for (const name of fs.readdirSync(root)) {
    const pid = Number(lockName.exec(name)?.[1] ?? process.pid);
    if (pid === process.pid) continue;
    if (isAlive(pid)) return pid;
    fs.rmSync(path.join(root, name), { force: true });
  }
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user may not be signalled, but it lives.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const inUse = (folder: string, pid: number): Error =>
  new Error(
    `the data folder ${folder} is in use by another emulator, process ${pid}; end it, or give another --data folder (when process ${pid} is no emulator, remove the file lock-${pid} in the folder)`,
  );
