import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EmulatorProcess } from "../../harness/emulator-process";
import { run } from "../../harness/run";
import { environment, tarball } from "../packed";

/** Somebody with the tarball, its pages, and a folder that was empty. Types what a page says, and reads what comes. */
export interface Stranger {
  /** The folder in which commands are typed; moved by `cd`, and no other way. */
  readonly at: string;
  /** Types a command of a page that came with the package. Fails where the page does not have it, or it does not end as it should. */
  types(page: string, command: string, ends?: Ending): Promise<string>;
  /** Types what no page says, such as a mistake. */
  tries(command: string, ends: Ending): Promise<string>;
  /** What stands for a word of a page, from now on. */
  means(word: string, value: string): void;
  /** A variable of the shell; undefined takes it away. */
  exports(variables: Readonly<Record<string, string | undefined>>): void;
  readonly typed: { readonly ofPages: number; readonly own: number };
}

export interface Ending {
  readonly status?: number | "a failure";
  /** Texts that tell the reader what he has to know. */
  readonly says?: readonly string[];
}

/** The page of the project in which the stranger is, which a command has written. */
export const WRITTEN = "its own README.md";

const INSTALLED = join("node_modules", "pulumi-azureml");

export function strangerIn(start: string, shared: NodeJS.ProcessEnv): Stranger {
  let at = start;
  let env: NodeJS.ProcessEnv = { ...environment(), npm_config_prefer_offline: "true", ...shared };
  const typed = { ofPages: 0, own: 0 };
  const words = new Map<string, string>([["npm install pulumi-azureml", `npm install ${tarball()}`]]);
  const meant = (command: string): string =>
    [...words].reduce((text, [word, value]) => text.replaceAll(word, value), command);
  const has = (page: string, command: string): boolean => {
    const file = page === WRITTEN ? join(at, "README.md") : join(start, INSTALLED, page);
    return new RegExp(`(^|\\n) *${escaped(command)}( .*)?\\n|\`${escaped(command)}\``).test(
      readFileSync(file, "utf8"),
    );
  };

  const enter = async (command: string, { status = 0, says = [] }: Ending): Promise<string> => {
    if (command.startsWith("cd ")) {
      at = join(at, command.slice(3));
      return "";
    }
    // Who is asked by `pulumi up` answers yes.
    const line = meant(command).replace(/^pulumi (up|destroy)(?!.*--yes)/, "pulumi $1 --yes");
    const ended = await run("bash", ["--noprofile", "--norc", "-c", line], { folder: at, env });
    if (status === "a failure" ? ended.status === 0 : ended.status !== status)
      throw new Error(`$ ${line}\n${ended.printed}\nended with ${ended.status}`);
    for (const text of says) expect(ended.printed).toContain(text);
    return ended.printed;
  };
  return {
    get at() {
      return at;
    },
    typed,
    async types(page, command, ends = {}) {
      typed.ofPages += 1;
      const printed = await enter(command, ends);
      // Looked up afterwards: the first command brings the pages.
      if (!has(page, command)) throw new Error(`${page} does not have the command ${command}`);
      return printed;
    },
    async tries(command, ends) {
      typed.own += 1;
      return await enter(command, ends);
    },
    means: (word, value) => void words.set(word, value),
    exports(variables) {
      env = Object.fromEntries(
        Object.entries({ ...env, ...variables }).filter(([, value]) => value !== undefined),
      );
    },
  };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** What proves who asks, and where; a person has `az login` and the workspace's id in its place. */
export const signedIn = ({ discoveryUrl, accessToken }: EmulatorProcess) => ({
  AZUREML_DISCOVERY_URL: discoveryUrl,
  AZUREML_ACCESS_TOKEN: accessToken,
});

export const signedOut = { AZUREML_DISCOVERY_URL: undefined, AZUREML_ACCESS_TOKEN: undefined } as const;
