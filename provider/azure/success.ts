import { isPage, jsonObject, refusal, unusable, type Attempted, type JsonObject } from "./answer";
import { operationIn } from "./begun";
import type { HttpAnswer } from "./http";
import type { OperationRef } from "./operation";

const isKind = {
  anyText: (value: unknown) => typeof value === "string",
  text: (value: unknown) => typeof value === "string" && value !== "",
  number: (value: unknown) => typeof value === "number",
  list: (value: unknown) => Array.isArray(value),
};

/** `operation`: the answer names the operation that it began. `empty`: it has no body. Else a JSON object with at least these members. */
type Form = "operation" | "empty" | Readonly<Record<string, keyof typeof isKind>>;

/**
 * What a success is, for each call: the statuses that the Python client's traffic and contracts know, and for each the
 * forms that its answer may have. Whatever else comes with a 2xx (a sign-in page, "OK", `{}`) was not said by the service.
 */
const successes = {
  readService: { 200: [{ name: "text" }] },
  listServices: { 200: [{ value: "list" }] },
  createService: { 200: ["operation"], 201: ["operation"], 202: ["operation"] },
  patchService: { 200: ["operation", { name: "text" }], 202: ["operation"] },
  removeService: { 200: ["operation", "empty", { name: "text" }], 202: ["operation"], 204: ["empty"] },
  migrateService: { 200: ["operation", "empty", { name: "text" }], 202: ["operation"] },
  readOperation: { 200: [{ state: "text" }] },
  listKeys: { 200: [{ primaryKey: "anyText", secondaryKey: "anyText" }] },
  regenerateKey: { 200: ["operation"], 202: ["operation"] },
  accessToken: {
    200: [{ accessToken: "text", expiryOn: "number" }],
    201: [{ accessToken: "text", expiryOn: "number" }],
  },
  readModel: { 200: [{ id: "text" }] },
  listModels: { 200: [{ value: "list" }] },
  registerModel: { 200: [{ id: "text" }], 201: [{ id: "text" }] },
  patchModel: { 200: [{ id: "text" }] },
  removeModel: { 200: ["empty", { id: "text" }], 204: ["empty"] },
  createAsset: { 200: [{ id: "text" }], 201: [{ id: "text" }] },
  readContentAddress: { 200: [{ contentUri: "text" }] },
  putBlob: { 201: ["empty"] },
} as const satisfies Readonly<Record<string, Readonly<Record<number, readonly Form[]>>>>;

/** A call whose answers are judged. */
export type JudgedCall = keyof typeof successes;

/** What an answer that counts as a success says. */
export interface Success {
  readonly status: number;
  /** Empty where the answer has no body, or none that matters. */
  readonly body: JsonObject;
  readonly operation: OperationRef | undefined;
}

const isForm = (answer: HttpAnswer, body: JsonObject | undefined, form: Form): boolean => {
  if (form === "operation") return operationIn(answer, body) !== undefined;
  if (form === "empty") return answer.text.trim() === "";
  return body !== undefined && Object.entries(form).every(([name, kind]) => isKind[kind](body[name]));
};

const formInWords = (form: Form): string => {
  if (form === "operation") return "an Operation-Location header";
  if (form === "empty") return "no body";
  return `a JSON object with ${Object.keys(form).join(" and ")}`;
};

const inWords = (forms: readonly Form[]): string => forms.map(formInWords).join(" or ");

/** What was expected beside this status; with the statuses, when it was another one. */
const expectedWith = (status: number, accepted: Readonly<Record<number, readonly Form[]>>): string =>
  status in accepted
    ? inWords(accepted[status] ?? [])
    : Object.entries(accepted)
        .map(([other, forms]) => `HTTP ${other} with ${inWords(forms)}`)
        .join(", or ");

const wantsJson = (accepted: Readonly<Record<number, readonly Form[]>>): boolean =>
  Object.values(accepted)
    .flat()
    .some((form) => form === "operation" || typeof form === "object");

/**
 * The one judge of whether an answer is a success of this call.
 *
 * @throws ServiceError why it is none; `ambiguous` for a 2xx, which may have taken effect all the same
 */
export function success(call: JudgedCall, attempted: Attempted, answer: HttpAnswer): Success {
  if (answer.status < 200 || answer.status > 299) throw refusal(attempted, answer);
  const accepted: Readonly<Record<number, readonly Form[]>> = successes[call];
  const body = isPage(answer) ? undefined : jsonObject(answer);
  const forms = isPage(answer) ? [] : (accepted[answer.status] ?? []);
  if (!forms.some((form) => isForm(answer, body, form)))
    throw unusable(attempted, answer, expectedWith(answer.status, accepted), wantsJson(accepted));
  return { status: answer.status, body: body ?? {}, operation: operationIn(answer, body) };
}
