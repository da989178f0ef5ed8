import type { Counts } from "../harness/report";
import type { Proof, Row } from "./row";

/** The part of a report of the test runner that counts. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

export type Status = "passed" | "failed" | "skipped" | "missing";

/** A proof with how its test ended, or that no test of this name ran. */
export interface JoinedProof extends Proof {
  readonly status: Status;
}

export interface JoinedRow extends Omit<Row, "proofs"> {
  readonly proofs: readonly JoinedProof[];
}

const key = ({ file, name }: Proof): string => `${file} ${name}`;

const statusOf = (status: string): Status =>
  status === "passed" ? "passed" : status === "failed" ? "failed" : "skipped";

const results = (reports: readonly TestReport[], root: string): ReadonlyMap<string, Status> =>
  new Map(
    reports.flatMap(({ testResults }) =>
      testResults.flatMap(({ name, assertionResults }) =>
        assertionResults.map(
          ({ fullName, status }) =>
            [key({ file: name.replace(`${root}/`, ""), name: fullName }), statusOf(status)] as const,
        ),
      ),
    ),
  );

/** Each row with what the run's own reports say of its tests. */
export const joinReports = (
  rows: readonly Row[],
  reports: readonly TestReport[],
  root: string,
): readonly JoinedRow[] => {
  const ran = results(reports, root);
  return rows.map((row) => ({
    ...row,
    proofs: row.proofs.map((proof) => ({ ...proof, status: ran.get(key(proof)) ?? "missing" })),
  }));
};

/** Why a row is not proven; empty when it is. */
export const troubleOf = (row: JoinedRow): readonly string[] => {
  const cells = { of: row.of, member: row.member, default: row.default, here: row.here };
  const empty = Object.entries(cells).filter(([, cell]) => cell.trim() === "");
  return [
    ...empty.map(([cell]) => `its cell "${cell}" is empty`),
    ...(row.proofs.length === 0 ? ["it names no test"] : []),
    ...row.proofs
      .filter(({ status }) => status !== "passed")
      .map(({ file, name, status }) => `${file}: "${name}": expected passed, found ${status}`),
  ];
};

/** A row whose tests were skipped is skipped; one with any other trouble has failed. */
export const countRows = (rows: readonly JoinedRow[]): Counts => {
  const isSkipped = (row: JoinedRow): boolean =>
    row.proofs.length > 0 && troubleOf(row).every((trouble) => trouble.endsWith("found skipped"));
  const troubled = rows.filter((row) => troubleOf(row).length > 0);
  const skipped = troubled.filter(isSkipped).length;
  return { passed: rows.length - troubled.length, failed: troubled.length - skipped, skipped };
};
