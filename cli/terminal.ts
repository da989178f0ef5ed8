import { safeText } from "../provider/azure/safe-text";

/** Where a command writes; a test puts texts in place of the streams. */
export interface Streams {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

/** By their codes: node:util's styleText decides by the process's own streams, and not in every Node.js. */
const styles = { bold: 1, red: 31, green: 32, yellow: 33 } as const;
type Style = keyof typeof styles;

/** What a command says. Nothing of it can steer the terminal, whatever a service's texts hold. */
export interface Terminal {
  /** A line of the result; not with `--json`. */
  line(text?: string, style?: Style): void;
  /** The result as JSON; only with `--json`. */
  json(value: unknown): void;
  /** What is done so far: one line that changes on a terminal, and now and then a line elsewhere. */
  progress(what: string, done: number): void;
  /** What matters beside the result. */
  warn(text: string): void;
}

export interface TerminalOptions {
  readonly json: boolean;
  readonly color: boolean;
}

/** How many steps lie between two lines of progress where nobody watches a terminal. */
const EVERY = 100;

export const openTerminal = ({ stdout, stderr }: Streams, { json, color }: TerminalOptions): Terminal => {
  const safe = safeText([]);
  const painted = (text: string, style: Style | undefined, stream: Streams["stdout"]): string =>
    style !== undefined && color && stream.isTTY === true ? `\u001b[${styles[style]}m${text}\u001b[0m` : text;
  let passing = false;
  const endPassing = (): void => {
    if (passing) stderr.write("\r\u001b[K");
    passing = false;
  };
  return {
    line: (text = "", style) => {
      if (json) return;
      endPassing();
      stdout.write(`${painted(safe(text), style, stdout)}\n`);
    },
    json: (value) => {
      if (!json) return;
      endPassing();
      stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    progress: (what, done) => {
      if (stderr.isTTY === true) {
        stderr.write(`\r\u001b[K${safe(what)}: ${done}`);
        passing = true;
      } else if (done > 0 && done % EVERY === 0) stderr.write(`${safe(what)}: ${done}\n`);
    },
    warn: (text) => {
      endPassing();
      stderr.write(`${painted(safe(text), "yellow", stderr)}\n`);
    },
  };
};

/** Whether colours are welcome, by the conventions of the environment. */
export const wantsColor = (env: Readonly<Record<string, string | undefined>>, noColor: boolean): boolean =>
  !noColor && !env["NO_COLOR"] && env["TERM"] !== "dumb";
