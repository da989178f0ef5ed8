import { objectBody, param, type Call } from "../server/call";
import { missingResource } from "./capacity";
import { checkCreate, requireFreeName } from "./create";
import { ApiError } from "../server/errors";
import { objectAt, textAt } from "../server/json";
import { findService } from "./read";
import { ok, type Reply } from "../server/reply";
import { checkUpdate } from "./update";

/** These calls advise: what is wrong is a 200 with an error's message, since the clients look at nothing else. */
function advice(judge: () => void): Reply {
  try {
    judge();
    return ok({});
  } catch (error) {
    if (error instanceof ApiError) return ok({ error: { message: error.message } });
    throw error;
  }
}

/** POST services/validate/name/{name} */
export const validateName = (call: Call): Reply =>
  advice(() => requireFreeName(call.workspace, param(call, "name"), false));

/** POST services/validate: judges a create or an update; a delete is judged by the call itself. */
export function validateRequest(call: Call): Reply {
  const { type, serviceName, createRequest, updateRequest } = objectBody(call);
  if (type === "Create")
    return advice(() => void checkCreate(call.workspace, objectAt(createRequest, "createRequest")));
  const service = findService(call.workspace, textAt(serviceName, "serviceName") ?? "");
  return type === "Update" ? advice(() => checkUpdate(call.workspace, service, updateRequest)) : ok({});
}

/** POST services/validate/resource: whether the compute has room. */
export function validateResource(call: Call): Reply {
  const { workspace } = call;
  return advice(() => {
    const { name, computeName, settings } = checkCreate(workspace, objectBody(call));
    const missing = missingResource(
      workspace,
      { name: computeName, ...workspace.catalogue.compute(computeName) },
      name,
      settings,
    );
    if (missing !== undefined)
      throw new ApiError(
        400,
        "BadRequest",
        `The compute ${computeName} has not enough ${missing} for this service.`,
      );
  });
}
