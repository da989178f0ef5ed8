import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** A client of Microsoft's, and what is installed beside it. */
export interface PythonClient {
  readonly name: string;
  readonly version: string;
  /** What a program imports; the name with dots when absent. */
  readonly module?: string;
  readonly beside: readonly string[];
}

/** The client whose traffic was recorded; its versions differ on the wire. */
const webServices: PythonClient = {
  name: "azureml-core",
  version: "1.61.0.post4",
  beside: ["setuptools<81"],
};

/** The client of endpoints. */
export const endpoints: PythonClient = { name: "azure-ai-ml", version: "1.35.2", beside: [] };

/** The server that runs entry scripts, of this API as of the newer one. */
export const inferenceServer: PythonClient = {
  name: "azureml-inference-server-http",
  version: "1.5.1",
  module: "azureml_inference_server_http",
  beside: [],
};

const candidates = ["python3.11", "python3.10", "python3.9", "python3", "python"];
const probe = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])";

/** The client has no release for Python 3.12 and later. */
export const isSupported = (version: string): boolean => /^3\.(9|10|11)$/.test(version.trim());

/** A Python that the client runs on; undefined when there is none. `PYTHON` in the environment comes first. */
export function findPython(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const wanted = environment["PYTHON"];
  return [...(wanted === undefined ? [] : [wanted]), ...candidates].find((name) => {
    const { status, stdout } = spawnSync(name, ["-c", probe], { encoding: "utf8", env: environment });
    return status === 0 && isSupported(stdout);
  });
}

const cacheFolder = (environment: NodeJS.ProcessEnv): string =>
  environment["XDG_CACHE_HOME"] || path.join(os.homedir(), ".cache");

const installed = (python: string, { name, version, module }: PythonClient): boolean => {
  const ask = `import importlib.metadata as m; print(m.version('${name}')); import ${module ?? name.replaceAll("-", ".")}`;
  const { status, stdout } = spawnSync(python, ["-c", ask], { encoding: "utf8" });
  return status === 0 && stdout.trim() === version;
};

function run(command: string, args: readonly string[], what: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return;
  const tail = `${stdout}${stderr}`.trim().split("\n").slice(-5).join("\n");
  throw new Error(`${what} failed:\n${tail}`);
}

/** A Python with the client; without one that it runs on, undefined, once `say` has been told what to install. */
export function readyPython(say: (line: string) => void, client = webServices): string | undefined {
  const base = findPython();
  if (base !== undefined) return clientPython(base, say, client);
  say(
    `skipped: no Python 3.9 to 3.11 with venv on PATH (${webServices.name} ${webServices.version} has no later release).`,
  );
  say("Install Python 3.11 (Debian and Ubuntu: python3.11 python3.11-venv), or name one in PYTHON.");
  return undefined;
}

/** The Python of a virtual environment with the client, made when it is not there yet. Throws with pip's last words. */
function clientPython(base: string, say: (line: string) => void, client: PythonClient): string {
  const release = `${client.name}-${client.version}`;
  const folder = path.join(cacheFolder(process.env), "pulumi-azureml", release);
  const python = path.join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  if (existsSync(python) && installed(python, client)) return python;
  say(`installing ${client.name} ${client.version} into ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run(base, ["-m", "venv", folder], "making the virtual environment");
  const packages = [`${client.name}==${client.version}`, ...client.beside];
  run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages], "pip install");
  return python;
}
