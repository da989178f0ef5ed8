/** One request and its answer on the way through the proxy; JSON bodies are parsed. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  /** The request's JSON body. */
  readonly sent: unknown;
  status: number;
  body: unknown;
}

/** A mistake that an emulator could have. It changes what is sent on, or what is answered. */
export interface Breakage {
  readonly name: string;
  readonly says: string;
  readonly onRequest?: (method: string, path: string, body: unknown) => unknown;
  readonly onAnswer?: (exchange: Exchange) => void;
}

type Json = Record<string, unknown>;

/** Changes nothing: with it every scenario must pass, or the proxy itself is what the others notice. */
export const control: Breakage = { name: "none", says: "the emulator as it is" };

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isService = (path: string): boolean => /\/services\/(?!validate|migrate)[^/]+$/.test(path);

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

const withoutLastTag = (operation: Operation): Operation =>
  operation.path === "/kvTags" && isObject(operation.value)
    ? { ...operation, value: Object.fromEntries(Object.entries(operation.value).slice(0, -1)) }
    : operation;

/** A refused change of a property is answered as if it had been made. */
function acceptProperties(exchange: Exchange): void {
  const refused = exchange.method === "PATCH" && exchange.status === 400;
  if (!refused || !JSON.stringify(exchange.body).includes("ImmutableProperty")) return;
  exchange.status = 200;
  exchange.body = { operationId: "none" };
}

/** Five mistakes that matter: each must be noticed by a scenario. */
export const breakages: readonly Breakage[] = [
  {
    name: "missing-member",
    says: "service documents have no scoringUri",
    onAnswer: (exchange) => {
      if (isService(exchange.path) && isObject(exchange.body)) delete exchange.body["scoringUri"];
    },
  },
  {
    name: "wrong-status",
    says: "a delete of a missing service is a 404 instead of a 204",
    onAnswer: (exchange) => {
      if (exchange.method === "DELETE" && exchange.status === 204) exchange.status = 404;
    },
  },
  {
    name: "lost-tag",
    says: "a replace of the tags loses the last one",
    onRequest: (method, path, body) =>
      method === "PATCH" && isService(path) && Array.isArray(body)
        ? (body as Operation[]).map(withoutLastTag)
        : body,
  },
  {
    name: "wrong-operation-state",
    says: "operations end as Completed instead of Succeeded",
    onAnswer: (exchange) => {
      const over = isObject(exchange.body) && exchange.body["state"] === "Succeeded";
      if (over && exchange.path.includes("/operations/"))
        exchange.body = { ...(exchange.body as Json), state: "Completed" };
    },
  },
  { name: "mutable-properties", says: "a changed property is accepted", onAnswer: acceptProperties },
];
