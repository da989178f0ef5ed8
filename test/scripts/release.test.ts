import { BUDGET, findings, REPORTS, type Facts } from "../../scripts/release/checks";

const ready: Facts = {
  manifest: {
    name: "pulumi-azureml",
    version: "1.2.3",
    repository: { type: "git", url: "git+https://code.example/acme/project.git" },
    homepage: "https://code.example/acme/project",
    bugs: { url: "https://code.example/acme/project/issues" },
  },
  changed: [],
  changelog: "# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2026-12-01\n",
  failures: Object.fromEntries(REPORTS.map((report) => [report, 0])),
  packed: BUDGET,
  isPublished: false,
};

const codes = (change: Partial<Facts>): readonly string[] =>
  findings({ ...ready, ...change }).map(({ code, text }) => `${code} ${/^[\w./-]+/.exec(text)![0]}`);

describe("a release", () => {
  it("has nothing in its way when all is done", () => {
    expect(findings(ready)).toEqual([]);
  });

  it.each<[string, Partial<Facts>, readonly string[]]>([
    [
      "addresses that nobody set, or that are none",
      { manifest: { ...ready.manifest, repository: undefined, homepage: "http://a.example", bugs: {} } },
      ["NoAddress package.json", "NoAddress package.json", "NoAddress package.json"],
    ],
    ["a file that is not committed", { changed: ["README.md"] }, ["TreeNotClean expected"]],
    [
      "a changelog without the version",
      { changelog: "## Unreleased\n\n## 1.2.30\n" },
      ["NotInChangelog CHANGELOG.md"],
    ],
    ["no test that was run", { failures: {} }, REPORTS.map((report) => `NotTested reports/${report}`)],
    [
      "a test that fails",
      { failures: { ...ready.failures, "judge.json": 2 } },
      ["TestsFail reports/judge.json"],
    ],
    [
      "a file too many",
      { packed: { ...BUDGET, entryCount: BUDGET.entryCount + 1 } },
      ["TooLarge entryCount"],
    ],
    ["a version that is there", { isPublished: true }, ["AlreadyPublished the"]],
    ["a registry that does not answer", { isPublished: undefined }, ["RegistrySilent the"]],
  ])("is refused for %s", (_, change, expected) => {
    expect(codes(change)).toEqual(expected);
  });
});
