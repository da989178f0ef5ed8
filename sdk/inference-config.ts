import * as pulumi from "@pulumi/pulumi";
import { withExistingFiles } from "./existing-files";

/** Where a private base image is pulled from. */
export interface ContainerRegistry {
  /** Host name, such as `registry.example.com`. */
  readonly address: pulumi.Input<string>;
  readonly username?: pulumi.Input<string> | undefined;
  /** Always kept as a secret. */
  readonly password?: pulumi.Input<string> | undefined;
}

/** The environment that the code runs in, built into an image by the workspace. */
export interface EnvironmentDefinition {
  /** Default: the service's name with `-env`. */
  readonly name?: pulumi.Input<string> | undefined;
  /** A conda environment, as its YAML file would have it: `channels`, `dependencies` with a `pip` list. */
  readonly condaDependencies?: pulumi.Input<Record<string, unknown>> | undefined;
  /** Whether the image brings all packages. Default: true where `condaDependencies` are left out. */
  readonly userManagedDependencies?: pulumi.Input<boolean> | undefined;
  /** Image to build on; or `baseDockerfile`. */
  readonly baseImage?: pulumi.Input<string> | undefined;
  /** Text of a Dockerfile to build on, in place of `baseImage`. */
  readonly baseDockerfile?: pulumi.Input<string> | undefined;
  /** Needed where `baseImage` is private. */
  readonly baseImageRegistry?: pulumi.Input<ContainerRegistry> | undefined;
  readonly environmentVariables?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  readonly inferencingStackVersion?: pulumi.Input<string> | undefined;
}

/** Code that serves the models. */
export interface InferenceConfig {
  /** The Python file with `init` and `run`: its path within `source`, with slashes. */
  readonly entryScript: pulumi.Input<string>;
  /** The script and what it imports: an archive, or an asset for one file. One on the network is refused. */
  readonly source: pulumi.Input<pulumi.asset.Asset | pulumi.asset.Archive>;
  /** A registered environment as `name:version`, or a definition. Default: whatever is live. */
  readonly environment?: pulumi.Input<string | EnvironmentDefinition> | undefined;
}

const PASSWORD = ["environment", "baseImageRegistry", "password"] as const;

const isOutput = (value: unknown): boolean => pulumi.Output.isInstance(value) || value instanceof Promise;

const later = (value: unknown): pulumi.Output<unknown> => pulumi.output(value as Promise<unknown>);

/** Only as far down as nothing is an output: what is below one cannot be reached without hiding or showing all of it. */
const changedAt = (value: unknown, path: readonly string[], change: (at: unknown) => unknown): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return value === undefined || value === null ? value : change(value);
  if (isOutput(value)) return later(value).apply((known) => pulumi.output(changedAt(known, path, change)));
  if (typeof value !== "object" || value === null || !(key in value)) return value;
  const members = value as Record<string, unknown>;
  return { ...members, [key]: changedAt(members[key], rest, change) };
};

/** A configuration whose password is a secret, whatever it was given as; its files stay to be seen. */
export const withSecretPassword = (config: unknown): unknown =>
  changedAt(config, PASSWORD, (password) => pulumi.secret(password));

/** A configuration whose files are seen to be there. @throws MissingFile, once it is awaited */
export const withExistingSource = (config: unknown, input: string): unknown =>
  changedAt(config, ["source"], (source) => withExistingFiles(source, `${input}.source`));

/** A configuration without its password, to see whether anything else in it is a secret. */
export const withoutPassword = (config: unknown): unknown => changedAt(config, PASSWORD, () => undefined);

const isPlain = (value: unknown): value is Record<string, unknown> =>
  Array.isArray(value) ||
  (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype);

/** Where within a configuration secrets were given, as far down as nothing is an output; undefined where there are none. */
export const secretPaths = (config: unknown): Promise<string[][] | undefined> | undefined =>
  config === undefined || config === null ? undefined : secretPathsIn(config);

const secretPathsIn = async (config: unknown): Promise<string[][] | undefined> => {
  const paths = await pathsIn(config, []);
  return paths.length > 0 ? paths : undefined;
};

const pathsIn = async (value: unknown, path: readonly string[]): Promise<string[][]> => {
  if (isOutput(value)) return path.length > 0 && (await pulumi.isSecret(later(value))) ? [[...path]] : [];
  if (!isPlain(value)) return [];
  const members = Object.entries(value).map(([key, member]) => pathsIn(member, [...path, key]));
  return (await Promise.all(members)).flat();
};
