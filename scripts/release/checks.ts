import { MATRIX, reportOfRow } from "../../test/matrix/support";

/** What a release is judged by; gathered once. */
export interface Facts {
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Files that git knows as changed or does not know. */
  readonly changed: readonly string[];
  readonly changelog: string;
  /** When the commit was made that is released, in milliseconds since 1970. */
  readonly committedAt: number;
  /** By file name; none where nothing was run. */
  readonly reports: Readonly<Record<string, Report>>;
  readonly packed: Packed;
  /** Whether the registry has this version; undefined where it does not say. */
  readonly isPublished: boolean | undefined;
}

/** What came of a suite. */
export interface Report {
  readonly passed: number;
  readonly failed: number;
  /** When it ran, in milliseconds since 1970. */
  readonly ranAt: number;
}

/** As `npm pack --json` says it. */
export interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly entryCount: number;
}

export interface Finding {
  readonly code: string;
  readonly text: string;
  /** It is wrong on every day, and not only on that of the release. */
  readonly always?: boolean;
}

/** What a user downloads and keeps on disk. Raise it in a commit that says what for. */
export const BUDGET: Packed = { size: 750_000, unpackedSize: 2_700_000, entryCount: 800 };

/** Reports without which nobody knows whether it works: of every suite that `.ci/run` runs. */
export const REPORTS: readonly string[] = [
  ...["jest.json", "jest-e2e.json", "jest-outside.json"],
  ...["conformance.json", "judge.json", "crossed.json", "compare-judge.json", "parity.json"],
  ...MATRIX.map(reportOfRow),
];

const ADDRESSES = ["repository", "homepage", "bugs"] as const;

/** The members that are read of a runner's report: jest's own form, or `{ passed, failed }`. */
interface Written {
  readonly startTime?: number;
  readonly numPassedTests?: number;
  readonly numFailedTests?: number;
  readonly numRuntimeErrorTestSuites?: number;
  readonly passed?: number;
  readonly failed?: number;
}

/** @param writtenAt when the file was written, which stands for the time of the run where the report does not say it */
export const reportOf = (text: string, writtenAt: number): Report => {
  const written = JSON.parse(text) as Written;
  const { numPassedTests = 0, numFailedTests = 0, numRuntimeErrorTestSuites = 0 } = written;
  const { startTime = writtenAt, passed = 0, failed = 0 } = written;
  return {
    passed: numPassedTests + passed,
    // A file that cannot be loaded has no tests to count, and must not pass for it.
    failed: numFailedTests + numRuntimeErrorTestSuites + failed,
    ranAt: startTime,
  };
};

/** Whether a finding fails the run: in a dry run only what is wrong on every day. */
export const isProblem = ({ always = false }: Finding, isDry: boolean): boolean => always || !isDry;

/** Everything that stands in the way of publishing, at once. */
export const findings = (facts: Facts): readonly Finding[] => [
  ...missingAddresses(facts.manifest),
  ...ofTree(facts.changed),
  ...ofChangelog(facts),
  ...ofReports(facts),
  ...ofSize(facts.packed),
  ...ofRegistry(facts),
];

/** npm refuses provenance without the repository from which CI builds; the other two are where users go. */
const missingAddresses = (manifest: Facts["manifest"]): readonly Finding[] =>
  ADDRESSES.filter((field) => !addressIn(manifest[field])).map((field) => ({
    code: "NoAddress",
    text: `package.json: expected an https address in ${field}, found ${JSON.stringify(manifest[field]) ?? "nothing"}. Set it to where the project is.`,
  }));

const addressIn = (value: unknown): boolean => {
  const url = typeof value === "object" && value !== null ? (value as { url?: unknown }).url : value;
  return typeof url === "string" && /^(git\+)?https:\/\/\S+$/.test(url);
};

const ofTree = (changed: readonly string[]): readonly Finding[] =>
  changed.length === 0
    ? []
    : [
        {
          code: "TreeNotClean",
          text: `expected every file committed, found ${changed.join(", ")}. Commit or remove them.`,
        },
      ];

const ofChangelog = ({ manifest, changelog }: Facts): readonly Finding[] => {
  const version = String(manifest["version"]);
  const sections = [...changelog.matchAll(/^## \[?([^\]\s]+)/gm)].map(([, name]) => name);
  return sections.includes(version)
    ? []
    : [
        {
          code: "NotInChangelog",
          text: `CHANGELOG.md: expected a section "## ${version}", found ${sections.join(", ")}. Name what is released.`,
        },
      ];
};

const ofReports = ({ reports, committedAt }: Facts): readonly Finding[] => [
  ...REPORTS.filter((name) => reports[name] === undefined).map((name) => notTested(name, "none")),
  ...Object.entries(reports).flatMap(([name, report]) => ofReport(name, report, committedAt)),
];

const ofReport = (
  name: string,
  { passed, failed, ranAt }: Report,
  committedAt: number,
): readonly Finding[] => [
  ...(ranAt < committedAt ? [notTested(name, `one of ${dateOf(ranAt)}, before the commit`)] : []),
  // Where a suite finds no Python or no engine, it skips its tests, and fails none.
  ...(passed === 0 ? [notTested(name, "one in which no test passed")] : []),
  ...(failed > 0
    ? [
        {
          code: "TestsFail",
          text: `reports/${name}: expected no failed test, found ${failed}. Correct them and run .ci/run again.`,
        },
      ]
    : []),
];

const notTested = (name: string, found: string): Finding => ({
  code: "NotTested",
  text: `reports/${name}: expected the report of a run of this commit, found ${found}. Run .ci/run to its end.`,
});

const dateOf = (time: number): string => new Date(time).toISOString();

const ofSize = (packed: Packed): readonly Finding[] =>
  (Object.keys(BUDGET) as (keyof Packed)[])
    .filter((measure) => packed[measure] > BUDGET[measure])
    .map((measure) => ({
      code: "TooLarge",
      text: `${measure}: expected at most ${BUDGET[measure]}, found ${packed[measure]}. Take out what no user needs, or raise the budget and say what for.`,
      always: true,
    }));

const ofRegistry = ({ manifest, isPublished }: Facts): readonly Finding[] => {
  if (isPublished === false) return [];
  const version = `${String(manifest["name"])}@${String(manifest["version"])}`;
  return [
    isPublished
      ? { code: "AlreadyPublished", text: `the registry has ${version}. Raise the version.` }
      : { code: "RegistrySilent", text: `the registry does not say whether it has ${version}. Run again.` },
  ];
};
