import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Ready } from "../harness/emulator-process";
import { repository } from "../harness/project-folder";

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

/** Starts the server of test/crossed with that Python. */
export function startPythonClient(python: string): PythonClient {
  const child = spawn(python, [join(repository(), "test", "crossed", "serve.py")], {
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

/** Turns the client to a workspace; it must be turned to one before anything else is asked of it. */
export const turnTo = (client: PythonClient, workspace: Ready): Promise<unknown> =>
  client.call("open", {
    ...{ server: workspace.url, discovery_url: workspace.discoveryUrl },
    ...{ workspace_id: workspace.workspaceId, token: workspace.accessToken },
  });

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
