import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileErrors } from "../harness/compile";

it.each([
  ["the arguments' types", "types.ts", 14],
  ["the types of outputs, functions and errors", "types-public.ts", 13],
])("%s accept right use and refuse wrong use", (_, name, refused) => {
  const text = readFileSync(join(__dirname, name), "utf8");
  expect(compileErrors({ [`test/sdk/${name}`]: text })).toEqual([]);
  expect(text.match(/@ts-expect-error/g)).toHaveLength(refused);
});
