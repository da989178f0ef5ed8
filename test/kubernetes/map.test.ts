import { map } from "../../kubernetes/map";
import { fields } from "../../provider/schema/fields";

const settings = map.map(({ setting }) => setting);

test("every setting of a web service has a row, and no other", () => {
  expect([...settings].sort()).toEqual(fields.map(({ input }) => input).sort());
});

it.each(map.map((row) => [row.setting, row] as const))("%s: who says so, and what to mind", (_, row) => {
  expect(row.source).toMatch(/^(https:\/\/|Azure REST API|azure-ai-ml|inferred|this package)/);
  if (row.kind === "dropped") expect(row.to).toEqual([]);
  if (row.to.length === 0) expect(row.says).not.toBe("");
});

test("what cannot be changed afterwards", () => {
  const fixed = map.flatMap(({ to }) => to.filter((member) => member.createOnly)).map(({ path }) => path);
  expect([...new Set(fixed)]).toEqual([
    "endpointName",
    "properties.compute",
    "properties.codeConfiguration.codeId",
    "properties.codeConfiguration.scoringScript",
    "properties.keys.primaryKey",
    "properties.keys.secondaryKey",
  ]);
});
