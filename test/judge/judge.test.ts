import { toKubernetes } from "../../kubernetes/bodies";
import { isSet } from "../../provider/core/values";
import { fields } from "../../provider/schema/fields";
import { faults, withFault } from "./faults";
import { main } from "./judge";
import { drawCases, recordedShapes } from "./services";

const cases = drawCases(200, 18);

test("services are drawn from recorded shapes, the same ones for a seed", () => {
  expect(recordedShapes().length).toBeGreaterThan(50);
  expect(drawCases(200, 18)).toEqual(cases);
  expect(drawCases(200, 19)).not.toEqual(cases);
});

it.each(fields.map(({ input }) => [input]))("%s is set in 5 services at least", (input) => {
  expect(cases.filter(({ settings }) => isSet(settings[input])).length).toBeGreaterThanOrEqual(5);
});

test("there are 30 faults at least, one a row", () => {
  expect(faults.length).toBeGreaterThanOrEqual(30);
  expect(new Set(faults.map(({ setting }) => setting)).size).toBe(faults.length);
});

it.each(faults.map((fault) => [fault.setting, fault] as const))(
  "the fault in %s changes a service",
  (_, fault) => {
    const spoilt = withFault(fault);
    const changed = cases.filter(
      ({ settings, destination }) =>
        JSON.stringify(toKubernetes({ settings }, destination, spoilt)) !==
        JSON.stringify(toKubernetes({ settings }, destination)),
    );
    expect(changed.length).toBeGreaterThan(0);
  },
);

test("arguments that mean nothing are refused", async () => {
  await expect(main(["--plant", "nothing"])).rejects.toThrow("--plant: expected all, serviceName");
  await expect(main(["--seed", "x"])).rejects.toThrow('--seed: expected a whole number, found "x"');
});
