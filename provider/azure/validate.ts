import { isObject, jsonObject, membersOf, responseError, unexpectedResponse } from "./response";
import type { PatchOperation } from "./services";
import { actionOn, request, type Context } from "./workspace";

/** The service's own validation of requests that it does not carry out: why it would refuse one, undefined where it would not. */
export interface Validations {
  /** @param body the definition of a new service, without keys */
  create(name: string, body: unknown): Promise<string | undefined>;
  update(name: string, operations: readonly PatchOperation[]): Promise<string | undefined>;
  /** Whether the compute has room for a new service. */
  capacity(name: string, body: unknown): Promise<string | undefined>;
}

/** How long the Python client waits for each. */
const LONGEST_MS = 30_000;
const LONGEST_FOR_CAPACITY_MS = 15_000;

export const validationsOf = (context: Context): Validations =>
  Object.freeze<Validations>({
    create: (name, body) =>
      ask(context, name, "/validate", {
        type: "Create",
        serviceName: name,
        createRequest: body,
        updateRequest: null,
      }),
    update: (name, operations) =>
      ask(context, name, "/validate", {
        type: "Update",
        serviceName: name,
        createRequest: null,
        updateRequest: operations,
      }),
    capacity: (name, body) => ask(context, name, "/validate/resource", body, LONGEST_FOR_CAPACITY_MS),
  });

/** Only a 200 is a validation result, as for the Python client; an error with a message in it is a refusal. */
async function ask(
  context: Context,
  name: string,
  below: string,
  body: unknown,
  longestTryMs = LONGEST_MS,
): Promise<string | undefined> {
  const action = actionOn("validate", name);
  const response = await request(context, {
    action,
    method: "POST",
    url: `${context.workspace.root}/services${below}`,
    body,
    // A dry run changes nothing.
    repeatable: true,
    longestTryMs,
  });
  if (response.status !== 200) throw responseError(action, response);
  if (/^(null)?$/.test(response.text.trim())) return undefined;
  const result = jsonObject(response);
  if (!result) throw unexpectedResponse(action, response, "a validation result in JSON");
  const { error } = result;
  if (!isObject(error)) return undefined;
  const { message } = membersOf(error);
  return typeof message === "string" && message !== "" ? message.replace(/\.$/, "") : "it gave no reason";
}
