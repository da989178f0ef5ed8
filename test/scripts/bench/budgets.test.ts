import { budgetLine, countedBudgets, isMissed, tableOf, timedBudgets } from "../../../scripts/bench/budgets";
import { verbs, type Kind, type Life } from "../../../scripts/bench/life";
import { parseOptions } from "../../../scripts/bench/options";

interface Drawn {
  readonly kind: Kind;
  readonly services?: number;
  readonly cpuMs?: number;
  readonly providerMs?: number;
  readonly requests?: number;
  readonly stateBytes?: number;
}

const life = ({
  kind,
  services = 10,
  cpuMs = 100,
  providerMs = 10,
  requests = 0,
  stateBytes = 1,
}: Drawn): Life => {
  const usage = (ms: number) => ({ cpuMs: ms, peakMb: 100 });
  const took = {
    wallMs: 1,
    used: { engine: usage(0), program: usage(cpuMs - 10), provider: usage(providerMs) },
  };
  return {
    ...{ kind, services, stateBytes },
    took: Object.fromEntries(verbs.map((verb) => [verb, took])) as unknown as Life["took"],
    requests: Object.fromEntries(verbs.map((verb) => [verb, requests])) as unknown as Life["requests"],
  };
};

const missedOf = (budgets: ReturnType<typeof countedBudgets>) =>
  budgets.filter(isMissed).map(({ name }) => name);

describe("budgets that are counted", () => {
  it("are kept by as many requests as are needed, and by one for all services", () => {
    expect(missedOf(countedBudgets([life({ kind: "ours" })]))).toEqual([]);
    expect(missedOf(countedBudgets([life({ kind: "ours", requests: 2.1 })]))).toEqual([
      "requests of a service, preview",
      "requests of a service, unchanged up",
    ]);
    expect(missedOf(countedBudgets([life({ kind: "ours", requests: 3.2 })]))).toHaveLength(4);
  });

  it("compare the state with the usual way's", () => {
    const with_ = (stateBytes: number) => [
      life({ kind: "ours", stateBytes }),
      life({ kind: "usual", stateBytes: 1000 }),
    ];
    expect(missedOf(countedBudgets(with_(250)))).toEqual([]);
    expect(missedOf(countedBudgets(with_(400)))).toEqual(["state, of the usual way's"]);
  });
});

describe("budgets of processor time", () => {
  const pair = (ours: number, same: number, services = 10) => [
    life({ kind: "ours", cpuMs: ours, services }),
    life({ kind: "same", cpuMs: same, services }),
  ];

  it("compare the best runs with each other", () => {
    expect(missedOf(timedBudgets(pair(100, 100)))).toEqual([]);
    expect(missedOf(timedBudgets(pair(112, 100, 300)))).toEqual([
      "first up, of the no-op's",
      "preview, of the no-op's",
      "unchanged up, of the no-op's",
      "update, of the no-op's",
    ]);
  });

  it("allow few services what the start of the provider's process takes", () => {
    expect(missedOf(timedBudgets(pair(112, 100, 299)))).toEqual([
      "preview, of the no-op's",
      "unchanged up, of the no-op's",
    ]);
  });

  it("forgive as much as two runs of the same differ", () => {
    expect(missedOf(timedBudgets([...pair(107, 100), ...pair(107, 110)]))).toEqual([]);
  });

  it("compare the growth, and the provider's own process", () => {
    const growing = [...pair(100, 100), ...pair(1100, 1000, 100)];
    expect(missedOf(timedBudgets(growing))).toContain(
      "growth of the first up from 10 to 100, of the no-op's",
    );
    const slow = [life({ kind: "ours", providerMs: 25 }), life({ kind: "same" })];
    expect(missedOf(timedBudgets(slow))).toContain("provider in a first up, of the no-op's");
  });
});

it("a missed budget says what was found and what is allowed", () => {
  const budget = { name: "state", figure: 0.5, limit: 0.3, noise: 0 };
  expect(budgetLine(budget)).toBe("MISSED state: 0.50 (at most 0.30)");
  expect(budgetLine({ ...budget, figure: 0.2, noise: 0.05 })).toBe(
    "ok     state: 0.20 (at most 0.30, noise 0.05)",
  );
});

it("the table has a row for each operation of each kind", () => {
  const rows = tableOf([life({ kind: "ours" }), life({ kind: "ours" }), life({ kind: "usual" })]);
  expect(rows).toHaveLength(2 + 2 * verbs.length);
  expect(rows[2]).toBe("| 10 | first up | ours | 0.0 | 0.00, 100 | 0.09, 100 | 0.01, 100 | 0.00 |");
});

describe("the options", () => {
  it.each([
    [[], { part: "all" }],
    [["--quick", "--engine", "rehearsal"], { part: "quick", engine: "rehearsal" }],
    [["--counted", "--json", "a.json"], { part: "counted", json: "a.json" }],
    [["--quick", "--services", "100,20"], { part: "quick", services: [20, 100] }],
    [["--help"], "help"],
  ])("%j", (args, options) => expect(parseOptions(args)).toEqual(options));

  it.each([[["--quick", "--counted"]], [["--engine", "other"]], [["--fast"]], [["--services", "0"]]])(
    "refuse %j",
    (args) => expect(() => parseOptions(args)).toThrow(),
  );
});
