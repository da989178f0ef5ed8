import { createServer, request as send, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { startEmulator, type Emulator } from "../../emulator";
import type { Kind, Planted } from "./plan";
import { runCompare, type Verdict } from "./run-compare";
import { callWorkspace } from "../harness/workspace";

const keys = { primaryKey: "key-of-the-emulated-service", secondaryKey: "another-key-of-the-service" };

const start = (): Promise<Emulator> =>
  startEmulator({
    operationTime: 0,
    seed: {
      services: [
        {
          ...{ name: "fraud", computeType: "AKS", computeName: "aks", state: "Healthy", keys },
          environmentImageRequest: { modelIds: ["sk:1"] },
        },
      ],
    },
  });

interface Answered {
  service?: unknown;
  models?: unknown;
  input: { n: unknown; data: number[] };
}

const plant: Readonly<Record<Exclude<Kind, "status">, (answer: Answered) => void>> = {
  number: ({ input }) => void (input.data[0] = input.data[0]! * 1.001),
  missing: (answer) => void delete answer.models,
  order: ({ input }) => void input.data.reverse(),
  type: (answer) => void (answer.service = [answer.service]),
};

const HUGE = 100 * 1024 * 1024;

interface Spoiler {
  readonly url: string;
  close(): void;
}

/**
 * Stands before the new emulator: its answers differ in what does not matter, and as planted. One of them has 100 MB.
 *
 * @param onScored called with how many inputs have been scored
 */
const spoil = async (
  target: string,
  planted: Planted,
  huge: number,
  onScored: (count: number) => Promise<void>,
): Promise<Spoiler> => {
  let count = 0;
  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then(async (body) => {
      await onScored((count += 1));
      const { authorization = "", "content-type": type = "" } = incoming.headers;
      const headers = { authorization, "content-type": type };
      const outgoing = send(`${target}${incoming.url}`, { method: "POST", headers }, (answer) => {
        void bodyOf(answer).then((text) => respond(response, answer.statusCode!, text, planted, huge));
      });
      outgoing.end(body);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

const bodyOf = async (stream: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = [];
  for await (const piece of stream as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces).toString();
};

const respond = (
  response: ServerResponse,
  status: number,
  text: string,
  planted: Planted,
  huge: number,
): void => {
  const answer = { ...(JSON.parse(text) as Answered), requestId: Math.random() };
  const n = Number(answer.input.n);
  const kind = planted.get(n);
  answer.input.data = answer.input.data.map((number) => number * (1 + 1e-9));
  if (kind !== undefined && kind !== "status") plant[kind](answer);
  response.on("error", () => undefined);
  response.writeHead(kind === "status" ? 500 : status, { "content-type": "application/json" });
  response.end(n === huge ? Buffer.alloc(HUGE, "1") : JSON.stringify(answer));
};

/** A service of an emulated workspace, by its name, against another one; the key of the first is rotated halfway. */
export const judgeEmulated = async (file: string, inputs: number, planted: Planted): Promise<Verdict> => {
  const [old, fresh] = [await start(), await start()];
  const huge = [...Array(inputs).keys()].find((n) => !planted.has(n))!;
  const spoiler = await spoil(fresh.url, planted, huge, async (count) => {
    if (count === Math.ceil(inputs / 2)) await rotate(old);
  });
  try {
    return await runCompare({
      ...{ name: "the emulator", inputs: file, planted },
      old: "fraud",
      fresh: `${spoiler.url}/api/v1/service/fraud/score`,
      env: {
        AZUREML_DISCOVERY_URL: old.discoveryUrl,
        AZUREML_ACCESS_TOKEN: old.accessToken,
        AZUREML_WORKSPACE_ID: old.workspaceId,
        AZUREML_NEW_KEY: keys.primaryKey,
      },
    });
  } finally {
    spoiler.close();
    await Promise.all([old.close(), fresh.close()]);
  }
};

const rotate = async (emulator: Emulator): Promise<void> => {
  const key = { keyType: "Primary", keyValue: null };
  const answer = await callWorkspace(emulator, "POST", "/services/fraud/regenerateKeys", key);
  if (!answer.ok) throw new Error(`expected the key to be rotated, found ${answer.status}`);
};
