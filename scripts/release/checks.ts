/** What a release is judged by; gathered once. */
export interface Facts {
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Files that git knows as changed or does not know. */
  readonly changed: readonly string[];
  readonly changelog: string;
  /** Failed tests by report; none where nothing was run. */
  readonly failures: Readonly<Record<string, number>>;
  readonly packed: Packed;
  /** Whether the registry has this version; undefined where it does not say. */
  readonly isPublished: boolean | undefined;
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

/** Reports without which nobody knows whether it works. */
export const REPORTS = ["jest.json", "jest-e2e.json", "jest-outside.json"] as const;

const ADDRESSES = ["repository", "homepage", "bugs"] as const;

/** Everything that stands in the way of publishing, at once. */
export const findings = (facts: Facts): readonly Finding[] => [
  ...missingAddresses(facts.manifest),
  ...ofTree(facts.changed),
  ...ofChangelog(facts),
  ...ofReports(facts.failures),
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

const ofReports = (failures: Facts["failures"]): readonly Finding[] => [
  ...REPORTS.filter((report) => failures[report] === undefined).map((report) => ({
    code: "NotTested",
    text: `reports/${report}: expected the report of a run, found none. Run .ci/run first.`,
  })),
  ...Object.entries(failures)
    .filter(([, failed]) => failed > 0)
    .map(([report, failed]) => ({ code: "TestsFail", text: `reports/${report}: ${failed} failed.` })),
];

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
