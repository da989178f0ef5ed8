import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PropertyMap } from "../values/property";
import { loadDeployment } from "./deployment";
import type { StoredDeployment } from "./deployment";
import { crypterFor } from "./passphrase";
import type { Snapshot } from "./resource";
import { readStored } from "./store";
import { isStack } from "./urn";

/** The outputs of a stack by its name: `STACK`, `organization/STACK` or `organization/PROJECT/STACK`. */
export type StackOutputs = (name: string) => Promise<PropertyMap>;

/** Where the states of all stacks are, and how to read them. */
export interface StackPlace {
  readonly stateDir: string;
  /** The project that a short name belongs to. */
  readonly project: string;
  readonly passphrase: string;
}

/** Stacks without the Pulumi service all belong to this organization. */
export const ORGANIZATION = "organization";

export const stateFile = (stateDir: string, project: string, stack: string): string =>
  join(stateDir, project, `${stack}.json`);

/**
 * Reads the outputs of the stacks that are kept beside one another, as stack references do.
 *
 * The promise rejects for a stack that is not there, and for one whose secrets have another passphrase.
 */
export function otherStacks({ stateDir, project, passphrase }: StackPlace): StackOutputs {
  return async (name) => {
    const [organization, ofProject, stack] = parts(name, project);
    if (organization !== ORGANIZATION) throw new Error(`organization name must be '${ORGANIZATION}'`);
    const file = stateFile(stateDir, ofProject, stack);
    if (!existsSync(file)) throw new Error(`unknown stack "${name}"`);
    return outputsIn(readStored(file), passphrase);
  };
}

function parts(name: string, project: string): readonly [string, string, string] {
  const [first = "", second, third, tooMany] = name.split("/");
  if (tooMany !== undefined) throw new Error("a stack name may not be empty");
  if (second === undefined) return [ORGANIZATION, project, first];
  return third === undefined ? [first, project, second] : [first, second, third];
}

async function outputsIn(stored: StoredDeployment, passphrase: string): Promise<PropertyMap> {
  const crypter = await crypterFor(passphrase, stored.secrets_providers?.state.salt ?? "");
  return outputsOfStack(loadDeployment(stored, (ciphertext) => crypter.decrypt(ciphertext)));
}

/** What the stack itself gives, which is nothing before its first update. */
export const outputsOfStack = ({ resources }: Snapshot): PropertyMap =>
  resources.find(({ urn }) => isStack(urn))?.outputs ?? {};
