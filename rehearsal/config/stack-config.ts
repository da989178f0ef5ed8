import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parse, stringify } from "yaml";
import { OutOfScope } from "../out-of-scope";
import { crypterFor, newCrypter, type Crypter } from "../state/passphrase";

/** A value to set: plain text, or a secret that the file stores encrypted. */
export type ConfigInput = string | { readonly secret: string };

export interface ConfigValue {
  readonly value: string;
  readonly secret: boolean;
}

/** Configuration by full key, `namespace:name`. */
export type StackConfig = Readonly<Record<string, ConfigValue>>;

interface StackFile {
  encryptionsalt?: string;
  config?: Record<string, unknown>;
}

/** The settings file of a stack, `Pulumi.STACK.yaml`. */
export interface ConfigFile {
  readonly crypter: Crypter;
  read(): StackConfig;
  set(key: string, value: ConfigInput): void;
}

/** Opens the file, and begins it with an encryption salt when there is none yet. Throws for a wrong passphrase. */
export async function openConfig(
  file: string,
  project: string,
  passphrase: string,
  defaults: Readonly<Record<string, unknown>>,
): Promise<ConfigFile> {
  const salt = load(file).encryptionsalt;
  const crypter = salt === undefined ? await newCrypter(passphrase) : await crypterFor(passphrase, salt);
  if (salt === undefined) change(file, (content) => (content.encryptionsalt = crypter.salt));
  return {
    crypter,
    read: () => values({ ...defaults, ...load(file).config }, crypter),
    set: (key, value) =>
      change(file, (content) => {
        const full = key.includes(":") ? key : `${project}:${key}`;
        const stored = typeof value === "string" ? value : { secure: crypter.encrypt(value.secret) };
        content.config = { ...content.config, [full]: stored };
      }),
  };
}

const load = (file: string): StackFile =>
  existsSync(file) ? ((parse(readFileSync(file, "utf8")) as StackFile | null) ?? {}) : {};

function change(file: string, edit: (content: StackFile) => void): void {
  const content = load(file);
  edit(content);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, stringify(content));
}

function values(stored: Readonly<Record<string, unknown>>, crypter: Crypter): StackConfig {
  const entries = Object.entries(stored).map(([key, value]) => [key, open(key, value, crypter)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function open(key: string, value: unknown, crypter: Crypter): ConfigValue {
  if (typeof value === "string") return { value, secret: false };
  const secure = (value as { readonly secure?: unknown } | null)?.secure;
  if (typeof secure === "string") return { value: crypter.decrypt(secure), secret: true };
  const text = JSON.stringify(value);
  if (text.includes('"secure":')) throw new OutOfScope(`read secrets inside a configured object (${key})`);
  return { value: text, secret: false };
}
