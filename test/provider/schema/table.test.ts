import { fields, fieldOf, inputOf } from "../../../provider/schema/fields";
import { madeByService, nestedOutputs, renamedOutputs } from "../../../provider/schema/outputs";
import { relations } from "../../../provider/schema/relations";

const inputs = fields.map((row) => row.input);
const wires = fields.flatMap((row) => (row.wire ? [row.wire] : []));

describe("the table", () => {
  it("has no input, wire path, role or output twice", () => {
    const outputs = [
      ...inputs,
      ...madeByService.map((made) => made.output),
      ...nestedOutputs.map((one) => one.output),
      ...renamedOutputs.map((one) => one.output),
    ];
    const roles = fields.flatMap((row) => (row.role ? [row.role] : []));
    for (const names of [inputs, wires, roles, outputs])
      expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it("is frozen, row by row", () => {
    expect(
      [fields, madeByService, nestedOutputs, renamedOutputs, relations, ...fields, ...madeByService].filter(
        (value) => !Object.isFrozen(value),
      ),
    ).toEqual([]);
  });

  it.each(fields.map((row) => [row.input, row] as const))("%s hangs together", (input, row) => {
    expect(input).toMatch(/^[a-z][A-Za-z]+$/);
    expect(row.doc).toMatch(/^[A-Z].*\.$/s);
    expect(row.mutability === "providerOnly" && row.wire !== undefined).toBe(false);
    if (row.mutability === "inPlace" || row.mutability === "additive") expect(row.wire).toBeDefined();
    // What was sent is looked for in the live service, where this one would always seem to be missing.
    if (row.writeOnly) expect(row.mutability).not.toBe("inPlace");
    if (row.secret) expect(row.writeOnly).toBe(true);
    if (row.patchedWith) expect(`${row.wire}.`.startsWith(`${row.patchedWith}.`)).toBe(true);
    if (row.rule?.pattern) {
      expect(row.rule.pattern.source).toMatch(/^\^.*\$$/s);
      expect(row.rule.pattern.flags).not.toMatch(/[gmy]/);
    }
    if (row.type === "number" || row.type === "integer") expect(row.rule).toBeDefined();
  });

  it("finds rows by name, and none by a name that every object has", () => {
    expect(fieldOf("cpuCores")).toBe(fields.find((row) => row.input === "cpuCores"));
    expect([fieldOf("toString"), fieldOf("__proto__"), fieldOf("")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(inputOf("compute")).toBe("computeTargetName");
  });

  it("holds every setting that a relation or another output names", () => {
    const named = [
      ...relations.flatMap((relation) =>
        Object.entries(relation).flatMap(([member, value]) =>
          member === "kind" ? [] : ([value].flat(2) as string[]),
        ),
      ),
      ...renamedOutputs.map((one) => one.input),
    ];
    expect(named.filter((input) => !inputs.includes(input))).toEqual([]);
  });

  it("has settings below each grouping output", () => {
    for (const { wire } of nestedOutputs)
      expect(wires.filter((path) => path.startsWith(`${wire}.`)).length).toBeGreaterThan(0);
  });
});
