import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PackageDependency, PackageParameterization } from "@pulumi/pulumi/proto/plugin_pb";

interface Parameterization {
  readonly name?: string;
  readonly version?: string;
  readonly value?: string;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly pulumi?: {
    readonly resource?: boolean;
    readonly name?: string;
    readonly version?: string;
    readonly server?: string;
    readonly parameterization?: Parameterization;
  };
}

/** The plugins that the packages below the program's folder stand for: those whose package.json says `pulumi.resource`. */
export function requiredPackages(
  request: language.GetRequiredPackagesRequest,
): language.GetRequiredPackagesResponse {
  const folder = request.getInfo()?.getProgramDirectory() ?? "";
  const packages = installed(folder).filter(({ pulumi }) => pulumi?.resource === true);
  return new language.GetRequiredPackagesResponse().setPackagesList(packages.map(pluginOf));
}

function pluginOf({ name = "", version = "", pulumi = {} }: Manifest): PackageDependency {
  const plugin = pulumi.name ?? (name.startsWith("@pulumi/") ? name.slice("@pulumi/".length) : "");
  if (plugin === "")
    throw new Error(
      `Missing property "name" for the third-party plugin '${name}' inside package.json under the "pulumi" section.`,
    );
  return new PackageDependency()
    .setName(plugin)
    .setKind("resource")
    .setVersion(`v${(pulumi.version ?? version).replace(/^v/, "")}`)
    .setServer(pulumi.server ?? "")
    .setParameterization(parameterizationOf(pulumi.parameterization));
}

const parameterizationOf = (given: Parameterization | undefined): PackageParameterization | undefined =>
  given &&
  new PackageParameterization()
    .setName(given.name ?? "")
    .setVersion(given.version ?? "")
    .setValue(given.value ?? "");

/** What `pulumi about` lists: installed packages, only those that package.json names unless all are asked for. */
export function programDependencies(
  request: language.GetProgramDependenciesRequest,
): language.GetProgramDependenciesResponse {
  const folder = request.getInfo()?.getProgramDirectory() ?? "";
  const found = request.getTransitivedependencies() ? installed(folder) : direct(folder);
  return new language.GetProgramDependenciesResponse().setDependenciesList(
    found.map(({ name = "", version = "" }) =>
      new language.DependencyInfo().setName(name).setVersion(version),
    ),
  );
}

function direct(folder: string): readonly Manifest[] {
  const { dependencies, devDependencies } = readManifest(folder) ?? {};
  return Object.keys({ ...dependencies, ...devDependencies }).flatMap((name) => {
    const manifest = nearest(folder, name);
    return manifest === undefined ? [] : [{ ...manifest, name }];
  });
}

/** As Node.js finds a package: in the closest `node_modules` at or above the folder. */
function nearest(folder: string, name: string): Manifest | undefined {
  const manifest = readManifest(join(folder, "node_modules", name));
  if (manifest !== undefined || dirname(folder) === folder) return manifest;
  return nearest(dirname(folder), name);
}

/** Every package in the folder's `node_modules`, nested ones and links followed, each once. */
function installed(folder: string, seen = new Set<string>()): readonly Manifest[] {
  return packageFolders(join(folder, "node_modules")).flatMap((path) => {
    const real = realpathSync(path);
    const manifest = seen.has(real) ? undefined : readManifest(real);
    if (manifest === undefined) return [];
    seen.add(real);
    return [manifest, ...installed(real, seen)];
  });
}

const packageFolders = (modules: string): readonly string[] =>
  names(modules).flatMap((name) =>
    name.startsWith("@")
      ? names(join(modules, name)).map((inner) => join(modules, name, inner))
      : [join(modules, name)],
  );

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch {
    return []; // no such folder, or a file
  }
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  } catch {
    return undefined; // a folder without a package
  }
}
