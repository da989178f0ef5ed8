import * as fc from "fast-check";
import { check } from "../../../provider/core/check";
import { asArguments, lossesOf } from "../../../provider/core/losses";
import { outputsOf } from "../../../provider/core/outputs";
import type { Settings } from "../../../provider/core/values";
import { createBody, readSettings } from "../../../provider/core/wire";
import { documentOf, inputs, least, without, WORKSPACE } from "./settings";

const isSecret = () => false;
const outputsFor = (program: Settings): Settings =>
  outputsOf({ document: documentOf(program), program, before: {}, workspaceId: WORKSPACE });

/** What a person makes of the lines: new arguments, and more entries of a map. */
const pasted = (program: Settings, losses: Settings): Settings =>
  Object.fromEntries(
    [...new Set([...Object.keys(program), ...Object.keys(losses)])].map((input) => [
      input,
      typeof losses[input] === "object" && !Array.isArray(losses[input])
        ? { ...(program[input] as object | undefined), ...(losses[input] as object) }
        : (losses[input] ?? program[input]),
    ]),
  );

describe("what a replacement loses", () => {
  it("is nothing once it is in the program, and check takes it", () => {
    fc.assert(
      fc.property(inputs, inputs, (before, news) => {
        const outputs = outputsFor(before);
        const whole = pasted(news, lossesOf(outputs, news, isSecret));
        expect(lossesOf(outputs, whole, isSecret)).toEqual({});
        const { failures } = check({}, whole, { config: {}, env: {} });
        // A live request may be above a limit of the program, which its own preview would say.
        expect(failures.filter(({ reason }) => !reason.startsWith("OutOfRange"))).toEqual([]);
      }),
    );
  });

  it("is nothing of a service for which only the program spoke", () => {
    fc.assert(
      fc.property(inputs, (program) => {
        const losses = lossesOf(outputsFor(program), program, isSecret);
        expect(without(losses, "namespace")).toEqual({});
      }),
    );
  });

  it("reads back as TypeScript, whatever keys and values", () => {
    fc.assert(
      fc.property(inputs, (before) => {
        const losses = lossesOf(outputsFor(before), least, isSecret);
        const text = `({${asArguments(losses, {}).join("\n")}})`;
        expect((0, eval)(text)).toEqual(losses);
      }),
    );
  });

  it("has no secret and no stamp of the provider", () => {
    const properties = { "pulumi-created-by": "t", "pulumi-claim-12": "c", "pulumi-claims": "mine" };
    const outputs = outputsFor({ ...least, serviceName: "fraud", description: "hidden", properties });
    const news = { ...least, serviceName: "fraud" };
    expect(lossesOf(outputs, news, (path) => path === "description")).toEqual({
      namespace: "azureml-ws",
      properties: { "pulumi-claims": "mine" },
    });
  });

  it("is in what a create would make of the pasted program", () => {
    fc.assert(
      fc.property(inputs, inputs, (before, news) => {
        const losses = lossesOf(outputsFor(before), news, isSecret);
        const made = readSettings(createBody(pasted(news, losses)));
        for (const [input, value] of Object.entries(without(losses, "blobfuseEnabled")))
          expect({ [input]: made[input] }).toMatchObject({ [input]: value });
      }),
    );
  });
});
