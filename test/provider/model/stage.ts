import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startEmulator, type Emulator, type EmulatorOptions } from "../../../emulator/index";
import { connect } from "../../../provider/azure/connect";
import type { LogLine } from "../../../provider/host/engine-log";
import { modelProvider } from "../../../provider/model/provider";
import { plainValues, type Values } from "../webservice/stage";
import { callWorkspace } from "../../harness/workspace";

export const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/azureml:Model::fraud";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

export const asset = (hash: string, content: Values) => ({ [SIGNATURE]: ASSET, hash, ...content });
export const archive = (hash: string, content: Values) => ({ [SIGNATURE]: ARCHIVE, hash, ...content });

/** The provider of registered models over a real connection to an emulated workspace. */
export interface ModelStage {
  readonly emulator: Emulator;
  readonly lines: LogLine[];
  readonly folder: string;
  /** As the program's process has it: what a run of the engine meets first. */
  provider(): ReturnType<typeof modelProvider>;
  /** A new run of the engine, which starts a provider process of its own. */
  restart(): Promise<void>;
  put(path: string, text: string): string;
  inputs(news?: Values, old?: Values): Promise<Values>;
  create(news?: Values): Promise<{ id: string; outputs: Values; inputs: Values }>;
  call(method: string, path: string, body?: unknown): Promise<Response>;
  /** "POST /models", in order; artifacts and blobs by their last two names. */
  requests(): readonly string[];
  bodies(method: string, ending: RegExp): readonly unknown[];
  close(): Promise<void>;
}

export const startModelStage = async (options: EmulatorOptions = {}): Promise<ModelStage> => {
  const emulator = await startEmulator({ operationTime: 0, ...options });
  const folder = mkdtempSync(join(tmpdir(), "model-"));
  const lines: LogLine[] = [];
  let now = Date.now();
  const clock = {
    now: () => now,
    sleep: async (ms: number) => void (now += ms),
    random: () => 0.5,
  };
  const deps = { clock };
  const env = { AZUREML_DISCOVERY_URL: emulator.discoveryUrl, AZUREML_ACCESS_TOKEN: emulator.accessToken };
  const config: Record<string, string> = { "azureml:workspaceId": emulator.workspaceId };
  let provider: ReturnType<typeof modelProvider>;
  const restart = async () => {
    const log = { write: (line: LogLine) => void lines.push(line), flush: async () => undefined };
    provider = modelProvider(
      { clock, log, newToken: () => "", connect: (to, settings) => connect(to, settings, deps) },
      env,
    );
    await provider.configure({ config: { get: (key) => config[key] } });
  };
  await restart();
  const root = `/modelmanagement/v1.0${emulator.workspaceId}`;
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    return join(folder, path);
  };
  const inputs = async (news: Values = {}, old: Values = {}): Promise<Values> => {
    const source = asset("h1", { path: put("fraud.pkl", "one") });
    const given = { source, __urn: URN, __createdBy: "5ca1ab1e0ddba115", ...news };
    const checked = await provider.check(old, given);
    if (checked.failures.length > 0) throw new Error(checked.failures.map(({ reason }) => reason).join("\n"));
    return { ...checked.inputs, __provider: "exports.handler=()=>null;" };
  };
  const short = (path: string): string =>
    path.startsWith(root) ? path.slice(root.length) : path.replace(/^.*\/([^/]+)\/([^/]+)$/, "$1/$2");
  return {
    emulator,
    lines,
    folder,
    provider: () => provider,
    restart,
    put,
    inputs,
    create: async (news) => {
      const checked = await inputs(news);
      const { id, outs } = await provider.create(checked);
      return { id, outputs: plainValues(outs), inputs: checked };
    },
    call: (method, path, body) => callWorkspace(emulator, method, path, body),
    requests: () =>
      emulator
        .requests()
        .filter(({ path }) => !/discovery$/.test(path))
        .map(({ method, path }) => `${method} ${short(path)}`),
    bodies: (method, ending) =>
      emulator
        .requests()
        .filter((request) => request.method === method && ending.test(request.path))
        .map(({ body }) => body),
    close: async () => {
      rmSync(folder, { recursive: true, force: true });
      await emulator.close();
    },
  };
};
