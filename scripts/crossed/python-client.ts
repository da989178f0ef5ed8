import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Ready } from "../demo/emulator-process";
import { repository } from "../demo/project-folder";

/** What the Python client raised. `message` is its own. */
export class Raised extends Error {
  constructor(
    /** The exception's class, such as `WebserviceException`. */
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

/** The real Python client in a process of its own. One call at a time. */
export interface PythonClient {
  /** @throws Raised when the client raised; an Error when the process ended */
  call(name: string, given?: object): Promise<unknown>;
  close(): Promise<void>;
}

type Answer = { readonly value: unknown } | { readonly type: string; readonly message: string };

/** Starts the server of test/crossed with that Python, for a workspace. */
export function startPythonClient(python: string, workspace: Ready): PythonClient {
  const child = spawn(python, argumentsFor(workspace), {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  });
  const { said, ended } = lastWords(child);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  child.stdin.on("error", () => undefined);
  return {
    async call(name, given = {}) {
      child.stdin.write(`${JSON.stringify({ call: name, given })}\n`);
      const { value: line, done } = await lines.next();
      if (done !== true) return valueOf(JSON.parse(line) as Answer);
      await ended;
      throw new Error(`the Python client ended during ${name}: ${said()}`);
    },
    // It ends by itself when its input ends, and removes what it wrote.
    close: () => (child.stdin.end(), ended),
  };
}

const argumentsFor = ({ url, discoveryUrl, workspaceId, accessToken }: Ready): readonly string[] => [
  join(repository(), "test", "crossed", "serve.py"),
  ...["--server", url, "--discovery-url", discoveryUrl],
  ...["--workspace-id", workspaceId, "--token", accessToken],
];

function lastWords(child: ChildProcessWithoutNullStreams) {
  let text = "";
  child.stderr.on("data", (chunk: Buffer) => (text = (text + chunk.toString()).slice(-2000)));
  child.on("error", (error) => (text = error.message));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return { said: () => text.trim(), ended };
}

const valueOf = (answer: Answer): unknown => {
  if ("value" in answer) return answer.value;
  throw new Raised(answer.type, answer.message);
};
