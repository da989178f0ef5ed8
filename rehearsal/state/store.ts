import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Secret } from "../values/property";
import type { Crypter } from "./passphrase";
import { newResource, type PendingOperation, type ResourceState, type Snapshot } from "./resource";
import { loadMap, showSecret, storeMap, type SealSecret } from "./stored-value";

/** A deployment as `pulumi stack export` prints it and `pulumi stack import` takes it. */
export interface StoredDeployment {
  readonly manifest: { readonly time: string; readonly magic: string; readonly version: string };
  readonly secrets_providers?: { readonly type: string; readonly state: { readonly salt: string } };
  readonly resources?: readonly StoredResource[];
  readonly pending_operations?: ReadonlyArray<{ readonly resource: StoredResource; readonly type: string }>;
  readonly metadata: object;
}

type StoredResource = Readonly<Record<string, unknown>>;

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

/** Opens the file of a stack, and makes it for a new one. */
export function openStore(file: string, crypter: Crypter): Store {
  const lockFile = `${file}.lock`;
  /** A secret that has not changed keeps the text that it was encrypted to. */
  const known = new WeakMap<Secret, string>();
  const encrypt: SealSecret = (secret, json) => {
    const ciphertext = known.get(secret) ?? crypter.encrypt(json);
    known.set(secret, ciphertext);
    return { ciphertext };
  };
  const read = (): StoredDeployment =>
    (JSON.parse(readFileSync(file, "utf8")) as { deployment: StoredDeployment }).deployment;
  const load = (): Snapshot => loadDeployment(read(), (ciphertext) => crypter.decrypt(ciphertext));
  mkdirSync(dirname(file), { recursive: true });
  create(file, fileText(storeDeployment(EMPTY, crypter.salt, encrypt)));
  return {
    load,
    save: (snapshot) => write(file, storeDeployment(snapshot, crypter.salt, encrypt)),
    exported: () => ({ shown: storeDeployment(load(), crypter.salt, showSecret), stored: read() }),
    lock: () => create(lockFile, `${process.pid}\n`),
    unlock: () => rmSync(lockFile, { force: true }),
  };
}

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

/** The version that manifests name: the CLI whose behaviour the rehearsal copies. */
const ENGINE_VERSION = "v3.260.0";

function storeDeployment(snapshot: Snapshot, salt: string, seal: SealSecret): StoredDeployment {
  const resources = snapshot.resources.map((resource) => storeResource(resource, seal));
  const pending = snapshot.pending.map(({ resource, type }) => ({
    resource: storeResource(resource, seal),
    type,
  }));
  return {
    manifest: {
      time: new Date().toISOString(),
      magic: createHash("sha256").update(ENGINE_VERSION).digest("hex"),
      version: ENGINE_VERSION,
    },
    secrets_providers: { type: "passphrase", state: { salt } },
    ...(resources.length ? { resources } : {}),
    ...(pending.length ? { pending_operations: pending } : {}),
    metadata: {},
  };
}

/** Members that say nothing are left out. */
function storeResource(resource: ResourceState, seal: SealSecret): StoredResource {
  const { inputs, outputs = {} } = resource;
  const members = { ...resource, inputs: storeMap(inputs, seal), outputs: storeMap(outputs, seal) };
  const said = Object.entries(members).filter(([key, value]) => key === "custom" || says(value));
  return Object.fromEntries(said);
}

function says(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

function loadDeployment(stored: StoredDeployment, open: (ciphertext: string) => string): Snapshot {
  const resources = (stored.resources ?? []).map((resource) => loadResource(resource, open));
  const pending = (stored.pending_operations ?? []).map(({ resource, type }) => ({
    resource: loadResource(resource, open),
    type: type as PendingOperation["type"],
  }));
  return { resources, pending };
}

const loadResource = (stored: StoredResource, open: (ciphertext: string) => string): ResourceState =>
  newResource({
    ...(stored as unknown as ResourceState),
    inputs: loadMap((stored["inputs"] ?? {}) as Record<string, unknown>, open),
    outputs: loadMap((stored["outputs"] ?? {}) as Record<string, unknown>, open),
  });
