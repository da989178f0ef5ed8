import { param, type Call } from "../server/call";
import { parseJson } from "../server/json";
import { sameText } from "../server/same-text";
import type { Reply } from "../server/reply";
import type { Service } from "./service";
import { scoringUri } from "./service-view";
import type { Workspace } from "../state/workspace";

/** Scoring answers come from the service's own container: plain messages, no error documents. */
const plain = (status: number, message: string): Reply => ({ status, body: { message } });

function admitted(workspace: Workspace, service: Service, given: string): boolean {
  const { authEnabled, aadAuthEnabled } = service.settings;
  if (aadAuthEnabled) {
    const token = workspace.state.tokens[given];
    return token?.service === service.name && token.expiresAt > workspace.clock.now();
  }
  const { primaryKey, secondaryKey } = service.keys;
  return !authEnabled || sameText(given, primaryKey) || sameText(given, secondaryKey);
}

const bearer = (header: string | undefined): string => /^Bearer (.+)$/i.exec(header ?? "")?.[1] ?? "";

const bodyKind = (call: Call): "json" | "text" | "bytes" => {
  const type = call.headers["content-type"] ?? "application/json";
  return /json/i.test(type) ? "json" : /^text\//i.test(type) ? "text" : "bytes";
};

/** The input as the answer shows it; undefined when it says it is JSON and cannot be read as JSON. */
function shownInput(call: Call): unknown {
  const kind = bodyKind(call);
  const text = call.body.toString(kind === "bytes" ? "base64" : "utf8");
  if (kind !== "json") return text;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function answer(call: Call, service: Service): Reply {
  const input = shownInput(call);
  if (input === undefined) return plain(400, "The request's body is not JSON, or is nested too deep.");
  const { modelIds = [], imageId = null, code = null } = service.deployment ?? {};
  const identity = { ...(imageId === null ? {} : { imageId }), ...(code === null ? {} : { code }) };
  return { status: 200, body: { service: service.name, models: modelIds, ...identity, input } };
}

/** POST api/v1/service/{name}/score: checks the key or the token, then shows what is deployed and the input. */
export function score(call: Call): Reply {
  const { workspace } = call;
  const service = workspace.state.services[param(call, "name")];
  if (service === undefined) return plain(404, "no such service");
  if (!admitted(workspace, service, bearer(call.headers.authorization)))
    return { ...plain(401, "Unauthorized"), headers: { "WWW-Authenticate": "Bearer" } };
  return service.deployment === null ? plain(503, "no healthy upstream") : answer(call, service);
}

const swagger = (workspace: Workspace, service: Service) => ({
  swagger: "2.0",
  info: { title: service.name, description: service.settings.description ?? "", version: "1.0" },
  schemes: ["http"],
  host: new URL(workspace.url).host,
  paths: {
    [new URL(scoringUri(workspace, service.name)).pathname]: {
      post: {
        operationId: "RunMLService",
        consumes: ["application/json"],
        produces: ["application/json"],
        parameters: [{ name: "serviceInputPayload", in: "body", required: true, schema: { type: "object" } }],
        responses: { "200": { description: "The service's answer", schema: { type: "object" } } },
      },
    },
  },
});

/** GET api/v1/service/{name}/swagger.json */
export function getSwagger(call: Call): Reply {
  const service = call.workspace.state.services[param(call, "name")];
  return service === undefined
    ? plain(404, "no such service")
    : { status: 200, body: swagger(call.workspace, service) };
}
