import { randomBytes } from "node:crypto";
import { objectBody, outcomeOf, param, type Call } from "../server/call";
import { badRequest } from "../server/errors";
import { regenerated } from "./keys";
import { requireIdle, start } from "../operations/operations";
import { findService } from "./read";
import { ok, type Reply } from "../server/reply";

/** POST services/{name}/listkeys */
export const listKeys = (call: Call): Reply => ok(findService(call.workspace, param(call, "name")).keys);

/** POST services/{name}/regenerateKeys: the new key is in place when the operation has succeeded. */
export function regenerateKeys(call: Call): Reply {
  const { workspace } = call;
  const service = findService(workspace, param(call, "name"));
  requireIdle(workspace, service.name);
  const { keyType, keyValue } = objectBody(call);
  const keys = regenerated(service.keys, keyType, keyValue);
  return start(workspace, { kind: "RegenerateKeys", target: service.name, outcome: outcomeOf(call), keys });
}

const expired = (workspace: Call["workspace"]): string[] =>
  Object.entries(workspace.state.tokens)
    .filter(([, token]) => token.expiresAt <= workspace.clock.now())
    .map(([text]) => text);

/** POST services/{name}/token: for a service with token authentication only. */
export function issueToken(call: Call): Reply {
  const { workspace } = call;
  const service = findService(workspace, param(call, "name"));
  if (!service.settings.aadAuthEnabled)
    throw badRequest("TokenAuthDisabled", `The service ${service.name} does not use token authentication.`);
  for (const text of expired(workspace)) delete workspace.state.tokens[text];
  const now = workspace.clock.now();
  const accessToken = randomBytes(48).toString("base64url");
  const expiresAt = now + workspace.tokenLifetime * 1000;
  workspace.state.tokens[accessToken] = { service: service.name, expiresAt };
  const refreshAfter = Math.floor((now + workspace.tokenLifetime * 500) / 1000);
  return {
    status: 201,
    body: { accessToken, tokenType: "Bearer", refreshAfter, expiryOn: Math.floor(expiresAt / 1000) },
  };
}

/** GET services/{name}/logs?tail=5000&init=False: the last lines of the container's log. */
export function readLogs(call: Call): Reply {
  const service = findService(call.workspace, param(call, "name"));
  const init = /^true$/i.test(call.query.get("init") ?? "");
  const tail = Number(call.query.get("tail") ?? 5000);
  const text = init ? initLog(service.name) : (service.containerLog ?? servingLog(service));
  return ok({
    content: text
      .split("\n")
      .slice(-Math.max(1, tail || 5000))
      .join("\n"),
  });
}

const initLog = (name: string): string => `${name}: init container\nMounting the model files\nDone`;

function servingLog({ name, createdTime, deployment }: ReturnType<typeof findService>): string {
  if (deployment === null) return "";
  const loaded = deployment.modelIds.map((id) => `${createdTime} loaded model ${id}`);
  return [
    `${createdTime} ${name}: starting the inference server`,
    ...loaded,
    `${createdTime} listening`,
  ].join("\n");
}
