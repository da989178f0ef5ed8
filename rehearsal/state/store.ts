import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
const PRIVATE = 0o600;

/** Opens the file of a stack, and makes it for a new one, so that other stacks find that it exists. */
export function openStore(file: string, crypter: Crypter): Store {
  const known = new WeakMap<Secret, string>();
  const lockFile = `${file}.lock`;
  mkdirSync(dirname(file), { recursive: true });
  create(file, fileText(storeDeployment(EMPTY, crypter.salt, showSecret)));
  const read = (): StoredDeployment => readStored(file);
  const load = (): Snapshot => loadDeployment(read(), (ciphertext) => crypter.decrypt(ciphertext));
  return {
    load,
    save: (snapshot) => write(file, storeDeployment(snapshot, crypter.salt, sealWith(crypter, known))),
    exported() {
      return { shown: storeDeployment(load(), crypter.salt, showSecret), stored: read() };
    },
    lock: () => create(lockFile, `${process.pid}\n`),
    unlock: () => rmSync(lockFile, { force: true }),
  };
}

export const readStored = (file: string): StoredDeployment =>
  (JSON.parse(readFileSync(file, "utf8")) as { deployment: StoredDeployment }).deployment;

const fileText = (deployment: StoredDeployment): string =>
  `${JSON.stringify({ version: 3, deployment }, undefined, 2)}\n`;

/** Replaces the file in one go, so that a killed process never leaves half of one. */
function write(file: string, deployment: StoredDeployment): void {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, fileText(deployment), { mode: PRIVATE });
  renameSync(draft, file);
}

/** False when the file is there already. */
function create(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx", mode: PRIVATE });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
