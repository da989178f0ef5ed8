import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repository } from "../harness/project-folder";
import { must } from "../harness/run";

const manifest = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    version: string;
    dependencies: Record<string, string>;
  };

export const version = (): string => manifest(repository()).version;

/** The package as it would be published; `npm run test:outside` packs it first. */
export function tarball(): string {
  const file = join(repository(), "reports", `pulumi-azureml-${version()}.tgz`);
  if (!existsSync(file))
    throw new Error(`no ${file}: run \`npm run test:outside\`, which packs the package first`);
  return file;
}

/** A temporary folder with no node_modules above it, so that nothing of the repository can be found from there. */
export function outsideFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "azureml-outside-"));
  for (let above = folder; above !== dirname(above); above = dirname(above))
    if (existsSync(join(above, "node_modules"))) throw new Error(`${above} has node_modules: set TMPDIR`);
  return folder;
}

export const removeFolder = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

/** Writes files into a folder, which is made when it is not there. */
export function write(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** The environment without what `npm run` tells its scripts about this repository. */
export const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle)_|^npm_config_local_prefix$|^INIT_CWD$|^NODE_PATH$/.test(name),
    ),
  );

export const npmInstall = (folder: string): Promise<void> =>
  must("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], { folder, env: environment() });

/** Copies an example as a user would, and installs what it declares, this package from its tarball. */
export async function installExample(from: string, to: string): Promise<void> {
  cpSync(from, to, { recursive: true, filter: (file) => !file.endsWith("node_modules") });
  const declared = manifest(to);
  declared.dependencies["pulumi-azureml"] = `file:${tarball()}`;
  writeFileSync(join(to, "package.json"), JSON.stringify(declared));
  await npmInstall(to);
}
