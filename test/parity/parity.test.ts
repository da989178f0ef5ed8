import { readFileSync } from "node:fs";
import { join } from "node:path";
import { countRows, joinReports, troubleOf, type TestReport } from "./join";
import { parityPage } from "./page";
import { proof, row } from "./row";
import { parityTable } from "./table";

const count = (of: string): number => parityTable.filter((each) => each.of === of).length;

describe("the parity table", () => {
  it.each([
    ["variable", 20],
    ["deploy_configuration", 32],
    ["update", 32],
    ["constructor", 2],
    ["add_tags", 1],
    ["remove_tags", 1],
    ["add_properties", 1],
    ["get_access_token", 1],
    ["get_token", 1],
    ["run", 1],
    ["serialize", 1],
    ["rule", 13],
    ["remark", 12],
    ["way to deploy", 4],
    ["not done", 1],
  ])("has all of %s: %i", (of, expected) => {
    expect(count(of)).toBe(expected);
  });

  it("names everything once, with no empty cell and no row without a test", () => {
    const keys = parityTable.map(({ of, member }) => `${of} ${member}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const each of parityTable) {
      expect([each.of, each.member, each.default, each.here].filter((cell) => cell.trim() === "")).toEqual(
        [],
      );
      expect(each.proofs.length).toBeGreaterThan(0);
    }
  });

  it("is what docs/parity.md shows", () => {
    const page = readFileSync(join(__dirname, "..", "..", "docs", "parity.md"), "utf8");
    expect(page).toBe(parityPage(parityTable));
  });
});

describe("joining a report", () => {
  const report = (status: string): TestReport => ({
    testResults: [
      { name: "/somewhere/test/a.test.ts", assertionResults: [{ fullName: "group works", status }] },
    ],
  });
  const rows = [row("run", "input_data", "`run`", [proof("test/a.test.ts", "group works")])];

  it.each([
    ["passed", [report("passed")], { passed: 1, failed: 0, skipped: 0 }, []],
    ["failed", [report("failed")], { passed: 0, failed: 1, skipped: 0 }, ["found failed"]],
    ["pending", [report("pending")], { passed: 0, failed: 0, skipped: 1 }, ["found skipped"]],
    ["absent", [], { passed: 0, failed: 1, skipped: 0 }, ["found missing"]],
  ])("counts a test that %s", (_, reports, counts, troubles) => {
    const joined = joinReports(rows, reports, "/somewhere");
    expect(countRows(joined)).toEqual(counts);
    expect(joined.flatMap(troubleOf)).toEqual(
      troubles.map((text) => expect.stringContaining(text) as unknown),
    );
  });

  it("does not take the same name in another file", () => {
    const other = [row("run", "input_data", "`run`", [proof("test/b.test.ts", "group works")])];
    expect(countRows(joinReports(other, [report("passed")], "/somewhere")).failed).toBe(1);
  });

  it.each([
    ["no test", row("run", "input_data", "`run`", []), "names no test"],
    ["an empty cell", row("run", "input_data", " ", rows[0]!.proofs), '"here" is empty'],
  ])("fails a row with %s", (_, bad, text) => {
    const joined = joinReports([bad], [report("passed")], "/somewhere");
    expect(joined.flatMap(troubleOf).join()).toContain(text);
    expect(countRows(joined)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
