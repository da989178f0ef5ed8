import { readFileSync } from "node:fs";
import { join } from "node:path";

const fixture = (name: string): { readonly path: string; readonly pem: string } => {
  const path = join(__dirname, "fixtures", name);
  return { path, pem: readFileSync(path, "utf8") };
};

/** A self-signed certificate for 127.0.0.1 with its private key; made for these tests and used nowhere else. */
export const ownCertificate = fixture("identity.pem");

/** The same certificate, its key encrypted with the password `opensesame`. */
export const encryptedCertificate = fixture("encrypted.pem");
