import type { Agent } from "node:http";
import type { Emulator } from "../../emulator/index";
import { exchange, type Answer } from "./http";
import type { VirtualClock } from "./virtual-clock";

export type Json = Readonly<Record<string, unknown>>;

export interface Keys {
  readonly primaryKey: string;
  readonly secondaryKey: string;
}

/** A model with the content of its one file. */
export interface LiveModel {
  readonly document: Json;
  readonly content: string | undefined;
}

/**
 * What is in the workspace, asked by HTTP with the token and without a line of the provider's code. It is also the hand of
 * whoever changes something outside the program.
 */
export interface Witness {
  services(): Promise<readonly Json[]>;
  keys(name: string): Promise<Keys>;
  /** What the scoring endpoint says is deployed: `models`, and `code` where there is some. */
  deployed(name: string): Promise<Json>;
  models(): Promise<readonly LiveModel[]>;
  /** Deletes a service and waits for it. */
  deleteService(name: string): Promise<void>;
  patchService(name: string, operations: readonly object[]): Promise<void>;
  createService(body: Json): Promise<void>;
  registerModel(name: string, content: string): Promise<void>;
  deleteModels(name: string): Promise<void>;
  patchModels(name: string, operations: readonly object[]): Promise<void>;
}

/** As long as any operation of the emulated workspace takes, and a little more. */
const AN_OPERATION_MS = 10_000;

const asList = (answer: Answer): readonly Json[] => {
  const body: unknown = JSON.parse(answer.text);
  return (Array.isArray(body) ? body : ((body as { value?: unknown }).value ?? [])) as readonly Json[];
};

const asJson = (answer: Answer): Json => JSON.parse(answer.text) as Json;

export function openWitness(emulator: Emulator, clock: VirtualClock, agent: Agent): Witness {
  const root = `${emulator.url}/modelmanagement/v1.0${emulator.workspaceId}`;
  const artifacts = `${emulator.url}/artifact/v2.0${emulator.workspaceId}/artifacts`;
  const send = (method: string, url: string, body?: unknown, token = emulator.accessToken): Promise<Answer> =>
    exchange(agent, {
      method,
      url,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const expected = async (method: string, url: string, body?: unknown, token?: string): Promise<Answer> => {
    const answer = await send(method, url, body, token);
    if (answer.status < 300) return answer;
    throw new Error(`the witness: ${method} ${url.replace(root, "")}: ${answer.status} ${answer.text}`);
  };
  /** Sends until no operation of another one is in the way. */
  const change = async (method: string, url: string, body?: unknown): Promise<void> => {
    let answer = await send(method, url, body);
    if (answer.status === 409) {
      clock.advance(AN_OPERATION_MS);
      answer = await send(method, url, body);
    }
    clock.advance(AN_OPERATION_MS);
  };
  const contentOf = async (model: Json): Promise<string | undefined> => {
    const assetId = /^aml:\/\/asset\/(.+)$/.exec(String(model["url"]))?.[1];
    if (assetId === undefined) return undefined;
    const asset = asJson(await expected("GET", `${root}/assets/${assetId}`));
    const [first] = asset["artifacts"] as readonly Json[];
    const place = String(first?.["prefix"] ?? first?.["id"]);
    const { contentUri } = asJson(await expected("GET", `${artifacts}/contentinfo/${place}`));
    const blob = await exchange(agent, { method: "GET", url: String(contentUri) });
    return blob.status === 200 ? blob.text : undefined;
  };
  const modelDocuments = async (): Promise<readonly Json[]> =>
    asList(await expected("GET", `${root}/models`));
  const ofName = async (name: string): Promise<readonly Json[]> =>
    (await modelDocuments()).filter((model) => model["name"] === name);
  const keys = async (name: string): Promise<Keys> =>
    asJson(await expected("POST", `${root}/services/${name}/listkeys`)) as unknown as Keys;
  return {
    keys,
    services: async () => {
      const names = asList(await expected("GET", `${root}/services`)).map((service) =>
        String(service["name"]),
      );
      return Promise.all(
        names.map(async (name) => asJson(await expected("GET", `${root}/services/${name}?expand=true`))),
      );
    },
    deployed: async (name) => {
      const { primaryKey } = await keys(name);
      return asJson(await send("POST", `${emulator.url}/api/v1/service/${name}/score`, {}, primaryKey));
    },
    models: async () =>
      Promise.all(
        (await modelDocuments()).map(async (document) => ({ document, content: await contentOf(document) })),
      ),
    deleteService: (name) => change("DELETE", `${root}/services/${name}`),
    patchService: (name, operations) => change("PATCH", `${root}/services/${name}`, operations),
    createService: async (body) => {
      await expected("POST", `${root}/services`, body);
      clock.advance(AN_OPERATION_MS);
    },
    registerModel: async (name, content) => {
      const upload = await expected("POST", `${artifacts}/batch/metadata/LocalUpload/${name}`, {
        paths: [{ path: name }],
      });
      const made = asJson(upload)["artifactContentInformation"] as Record<string, Json>;
      const headers = { "x-ms-blob-type": "BlockBlob" };
      await exchange(agent, {
        method: "PUT",
        url: String(made[name]!["contentUri"]),
        headers,
        body: content,
      });
      const asset = await expected("POST", `${root}/assets`, {
        name,
        artifacts: [{ prefix: `LocalUpload/${name}/${name}` }],
      });
      const url = `aml://asset/${String(asJson(asset)["id"])}`;
      await expected("POST", `${root}/models`, { name, url, mimeType: "application/json" });
    },
    deleteModels: async (name) => {
      for (const model of await ofName(name)) await send("DELETE", `${root}/models/${String(model["id"])}`);
    },
    patchModels: async (name, operations) => {
      for (const model of await ofName(name))
        await send("PATCH", `${root}/models/${String(model["id"])}`, operations);
    },
  };
}
