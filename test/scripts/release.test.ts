import { BUDGET, findings, isProblem, reportOf, REPORTS, type Facts } from "../../scripts/release/checks";

const COMMITTED = Date.UTC(2026, 11, 1);

const passing = { passed: 7, failed: 0, ranAt: COMMITTED };

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
  committedAt: COMMITTED,
  reports: Object.fromEntries(REPORTS.map((name) => [name, passing])),
  packed: BUDGET,
  isPublished: false,
};

const codes = (change: Partial<Facts>): readonly string[] =>
  findings({ ...ready, ...change }).map(({ code, text }) => `${code} ${/^[\w./@-]+/.exec(text)![0]}`);

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
    ["no test that was run", { reports: {} }, REPORTS.map((name) => `NotTested reports/${name}`)],
    [
      "tests of an older commit",
      { reports: { ...ready.reports, "jest.json": { ...passing, ranAt: COMMITTED - 1 } } },
      ["NotTested reports/jest.json"],
    ],
    [
      "a suite that was skipped",
      { reports: { ...ready.reports, "judge.json": { ...passing, passed: 0 } } },
      ["NotTested reports/judge.json"],
    ],
    [
      "a test that fails",
      { reports: { ...ready.reports, "judge.json": { ...passing, failed: 2 } } },
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

  it("asks for the report of every suite that .ci/run runs", () => {
    expect(REPORTS).toEqual([
      ...["jest.json", "jest-e2e.json", "jest-outside.json"],
      ...["conformance.json", "judge.json", "crossed.json", "compare-judge.json", "parity.json"],
      ...["jest-node20@3.216.0.json", "jest-node22.json", "jest-node24.json"],
    ]);
  });

  it.each([
    [
      "jest's, of when the run began",
      { startTime: 5, numPassedTests: 3, numFailedTests: 1, numRuntimeErrorTestSuites: 1 },
      { passed: 3, failed: 2, ranAt: 5 },
    ],
    ["another suite's, of when it was written", { passed: 4, failed: 1 }, { passed: 4, failed: 1, ranAt: 9 }],
  ])("reads a report: %s", (_, written, report) => {
    expect(reportOf(JSON.stringify(written), 9)).toEqual(report);
  });

  it("fails a dry run for what is wrong on every day, and for nothing else", () => {
    const packed = { ...BUDGET, size: BUDGET.size + 1 };
    const all = findings({ ...ready, manifest: {}, changed: ["x"], changelog: "", reports: {}, packed });
    const problems = (isDry: boolean) => all.filter((finding) => isProblem(finding, isDry));
    expect(problems(true)).toEqual(all.filter(({ always }) => always));
    expect(problems(true).map(({ code }) => code)).toEqual(["TooLarge"]);
    expect(problems(false)).toEqual(all);
  });
});
