import * as fc from "fast-check";
import { fields } from "../../../provider/schema/fields";
import { documentOf, inputs } from "./settings";

/** Settings that are judged by tables of their own. */
const notDrawn = [
  ...["subscriptionId", "resourceGroupName", "workspaceName", "inferenceConfig", "secondaryKey"],
  ...["adopt", "deleteAdopted", "replaceOnPropertyChange", "timeouts", "migrateTo"],
];

test("the programs and documents that the properties draw say every other setting", () => {
  const drawn = fc.sample(inputs, { numRuns: 500, seed: 1 });
  const said = new Set(drawn.flatMap((program) => Object.keys(program)));
  expect(fields.map(({ input }) => input).filter((input) => !said.has(input))).toEqual(
    fields.map(({ input }) => input).filter((input) => notDrawn.includes(input)),
  );
  for (const program of drawn) expect(documentOf(program)).toMatchObject({ computeType: "AKS" });
});
