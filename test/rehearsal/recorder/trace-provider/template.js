"use strict";
// Values that JSON cannot say, both ways.
const SIG = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/**
 * JSON -> the value a provider method returns or throws. Markers:
 *   {"$": "arg", "path": "news.a.b"}  part of the call's arguments (id, olds, news, inputs, props, provider, serial)
 *   {"$": "merge", "of": [..], "without": [..]}  Object.assign of its expanded parts, less some keys
 *   {"$": "secret", "value": x}       the wire form of a secret
 *   {"$": "undefined"} {"$": "nan"} {"$": "bigint"} {"$": "date"} {"$": "map"} {"$": "function"} {"$": "buffer"}
 */
function expand(value, scope) {
  if (Array.isArray(value)) return value.map((v) => expand(v, scope));
  if (value === null || typeof value !== "object") return value;
  switch (value.$) {
    case undefined:
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, expand(v, scope)]));
    case "arg":
      return value.path.split(".").reduce((at, key) => at?.[key], scope);
    case "merge": {
      const all = Object.assign({}, ...value.of.map((v) => expand(v, scope)));
      return Object.fromEntries(Object.entries(all).filter(([k]) => !value.without?.includes(k)));
    }
    case "secret":
      return { [SIG]: SECRET, value: expand(value.value, scope) };
    case "undefined":
      return undefined;
    case "nan":
      return NaN;
    case "infinity":
      return Infinity;
    case "bigint":
      return BigInt(1);
    case "date":
      return new Date(0);
    case "map":
      return new Map([["a", 1]]);
    case "function":
      return () => 1;
    case "buffer":
      return Buffer.from("b");
    default:
      throw new Error(`unknown marker ${value.$}`);
  }
}

/** A value seen at run time -> JSON for the trace; provider texts become a short name. */
function describe(value, key) {
  if (key === "__provider" && typeof value === "string") return providerName(value);
  if (value === undefined) return { $: "undefined" };
  if (typeof value === "number" && !Number.isFinite(value)) return { $: String(value).toLowerCase() };
  if (typeof value === "bigint") return { $: "bigint" };
  if (typeof value === "function") return { $: "function" };
  if (value instanceof Date) return { $: "date" };
  if (value instanceof Map) return { $: "map" };
  if (Buffer.isBuffer(value)) return { $: "buffer" };
  if (Array.isArray(value)) return value.map((v) => describe(v));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((k) => [k, describe(value[k], k)]),
    );
  }
  return value;
}

const TEXTS = {
  v1: 'exports.handler=()=>require("trace-provider");',
  v2: 'exports.handler=()=>require("trace-provider/v2");',
  broken: 'exports.handler=()=>require("trace-provider/not-there");',
};
const providerName = (text) => {
  const found = Object.entries(TEXTS).find(([, t]) => t === text);
  return found ? `<provider ${found[0]}>` : `<provider ?>`;
};

module.exports = { expand, describe, providerName, TEXTS, SIG, SECRET };
