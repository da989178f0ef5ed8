import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ClientSettings } from "../../provider/azure/settings";
import { proxyFor } from "../../provider/azure/proxy";
import { ownPackage } from "../own-package";
import { ok, problem, unknown, type Finding } from "./finding";

/** The machine and project that a stack would run in. */
export interface Machine {
  readonly nodeVersion: string;
  /** The folder of the Pulumi project. */
  readonly cwd: string;
  readonly env: ClientSettings["env"];
  /** What a program prints first; undefined where it is not on PATH. */
  readonly versionOf: (program: string, ...args: readonly string[]) => Promise<string | undefined>;
}

export const versionOf: Machine["versionOf"] = (program, ...args) =>
  new Promise((resolve) => {
    const shell = process.platform === "win32";
    execFile(program, [...args], { timeout: 20_000, shell }, (error, stdout) =>
      resolve(error ? undefined : stdout.trim().split("\n")[0]),
    );
  });

/** Whether a version is at least another one, number by number. */
const isAtLeast = (version: string, least: string): boolean => {
  const numbers = (text: string): number[] => (/\d+(\.\d+)*/.exec(text)?.[0] ?? "0").split(".").map(Number);
  const [have, want] = [numbers(version), numbers(least)];
  const at = want.findIndex((number, index) => (have[index] ?? 0) !== number);
  return at < 0 || (have[at] ?? 0) > want[at]!;
};

/** What needs no workspace: programs, packages, proxy, certificates. */
export const machineFindings = async (machine: Machine): Promise<readonly Finding[]> => [
  nodeFinding(machine),
  pulumiPackageFinding(machine),
  ownPackageFinding(machine),
  await cliFinding(machine),
  await packageManagerFinding(machine),
  proxyFinding(machine),
  tlsFinding(machine),
];

/** Pulumi.yaml's runtime, in either of its forms. */
const RUNS_ON_BUN = /^runtime:\s*(name:\s*)?["']?bun\b/m;

/** Bun may install the packages, and not run the program. */
const nodeFinding = ({ nodeVersion, cwd }: Machine): Finding => {
  const file = join(cwd, "Pulumi.yaml");
  if (existsSync(file) && RUNS_ON_BUN.test(readFileSync(file, "utf8")))
    return problem(
      "node",
      "Pulumi.yaml has the runtime bun",
      "Set it to nodejs: Pulumi's dynamic providers do not run on Bun.",
    );
  const least = ownPackage().engines.node.replace(/[^\d.]/g, "");
  return isAtLeast(nodeVersion, least)
    ? ok("node", nodeVersion)
    : problem("node", `Node.js ${nodeVersion}`, `Install Node.js ${least} or newer.`);
};

/** A package's version, as a program in the folder would find it: there, or in a folder above. */
const installed = (cwd: string, name: string): string | undefined => {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = join(folder, "node_modules", name, "package.json");
    if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
    if (folder === dirname(folder)) return undefined;
  }
};

const outsideProject = (id: string): Finding =>
  unknown(id, "no package.json here", "Run doctor in the folder of the Pulumi project to have it checked.");

const pulumiPackageFinding = ({ cwd }: Machine): Finding => {
  const id = "pulumi-package";
  if (!existsSync(join(cwd, "package.json"))) return outsideProject(id);
  const range = ownPackage().peerDependencies["@pulumi/pulumi"];
  const version = installed(cwd, "@pulumi/pulumi");
  const next = `Run npm install "@pulumi/pulumi@${range}" in the project.`;
  if (version === undefined) return problem(id, "@pulumi/pulumi is not installed", next);
  const isSameMajor = version.split(".")[0] === range.replace(/[^\d.]/g, "").split(".")[0];
  return isSameMajor && isAtLeast(version, range)
    ? ok(id, `@pulumi/pulumi ${version}`)
    : problem(id, `@pulumi/pulumi ${version}, expected ${range}`, next);
};

const ownPackageFinding = ({ cwd }: Machine): Finding => {
  const id = "own-package";
  if (!existsSync(join(cwd, "package.json"))) return outsideProject(id);
  const version = installed(cwd, "pulumi-azureml");
  return version === undefined
    ? problem(
        id,
        "pulumi-azureml is not installed in the project",
        "Run npm install pulumi-azureml in the project.",
      )
    : ok(id, `pulumi-azureml ${version}`);
};

const LEAST_CLI = "3.100.0";

const cliFinding = async (machine: Machine): Promise<Finding> => {
  const version = await machine.versionOf("pulumi", "version");
  const next = "Install it from https://www.pulumi.com/docs/install/ and put it on PATH.";
  if (version === undefined) return problem("pulumi-cli", "the Pulumi CLI is not on PATH", next);
  return isAtLeast(version, LEAST_CLI)
    ? ok("pulumi-cli", version)
    : problem("pulumi-cli", `Pulumi ${version}`, `Use ${LEAST_CLI} or newer. ${next}`);
};

const lockFiles: readonly (readonly [string, string])[] = [
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
];

const packageManagerFinding = async ({ cwd, versionOf: version }: Machine): Promise<Finding> => {
  const id = "package-manager";
  const name = lockFiles.find(([file]) => existsSync(join(cwd, file)))?.[1] ?? "npm";
  const found = await version(name, "--version");
  return found === undefined
    ? problem(id, `${name} is not on PATH`, `Install ${name}, which the project's lock file is of.`)
    : ok(id, `${name} ${found}`);
};

/** Any address in Azure: which cloud it is of makes no difference to a proxy. */
const ARM = "https://management.azure.com";

const proxyFinding = ({ env }: Machine): Finding => {
  try {
    const proxy = proxyFor(new URL(ARM), env);
    return ok("proxy", proxy ? `${proxy.protocol}//${proxy.host}` : "none");
  } catch (error) {
    return problem("proxy", (error as Error).message, "Correct the variable that the message names.");
  }
};

const tlsFinding = ({ env }: Machine): Finding => {
  const id = "tls";
  if (env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0")
    return problem(
      id,
      "NODE_TLS_REJECT_UNAUTHORIZED=0: no certificate is checked, and a token can be read on its way",
      "Unset it; name your company's authority in NODE_EXTRA_CA_CERTS.",
    );
  const authority = env["NODE_EXTRA_CA_CERTS"];
  if (authority && !existsSync(authority))
    return problem(
      id,
      "NODE_EXTRA_CA_CERTS names a file that is not there",
      "Correct the path; Node.js ignores it silently.",
    );
  return ok(
    id,
    authority ? "certificates are checked, with an authority of yours" : "certificates are checked",
  );
};
