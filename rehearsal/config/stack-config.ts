import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parse, stringify } from "yaml";
import { crypterFor, newCrypter } from "../state/passphrase";
import type { Crypter } from "../state/passphrase";

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
  remove(key: string): void;
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
  const full = (key: string): string => (key.includes(":") ? key : `${project}:${key}`);
  return {
    crypter,
    read: () => values({ ...defaults, ...load(file).config }, crypter),
    set: (key, value) =>
      change(file, (content) => {
        const stored = typeof value === "string" ? value : { secure: crypter.encrypt(value.secret) };
        content.config = { ...content.config, [full(key)]: stored };
      }),
    remove: (key) => change(file, (content) => delete content.config?.[full(key)]),
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
  const entries = Object.entries(stored).map(([key, value]) => {
    const { plain, secret } = open(value, crypter);
    return [key, { value: typeof plain === "string" ? plain : JSON.stringify(plain), secret }] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A value with everything in it decrypted; secret when anything was. */
function open(value: unknown, crypter: Crypter): { readonly plain: unknown; readonly secret: boolean } {
  if (value === null || typeof value !== "object") return { plain: value, secret: false };
  const { secure, ...rest } = value as Record<string, unknown>;
  if (typeof secure === "string" && Object.keys(rest).length === 0) {
    return { plain: crypter.decrypt(secure), secret: true };
  }
  const members = Object.entries(value).map(([key, member]) => [key, open(member, crypter)] as const);
  const plain = Array.isArray(value)
    ? members.map(([, member]) => member.plain)
    : Object.fromEntries(members.map(([key, member]) => [key, member.plain]));
  return { plain, secret: members.some(([, member]) => member.secret) };
}
