import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { refused } from "../../kubernetes/online-service/checks";
import { brief } from "../../sdk/brief-error";
import { withExistingFiles } from "../../sdk/existing-files";
import { whenKnown } from "../../sdk/functions/outputs";
import { logsOf } from "../../sdk/functions/of-resource";

/** As Node.js and Pulumi treat what an output is rejected with. */
const rejected = (error: Error): Error =>
  Object.assign(error, { message: `error serializing property "tags": ${error.message}`, promise: [error] });

const thrownBy = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => Promise.reject(new Error("expected an error, found none")),
    (error: Error) => error,
  );

type Parts = Record<"isKnown" | "isSecret", Promise<unknown>> &
  Record<"promise" | "allResources", () => Promise<unknown>>;

/** The value; what else is rejected with it is no matter of these tests. */
const promiseOf = (output: pulumi.Output<unknown>): Promise<unknown> => {
  const { isKnown, isSecret, allResources, promise } = output as unknown as Parts;
  for (const part of [isKnown, isSecret, allResources()]) part.catch(() => undefined);
  return promise();
};

const failing = () => Promise.reject(new TypeError("BadAddress: no workspace"));

test("an error stays what it is, and is written out as its message alone", () => {
  const error = rejected(brief(new TypeError("BadAddress: no workspace")));
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toBe("BadAddress: no workspace");
  expect(inspect(error)).toBe("BadAddress: no workspace");
});

test("an error that two outputs share is made brief twice", () => {
  const shared = brief(new Error("BadAddress: no workspace"));
  expect(inspect(brief(shared))).toBe("BadAddress: no workspace");
});

const resource = { id: pulumi.output("no id") } as unknown as pulumi.CustomResource;

test.each<[string, () => Promise<Error>]>([
  ["what the component refuses", () => Promise.resolve(refused("BadTraffic", "traffic"))],
  ["a missing file", () => thrownBy(withExistingFiles(new pulumi.asset.FileAsset("/nowhere"), "source"))],
  ["a function's output", () => thrownBy(promiseOf(whenKnown(failing, [])))],
  ["a method's output", () => thrownBy(promiseOf(logsOf(resource)))],
])("%s is written out so", async (_, make) => {
  const error = rejected(await make());
  expect(error.message).toMatch(/^\w+: /);
  expect(inspect(error)).toBe(error.message);
});
