import { openReport } from "../../../scripts/demo/report";
import type { Operation } from "../../../scripts/demo/stack";

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
