import { runProgram } from "./program";

type Main = (args: readonly string[], print: (text: string) => void) => Promise<number>;

/** The suites that are programs of their own, `npm run NAME`; each is loaded when it is asked for. */
const suites: Readonly<Record<string, () => Promise<{ readonly main: Main }>>> = {
  conformance: () => import("../test/conformance/conformance.js"),
  crossed: () => import("../test/crossed/crossed.js"),
  judge: () => import("../test/judge/judge.js"),
  "compare-judge": () => import("../test/compare-judge/compare-judge.js"),
  parity: () => import("../test/parity/parity.js"),
  matrix: () => import("../test/matrix/matrix.js"),
  faults: () => import("../test/faults/matrix.js"),
  promises: () => import("../test/promises/main.js"),
};

const [name = ""] = process.argv.splice(2, 1);

runProgram(name, async (args) => {
  const suite = suites[name];
  if (suite === undefined) throw new Error(`expected one of ${Object.keys(suites).join(", ")}`);
  const { main } = await suite();
  return main(args, (text) => process.stdout.write(`${text}\n`));
});
