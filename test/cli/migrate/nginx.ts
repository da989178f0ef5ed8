import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createServer, request as send, type Server } from "node:http";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer as createNetServer, type AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

/** nginx as Debian's package nginx-light installs it; undefined where there is none. */
export const findNginx = (): string | undefined =>
  [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"]
    .map((folder) => join(folder, "nginx"))
    .find((program) => spawnSync(program, ["-v"]).status === 0);

const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/** nginx around a part of a configuration, which may be written anew. */
export interface Nginx {
  readonly url: string;
  /** Writes the part anew and has it loaded; resolves when all answers are by it. */
  reload(part: string): Promise<void>;
  stop(): Promise<void>;
}

/** @throws with nginx's own words where it does not take the configuration */
export const startNginx = async (
  program: string,
  folder: string,
  partFor: (listen: string) => string,
): Promise<Nginx> => {
  const port = await freePort();
  const part = join(folder, "router.conf");
  mkdirSync(folder, { recursive: true });
  const temporary = TEMPORARY.map((name) => `${name}_temp_path ${join(folder, name)};`).join(" ");
  const main = [
    "daemon off; worker_processes 1; error_log stderr notice;",
    `pid ${join(folder, "nginx.pid")};`,
    "events {}",
    `http { access_log off; ${temporary} include ${part}; }`,
  ];
  writeFileSync(part, partFor(`127.0.0.1:${port}`));
  writeFileSync(join(folder, "nginx.conf"), main.join("\n"));
  const args = ["-p", folder, "-c", join(folder, "nginx.conf")];
  const checked = spawnSync(program, [...args, "-t"], { encoding: "utf8" });
  if (checked.status !== 0) throw new Error(checked.stderr);
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  const says = linesOf(child);
  await says(/start worker process/);
  return {
    url: `http://127.0.0.1:${port}`,
    reload: async (text) => {
      writeFileSync(part, text);
      child.kill("SIGHUP");
      // Until the worker before it has ended, it takes calls by its own weights.
      await says(/worker process \d+ exited with code 0/);
    },
    stop: () => ended(child),
  };
};

/** Resolves at the next line of nginx's log that is so. */
const linesOf = (child: ChildProcess) => {
  const waiting: { line: RegExp; resolve: () => void }[] = [];
  createInterface(child.stderr!).on("line", (text) => {
    if (waiting[0]?.line.test(text)) waiting.shift()!.resolve();
  });
  return (line: RegExp) => new Promise<void>((resolve) => waiting.push({ line, resolve }));
};

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGQUIT");
  });

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createNetServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** A scoring service that answers with its name, and keeps what it was sent. */
export interface Scorer {
  readonly url: string;
  readonly calls: readonly { path: string; authorization: string | undefined; body: string }[];
  close(): void;
}

export const startScorer = async (name: string): Promise<Scorer> => {
  const calls: { path: string; authorization: string | undefined; body: string }[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      calls.push({ path: request.url ?? "", authorization: request.headers.authorization, body });
      response.end(name);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, calls, close: () => void server.close() };
};

/** One call on a connection of its own: a reload closes those that wait for another call. */
export const post = (url: string, body: string, headers: Readonly<Record<string, string>>) =>
  new Promise<{ status: number | undefined; served: string; by: unknown }>((resolve, reject) => {
    const call = send(url, { method: "POST", agent: false, headers }, (response) => {
      let served = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (served += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode, served, by: response.headers["x-served-by"] }),
      );
    });
    call.on("error", reject).end(body);
  });
