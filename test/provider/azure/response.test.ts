import fc from "fast-check";
import { flattenError } from "../../../provider/azure/response";

it.each<[string, unknown, string | undefined]>([
  ["nothing", undefined, undefined],
  ["null", null, undefined],
  ["an empty object", {}, undefined],
  ["text", " boom ", "boom"],
  ["code and message", { code: "BadRequest", message: "no" }, "BadRequest: no"],
  ["a message alone", { message: "no" }, "no"],
  ["ARM's envelope", { error: { code: "AuthorizationFailed", message: "no" } }, "AuthorizationFailed: no"],
  [
    "details",
    {
      code: "Failed",
      message: "deploy",
      details: [{ code: "CrashLoop", message: "it died" }, { message: "twice" }],
    },
    "Failed: deploy; CrashLoop: it died; twice",
  ],
  [
    "a chain of inner errors",
    {
      error: { code: "A", message: "a", innererror: { code: "B", innerError: { code: "C", message: "c" } } },
    },
    "A: a; B; C: c",
  ],
  [
    "a message under a vague and a precise code",
    { code: "Conflict", message: "taken", details: [{ code: "ServiceAlreadyExists", message: "taken" }] },
    "ServiceAlreadyExists: taken",
  ],
  ["repeats and lines", { message: "one\n  two", details: [{ message: "one\n  two" }] }, "one two"],
])("flattens %s", (_, error, expected) => {
  expect(flattenError(error)).toBe(expected);
});

it("ends on errors that contain themselves", () => {
  const error: Record<string, unknown> = { message: "loop" };
  error["error"] = error;
  expect(flattenError(error)).toBe("loop");
});

it("never throws, whatever a service answers", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (error) => {
      const text = flattenError(error);
      expect(text === undefined || (text.length > 0 && text.length <= 4000)).toBe(true);
    }),
  );
});
