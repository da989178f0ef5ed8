import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { repository } from "../harness/project-folder";
import type { Planted } from "./plan";
import { runCompare, type Verdict } from "./run-compare";

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

const here = (name: string): string => join(repository(), "test", "compare-judge", name);

const READY_WITHIN_MS = 60_000;

/** Starts Microsoft's inference server with the entry script of one side. */
const startServer = async (python: string, side: "old" | "new", planted: Planted): Promise<Server> => {
  const child = spawn(python, [here("serve.py"), "--entry_script", here("score.py")], {
    env: {
      ...process.env,
      SIDE: side,
      PLANTED: JSON.stringify(Object.fromEntries(planted)),
      PYTHONDONTWRITEBYTECODE: "1",
    },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines = createInterface(child.stdout);
  const [port] = (await Promise.race([once(lines, "line"), once(child, "exit")])) as [string | number];
  // What it logs of each request is read, or it would stand still.
  child.stdout.resume();
  const url = `http://127.0.0.1:${port}`;
  try {
    await ready(url, child);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { url: `${url}/score`, stop: () => stop(child) };
};

const ready = async (url: string, child: ChildProcess): Promise<void> => {
  for (
    const until = Date.now() + READY_WITHIN_MS;
    Date.now() < until && child.exitCode === null;
    await wait(100)
  ) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(`expected the inference server to listen at ${url}, found that it does not`);
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
};

/** Two of Microsoft's inference servers. */
export const judgeServers = async (
  python: string,
  name: string,
  file: string,
  planted: Planted,
): Promise<Verdict> => {
  const servers: Server[] = [];
  try {
    for (const side of ["old", "new"] as const) servers.push(await startServer(python, side, planted));
    const [old, fresh] = servers as [Server, Server];
    return await runCompare({ name, old: old.url, fresh: fresh.url, inputs: file, planted, env: {} });
  } finally {
    for (const server of servers) await server.stop();
  }
};
