import { join } from "node:path";
import { judgeEmulated } from "../compare-judge/emulated";
import { plantedIn, writeInputs } from "../compare-judge/plan";
import { ownFolder } from "../harness/own-folder";

const folder = ownFolder("azureml-compare");

test("the program finds what is planted between two emulated services, and nothing else; no key is shown", async () => {
  const [inputs, planted] = [60, plantedIn(60, 18)];
  const file = join(folder, "inputs.jsonl");
  writeInputs(file, inputs);
  const { found, missed, falseAlarms, notCompared, status, report } = await judgeEmulated(
    file,
    inputs,
    planted,
  );
  expect({ found, missed, falseAlarms, notCompared, status }).toEqual({
    ...{ found: 10, missed: [], falseAlarms: [], notCompared: 1, status: 1 },
  });
  expect(report.new.errors).toEqual({ answerTooLarge: 1, modelFailed: 2 });
  expect(JSON.stringify(report)).not.toMatch(/key-of/);
});
