import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Emulator } from "../../emulator";
import { standInEnvironment } from "../arm/stand-in";
import { envFor } from "../cli/run";
import { repository } from "../harness/project-folder";

// A page of docs/ word for word: each of its commands, one after the other, in one shell.

/** The commands of a page, a line each, with the emulated workspace in place of a reader's own. */
export const commandsOf = (page: string, { workspaceId }: Emulator): readonly string[] =>
  [...readFileSync(join(repository(), "docs", page), "utf8").matchAll(/^( *)```sh\n([^]*?)\n *```/gm)]
    .flatMap(([, indent = "", block = ""]) => block.split("\n").map((line) => line.slice(indent.length)))
    .map((line) =>
      line
        .replace(/\/subscriptions\/…\/workspaces\/[\w-]+/, workspaceId)
        .replaceAll("acme/", "organization/"),
    );

/** A folder as a reader's is after `npm install pulumi-azureml`. */
export const readersFolder = (): string => {
  const root = mkdtempSync(join(realpathSync(tmpdir()), "azureml-page-"));
  linkModules(root);
  return root;
};

export const linkModules = (folder: string): void =>
  symlinkSync(join(repository(), "node_modules"), join(folder, "node_modules"), "junction");

export const removeFolder = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

/** Programs of the repository in place of what a reader installs; of what is not there, a note in `called` that it was called. */
export const readersEnvironment = (
  root: string,
  emulator: Emulator,
  arm: { readonly url: string },
): NodeJS.ProcessEnv => {
  mkdirSync(join(root, "bin"));
  mkdirSync(join(root, "backend"));
  const command = (name: string, script: string): void => {
    const file = join(root, "bin", name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  };
  const cli = join(repository(), "cli", "bin.js");
  const compiler = join(repository(), "node_modules", "typescript", "bin", "tsc");
  command(
    "npx",
    `tool=$1; shift; case $tool in pulumi-azureml) exec node '${cli}' "$@";; tsc) exec node '${compiler}' "$@";; esac; exit 127`,
  );
  command("npm", "exit 0");
  for (const name of ["kubectl", "nginx"]) command(name, `echo "${name} $*" >> '${join(root, "called")}'`);
  command(
    "jq",
    `exec node -e 'let text = ""; process.stdin.on("data", (part) => (text += part)).on("end", () => console.log(JSON.parse(text)[process.argv[1].slice(1)]))' "$2"`,
  );
  const path = [join(root, "bin"), process.env["PATH"]].join(delimiter);
  return {
    ...process.env,
    ...envFor(emulator),
    ...standInEnvironment(root, arm, path),
    PULUMI_BACKEND_URL: `file://${join(root, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
};

/** What ends with another status than 0 where there is something to look at. */
const FINDINGS: readonly (readonly [RegExp, number])[] = [
  [/ (assess|check-script|doctor|migrate|snapshot|import) /, 2],
  // The emulated service answers with its own name.
  [/ compare /, 1],
];

/** A reader answers a question where this flag does. */
const confirmed = (line: string): string =>
  line.replace(/^pulumi (up|destroy)\b(?!.*--yes)/, "pulumi $1 --yes");

/** Runs lines in one shell, which ends at the first that fails. @returns what they print, each after its line */
export const shell = (lines: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> => {
  const each = lines.map((line) => {
    const allowed = FINDINGS.find(([pattern]) => pattern.test(`${line} `))?.[1] ?? 0;
    return `echo '$ ${line.replaceAll("'", "’")}'\n${confirmed(line)}\nended=$?; [ $ended = 0 ] || [ $ended = ${allowed} ] || { echo "ended with $ended"; exit 9; }`;
  });
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["--noprofile", "--norc", "-c", each.join("\n")], {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
    child.on("error", reject);
    child.on("close", (status) =>
      status === 0 ? resolve(printed) : reject(new Error(`ended with ${String(status)}:\n${printed}`)),
    );
  });
};
