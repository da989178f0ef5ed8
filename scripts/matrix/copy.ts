import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { must, type Place } from "./run";

/** A copy of the tracked files with a Node.js and the newest Pulumi of its own. */
export interface Copy extends Place {
  remove(): void;
}

export async function prepareCopy(root: string, version: string): Promise<Copy> {
  const folder = mkdtempSync(join(tmpdir(), `azureml-node${version}-`));
  const path = [join(folder, ".node", "node_modules", "node", "bin"), process.env["PATH"]].join(delimiter);
  const copy = { folder, env: { ...process.env, PATH: path }, remove: () => remove(folder) };
  try {
    copyTracked(root, folder);
    await install(root, version, { folder, env: process.env });
    return copy;
  } catch (error) {
    copy.remove();
    throw error;
  }
}

const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

function copyTracked(root: string, to: string): void {
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
  for (const file of files.filter(Boolean)) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(root, file), join(to, file), { verbatimSymlinks: true });
  }
}

async function install(root: string, version: string, place: Place): Promise<void> {
  const npm = (...args: readonly string[]) => must("npm", args, place);
  await npm("pkg", "set", "devDependencies.@pulumi/pulumi=latest");
  rmSync(join(place.folder, "package-lock.json"));
  // What is published has been built once, with the Pulumi of this repository; it is that which must run.
  await npm("install", "--no-package-lock", "--ignore-scripts", "--loglevel=error");
  cpSync(join(root, "dist"), join(place.folder, "dist"), { recursive: true });
  await npm("install", "--prefix", join(place.folder, ".node"), "--loglevel=error", `node@${version}`);
}
