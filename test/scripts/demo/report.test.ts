import * as fc from "fast-check";
import { bodyLines, folded, inRows, openReport } from "../../../scripts/demo/report";
import type { Operation } from "../../harness/operation";
import type { Call } from "../../harness/workspace";

const operation: Operation = {
  command: "up",
  succeeded: true,
  resources: [{ name: "fraud", op: "update", settings: ["cpuCores", "tags"] }],
  lines: [{ severity: "warning", text: "first line\nsecond line" }],
  calls: [
    {
      n: 1,
      method: "PATCH",
      path: "/x/workspaces/w/services/fraud",
      body: [{ op: "add", path: "/a", value: 1 }],
      status: 202,
    },
    { n: 2, method: "GET", path: "/x/workspaces/w/operations/1", body: null, status: null },
  ],
  text: "",
};

const printed = (colours: boolean, use: (report: ReturnType<typeof openReport>) => void): string => {
  let text = "";
  use(openReport((part) => (text += part), colours));
  return text;
};

test("an operation is printed with its steps, its messages and its requests", () => {
  expect(printed(false, (report) => report.operation(operation)).split("\n")).toEqual([
    "      ~   fraud  update  cpuCores, tags",
    "      warning: first line",
    "      warning: second line",
    "      →   PATCH services/fraud  202",
    "            add /a 1",
    "      →   GET operations/…  cut",
    "",
  ]);
});

test("a command that sends nothing says so", () => {
  expect(printed(false, (report) => report.operation({ ...operation, calls: [] }))).toContain(
    "→   no request",
  );
});

test("a failed check shows what was expected and what was found", () => {
  const text = printed(false, (report) =>
    report.check({ claim: "one PATCH goes out", passed: false, expected: ["PATCH a"], found: [] }),
  );
  expect(text).toBe('    ✗ one PATCH goes out\n        expected ["PATCH a"]\n        found    []\n');
});

test.each([
  [3, 0, "✓ 3 checks passed in 1.5 s"],
  [2, 1, "✗ 1 of 3 checks failed in 1.5 s"],
])("%d passed and %d failed are summed up", (passed, failed, line) => {
  expect(printed(false, (report) => report.summary(passed, failed, 1500))).toContain(line);
});

test("colours are written only when they are wanted", () => {
  const use = (report: ReturnType<typeof openReport>) => report.check({ claim: "it is so", passed: true });
  expect(printed(false, use)).toBe("    ✓ it is so\n");
  expect(printed(true, use)).toContain("\u001b[32m✓\u001b[39m");
});

test("it remembers all that it printed", () => {
  const report = openReport(() => undefined, false);
  report.say("one");
  report.command("pulumi up");
  expect(report.printed()).toBe("    one\n    $ pulumi up");
});

const scope = "/modelmanagement/v1.0/subscriptions/s/resourceGroups/g/providers/P/workspaces/ws";
const call = (method: string, path: string, body: unknown = null): Call => ({
  n: 1,
  method,
  path,
  body,
  status: 200,
});

test("polls in a row are one row, other requests never are", () => {
  const [poll, get] = [call("GET", `${scope}/operations/1`), call("GET", `${scope}/services/fraud`)];
  expect(inRows([get, get, poll, poll, poll, get, poll]).map(({ times }) => times)).toEqual([1, 1, 3, 1, 1]);
});

test.each([
  [null, []],
  ["text", []],
  [[{ op: "replace", path: "/kvTags", value: { a: "b" } }], ['replace /kvTags {"a":"b"}']],
  [[{ op: "remove", path: "/versions/v" }], ["remove /versions/v "]],
  [{ name: "fraud", namespace: null, probe: { period: null } }, ['{"name":"fraud"}']],
])("the body %j is shown as %j", (body, lines) => expect(bodyLines(body)).toEqual(lines));

test("keys in a body are never shown", () => {
  const lines = bodyLines({ name: "fraud", keys: { primaryKey: "s3cret", secondaryKey: "s3cret2" } });
  expect(lines.join()).not.toContain("s3cret");
});

test("a long body is folded, and nothing of it is lost", () => {
  const body = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`setting${n}`, n]));
  const lines = bodyLines(body, 60);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(62);
  expect(JSON.parse(lines.join(""))).toEqual(body);
});

test.each([
  ["", 10, [""]],
  ["one two", 10, ["one two"]],
  ["one two three", 7, ["one two", "  three"]],
  ["a-word-that-is-too-long short", 5, ["a-word-that-is-too-long", "  short"]],
])("%j in %d columns is %j", (text, width, lines) => expect(folded(text, width, / /)).toEqual(lines));

test("nothing is lost, and no line that can be broken is too long", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 12, max: 60 }), (parts, width) => {
      const lines = folded(parts.join(" "), width, / /);
      expect(lines.map((line) => line.trim()).join(" ")).toBe(parts.join(" "));
      expect(lines.every(({ length }) => length <= width)).toBe(true);
    }),
  );
});
