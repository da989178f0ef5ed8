import { startEmulator, type Emulator, type EmulatorOptions } from "../../emulator/index";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly body: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
}

/** A clock that stands still until it is moved. */
export const manualClock = (start = Date.UTC(2026, 0, 2, 3, 4, 5)) => {
  let time = start;
  return { now: () => time, pass: (milliseconds: number) => void (time += milliseconds) };
};

/** An emulator with a clock of its own, and the calls of the API on it. */
export interface Emulated extends Emulator {
  readonly clock: ReturnType<typeof manualClock>;
  /** A call below the workspace, with the token. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Any URL, without the token. */
  plain(method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Creates a service and waits (by the clock) until it is Healthy. */
  deploy(name: string, request?: object): Promise<Record<string, any>>; // eslint-disable-line @typescript-eslint/no-explicit-any
  service(name: string): Promise<Record<string, any>>; // eslint-disable-line @typescript-eslint/no-explicit-any
  operation(answer: Answer): Promise<Record<string, any>>; // eslint-disable-line @typescript-eslint/no-explicit-any
}

export const operationTime = 1000;
export const token = "a-token";

async function send(
  method: string,
  url: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  const raw = typeof body === "string" || body instanceof Uint8Array;
  const payload = body === undefined ? {} : { body: raw ? body : JSON.stringify(body) };
  const response = await fetch(url, { method, headers, ...payload });
  const text = await response.text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  return { status: response.status, headers: response.headers, text, body: parsed as Answer["body"] };
}

export const minimal = (name: string) => ({
  name,
  computeType: "AKS",
  computeName: "aks-a",
  environmentImageRequest: { modelIds: ["sk:1"] },
});

export async function emulated(options: EmulatorOptions = {}): Promise<Emulated> {
  const clock = manualClock();
  const emulator = await startEmulator({ accessToken: token, operationTime, clock, ...options });
  const mms = `${emulator.url}/modelmanagement/v1.0${emulator.workspaceId}`;
  const call: Emulated["call"] = (method, path, body, headers = {}) =>
    send(method, `${mms}${path}`, body, { Authorization: `Bearer ${token}`, ...headers });
  const service: Emulated["service"] = async (name) =>
    (await call("GET", `/services/${name}?expand=true`)).body;
  return {
    ...emulator,
    clock,
    call,
    service,
    plain: (method, url, body, headers = {}) => send(method, url, body, headers),
    async deploy(name, request = {}) {
      const answer = await call("POST", "/services", { ...minimal(name), ...request });
      if (answer.status !== 202) throw new Error(`deploy: ${answer.status} ${answer.text}`);
      clock.pass(operationTime);
      return await service(name);
    },
    async operation(answer) {
      const id = (answer.headers.get("operation-location") ?? "").split("/").pop() ?? "";
      return (await call("GET", `/operations/${id}`)).body;
    },
  };
}
