import { describe, isUnresolved, pathOf } from "../core/check-failure";
import { CallError } from "./arguments";

const empty = (found: string): CallError =>
  new CallError("EmptyInput", `expected an input to score; found ${found}. Pass the model's input.`);

const bad = (found: string, next: string): CallError =>
  new CallError("BadInput", `expected JSON, text or bytes; found ${found}. ${next}`);

/** The request's body: bytes and text as they are, anything else as JSON. @throws EmptyInput, BadInput */
export const scoringBody = (input: unknown): string | Uint8Array => {
  if (input === undefined || input === null) throw empty("nothing");
  if (typeof input === "string") {
    if (input.trim() === "") throw empty("an empty text");
    return input;
  }
  if (input instanceof Uint8Array) {
    if (input.byteLength === 0) throw empty("no bytes");
    return input;
  }
  return json(input);
};

const json = (input: unknown): string => {
  assertJson(input, "input", []);
  try {
    return JSON.stringify(input);
  } catch (error) {
    // Beyond half a gigabyte of text Node.js gives up.
    throw bad(
      `a value too large to write as JSON (${(error as Error).message})`,
      "Send it in parts, or as bytes.",
    );
  }
};

/** JSON.stringify would send `null` in place of NaN, nothing in place of undefined, and an object in place of typed numbers. */
const assertJson = (value: unknown, path: string, above: readonly unknown[]): void => {
  if (typeof value !== "object" || value === null) return assertJsonScalar(value, path);
  if (above.includes(value)) throw bad(`a circle at ${path}`, "Pass a value that does not contain itself.");
  assertPlain(value, path);
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return;
  const within = [...above, value];
  if (Array.isArray(value)) return value.forEach((entry, at) => assertJson(entry, pathOf(path, at), within));
  for (const [key, member] of Object.entries(value))
    if (member !== undefined) assertJson(member, pathOf(path, key), within);
};

const assertJsonScalar = (value: unknown, path: string): void => {
  if (typeof value === "number" && !Number.isFinite(value))
    throw bad(`${value} at ${path}`, "JSON has no such number: replace it by one that the model takes.");
  if (["bigint", "function", "symbol", "undefined"].includes(typeof value))
    throw bad(`a ${typeof value} at ${path}`, "Leave it out, or pass a number, text, flag, list or object.");
};

/** JSON would say `{}` of a Blob, a RegExp or another object that keeps what it has to itself. */
const hasNothingToSend = (value: object): boolean =>
  !Array.isArray(value) &&
  ![Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null) &&
  typeof (value as { toJSON?: unknown }).toJSON !== "function" &&
  Object.keys(value).length === 0;

const assertPlain = (value: object, path: string): void => {
  if (isUnresolved(value))
    throw bad(
      `${describe(value)} at ${path}`,
      value instanceof Promise ? "Await it first." : "Use service.run(…), or call it inside .apply(…).",
    );
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    throw bad(
      `${value.constructor.name} at ${path}`,
      "Pass Array.from(…) to send numbers, or a Uint8Array alone to send bytes.",
    );
  if (value instanceof Map || value instanceof Set)
    throw bad(`a ${value.constructor.name} at ${path}`, "Pass a plain object or list.");
  if (hasNothingToSend(value)) throw bad(`a ${value.constructor.name} at ${path}`, "Pass what is in it.");
};
