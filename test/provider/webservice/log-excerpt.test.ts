import { safeText } from "../../../provider/azure/safe-text";
import { logExcerpt } from "../../../provider/webservice/deployment-error";

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `line ${n + 1}`).join("\n");

describe("logExcerpt", () => {
  it.each([
    ["", ""],
    ["\n \n", ""],
    ["one\n", "Log, last line:\n  one"],
    ["a\r\n\r\nb\r\n", "Log, last 2 lines:\n  a\n  b"],
    ["\u001b[31mred\u001b[0m\u0007", "Log, last line:\n  red"],
    ['  File "score.py"', 'Log, last line:\n    File "score.py"'],
  ])("%j", (log, text) => expect(logExcerpt("Log", log, safeText([]))).toBe(text));

  it("shows the last 20 lines of many", () => {
    const lines = logExcerpt("Log", numbered(50), safeText([])).split("\n");
    expect(lines).toHaveLength(21);
    expect(lines.slice(0, 2)).toEqual(["Log, last 20 lines:", "  line 31"]);
  });

  it("cuts a line that would fill the screen", () => {
    expect(logExcerpt("Log", "x".repeat(5000), safeText([])).length).toBeLessThan(300);
  });

  it("hides a secret that its cut, or its own line breaks, would keep from being recognised", () => {
    const key = "k3y-that-stands-where-the-line-is-cut";
    const safe = safeText([key, "first line of it\n  -- second line of it"]);
    const cut = `${"x".repeat(239)}${key}`;
    expect(logExcerpt("Log", cut, safe)).toBe(`Log, last line:\n  ${"x".repeat(239)}[…`);
    expect(logExcerpt("Log", "first line of it\n    second line of it", safe)).toBe(
      "Log, last line:\n  [secret]",
    );
  });
});
