import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Secret } from "../values/property";
import { loadDeployment, sealWith, storeDeployment } from "./deployment";
import type { StoredDeployment } from "./deployment";
import type { Crypter } from "./passphrase";
import type { Snapshot } from "./resource";
import { showSecret } from "./stored-value";

/** The stack's state file, which `pulumi stack import` can read as it is. */
export interface Store {
  load(): Snapshot;
  save(snapshot: Snapshot): void;
  exported(): { readonly shown: StoredDeployment; readonly stored: StoredDeployment };
  /** False when another operation holds the lock, or died with it. */
  lock(): boolean;
  unlock(): void;
}

const EMPTY: Snapshot = { resources: [], pending: [] };

export function openStore(file: string, crypter: Crypter): Store {
  const known = new WeakMap<Secret, string>();
  const lockFile = `${file}.lock`;
  mkdirSync(dirname(file), { recursive: true });
  const read = (): StoredDeployment | undefined =>
    existsSync(file)
      ? (JSON.parse(readFileSync(file, "utf8")) as { deployment: StoredDeployment }).deployment
      : undefined;
  const load = (): Snapshot => {
    const stored = read();
    return stored ? loadDeployment(stored, (ciphertext) => crypter.decrypt(ciphertext)) : EMPTY;
  };
  return {
    load,
    save: (snapshot) => write(file, storeDeployment(snapshot, crypter.salt, sealWith(crypter, known))),
    exported() {
      const stored = read() ?? storeDeployment(EMPTY, crypter.salt, showSecret);
      return { shown: storeDeployment(load(), crypter.salt, showSecret), stored };
    },
    lock: () => create(lockFile),
    unlock: () => rmSync(lockFile, { force: true }),
  };
}

/** Replaces the file in one go, so that a killed process never leaves half of one. */
function write(file: string, deployment: StoredDeployment): void {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${JSON.stringify({ version: 3, deployment }, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

function create(lockFile: string): boolean {
  try {
    writeFileSync(lockFile, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
