import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case } from "./cases";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

const folder = mkdtempSync(join(tmpdir(), "wire-"));
mkdirSync(join(folder, "src"));
writeFileSync(join(folder, "src", "score.py"), "def run(data):\n    return data\n");

export const removeFiles = (): void => rmSync(folder, { recursive: true, force: true });

const script = { [SIGNATURE]: ASSET, hash: "script", path: join(folder, "src", "score.py") };
const directory = { [SIGNATURE]: ARCHIVE, hash: "folder", path: join(folder, "src") };

/** The environment that the recorded client was given. */
const environment = {
  name: "env-a",
  environmentVariables: { A: "b" },
  condaDependencies: {
    name: "project_environment",
    dependencies: ["python=3.8.13", { pip: ["azureml-defaults"] }],
    channels: ["anaconda", "conda-forge"],
  },
  baseImage: "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20251130.v1",
};

const configs: Readonly<Record<string, object>> = {
  environment: { entryScript: "score.py", source: script, environment },
  source_dir: { entryScript: "score.py", source: directory, environment },
  bare: { entryScript: "score.py", source: script },
};

/** What the program says of code where the call named an inference configuration. */
export const codeOf = (inference: unknown): Readonly<Record<string, unknown>> =>
  typeof inference === "string" ? { inferenceConfig: configs[inference] } : {};

/** A body with the names that are made anew for each upload replaced as the recording has them. */
export const withoutNames = (body: unknown): unknown =>
  JSON.parse(
    JSON.stringify(body ?? null)
      .replace(/driver_[0-9a-f]{8}\.py/g, "{driver}.py")
      .replace(/LocalUpload\/[0-9a-f-]+\//g, "LocalUpload/{container}/")
      .replace(/[0-9a-f]{8}\.tar\.gz/g, "{archive}.tar.gz"),
  );

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** The uploads among requests: which files were asked for and stored, in order. */
export const uploadsAmong = (requests: Case["requests"] | readonly Sent[]): readonly unknown[] =>
  requests
    .filter(({ method, path }) => method === "PUT" || /\/batch\/metadata\//.test(path))
    .map(({ method, path, body }) => withoutNames(method === "PUT" ? path.split("/").at(-1) : body));
