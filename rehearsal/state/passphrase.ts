import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

/** Encrypts as Pulumi's passphrase secrets manager does. */
export interface Crypter {
  /** What the stack file and the state keep, to check the passphrase: `v1:SALT:v1:NONCE:TEXT`. */
  readonly salt: string;
  encrypt(plaintext: string): string;
  /** Throws when the text was encrypted with another key. */
  decrypt(ciphertext: string): string;
}

const ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What Pulumi encrypts into the salt's text to recognise a wrong passphrase. */
const CHECK_TEXT = "pulumi";

const derive = promisify(pbkdf2);
const keys = new Map<string, Promise<Buffer>>();

/** Deriving a key takes the better part of a second, so that each is derived once per process. */
function keyFor(passphrase: string, salt: Buffer): Promise<Buffer> {
  const name = `${salt.toString("base64")} ${passphrase}`;
  const known = keys.get(name) ?? derive(passphrase, salt, ITERATIONS, KEY_BYTES, "sha256");
  keys.set(name, known);
  return known;
}

/** New stacks of one process share a salt, and so a key: this is a stand-in, and its users wait for it. */
const salts = new Map<string, Buffer>();

export async function newCrypter(passphrase: string): Promise<Crypter> {
  const salt = salts.get(passphrase) ?? randomBytes(8);
  salts.set(passphrase, salt);
  const key = await keyFor(passphrase, salt);
  return crypter(key, `v1:${salt.toString("base64")}:${encryptWith(key, CHECK_TEXT)}`);
}

/** The crypter for a salt that a stack has already. Throws for a wrong passphrase. */
export async function crypterFor(passphrase: string, salt: string): Promise<Crypter> {
  const [version, encoded = "", ...check] = salt.split(":");
  if (version !== "v1") throw new Error(`unknown encryption salt "${version}"; expected "v1:…"`);
  const key = await keyFor(passphrase, Buffer.from(encoded, "base64"));
  const made = crypter(key, salt);
  if (attempt(() => made.decrypt(check.join(":"))) !== CHECK_TEXT) {
    throw new Error("incorrect passphrase: set PULUMI_CONFIG_PASSPHRASE to the one this stack was made with");
  }
  return made;
}

const crypter = (key: Buffer, salt: string): Crypter => ({
  salt,
  encrypt: (plaintext) => encryptWith(key, plaintext),
  decrypt: (ciphertext) => decryptWith(key, ciphertext),
});

function encryptWith(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const text = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${text.toString("base64")}`;
}

function decryptWith(key: Buffer, ciphertext: string): string {
  const [, nonce = "", encoded = ""] = ciphertext.split(":");
  const text = Buffer.from(encoded, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(text.subarray(-TAG_BYTES));
  return decipher.update(text.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
