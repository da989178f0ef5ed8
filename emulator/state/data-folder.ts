import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { lockFolder } from "./folder-lock";
import { emptyState, withoutPrototypes, type State } from "./store";

/** Where the state and the uploaded files are kept. Without a folder of the user's it is a temporary one. */
export interface DataFolder {
  readonly state: State;
  readonly blobs: string;
  /** Writes the state when it changed: a new file, then a rename, so that a crash leaves the old or the new one. */
  save(): void;
  /** Gives the folder free for another emulator, and removes it when it is a temporary one. */
  release(): void;
}

const version = 1;

function read(file: string): State | undefined {
  if (!fs.existsSync(file)) return undefined;
  const text = fs.readFileSync(file, "utf8");
  let content: { version?: unknown; state?: State };
  try {
    content = JSON.parse(text) as typeof content;
  } catch {
    throw new Error(`${file} is not JSON; remove the file or give another --data folder`);
  }
  if (content.version !== version || content.state === undefined)
    throw new Error(
      `${file} has version ${String(content.version)}, expected ${version}; give another --data folder`,
    );
  return withoutPrototypes({ ...emptyState(content.state.signingKey), ...content.state });
}

function writeAtomically(file: string, text: string): void {
  const fresh = `${file}.new`;
  const handle = fs.openSync(fresh, "w", 0o600);
  try {
    fs.writeSync(handle, text);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
  fs.renameSync(fresh, file);
}

/** An upload that was cut by the end of the process left a half. */
function removeHalves(blobs: string): void {
  for (const name of fs.readdirSync(blobs)) if (name.endsWith(".new")) fs.rmSync(path.join(blobs, name));
}

/**
 * Opens a folder (made when it is missing), or a temporary one. Throws when another emulator has it, or when its state
 * is of another version.
 */
export function openDataFolder(folder: string | undefined): DataFolder {
  const root = folder ?? fs.mkdtempSync(path.join(os.tmpdir(), "azureml-emulator-"));
  fs.mkdirSync(root, { recursive: true });
  const unlock = lockFolder(root);
  try {
    return opened(root, folder === undefined, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function opened(root: string, temporary: boolean, unlock: () => void): DataFolder {
  const blobs = path.join(root, "blobs");
  fs.mkdirSync(blobs, { recursive: true });
  removeHalves(blobs);
  const file = path.join(root, "state.json");
  const state = read(file) ?? emptyState(randomBytes(32).toString("hex"));
  let saved = "";
  const save = () => {
    if (temporary) return;
    const text = JSON.stringify({ version, state });
    if (text === saved) return;
    writeAtomically(file, text);
    saved = text;
  };
  const release = () => {
    unlock();
    if (temporary) fs.rmSync(root, { recursive: true, force: true });
  };
  return { state, blobs, save, release };
}
