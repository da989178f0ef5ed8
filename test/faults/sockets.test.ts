import { nameOf, runCell, type Cell } from "./cell";
import { faults } from "./faults";
import { passes, shownVerdict } from "./matrix";
import { scenarios } from "./scenarios";
import { SOCKET_FAULTS } from "./sockets";

jest.setTimeout(300_000);

const at: readonly (readonly [scenario: string, kind: string])[] = [
  ["create from models", "POST /services"],
  ["create from code", "PUT /blob/*"],
  ["update of settings", "PATCH /services/fraud"],
  ["delete", "DELETE /services/fraud"],
  ["model create", "POST /models"],
  ["read", "GET /services/fraud"],
];

const cells: readonly Cell[] = SOCKET_FAULTS.flatMap((name) =>
  at.map(([scenario, kind]) => ({
    scenario: scenarios.find((each) => each.name === scenario)!,
    at: { kind, nth: 1 },
    fault: faults.find((fault) => fault.name === name)!,
  })),
);

it.each(cells.map((cell) => [nameOf(cell), cell] as const))(
  "%s, over a real connection",
  async (_name, cell) => {
    const verdict = await runCell(cell, "sockets");
    expect(passes(verdict) ? [] : [shownVerdict(verdict)]).toEqual([]);
  },
);
