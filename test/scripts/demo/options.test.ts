import { parseOptions } from "../../../scripts/demo/options";

test.each([
  [[], {}],
  [["--engine", "rehearsal"], { engine: "rehearsal" }],
  [["--engine=pulumi", "--steps", "steps.json"], { engine: "pulumi", steps: "steps.json" }],
  [["--help"], "help"],
])("%j are the options %j", (args, options) => expect(parseOptions(args)).toEqual(options));

test.each([
  [["--engine", "terraform"], 'expected pulumi or rehearsal, found "terraform"'],
  [["--engine"], "--engine"],
  [["--fast"], "--fast"],
  [["up"], "up"],
])("%j are refused", (args, said) => expect(() => parseOptions(args)).toThrow(said));
