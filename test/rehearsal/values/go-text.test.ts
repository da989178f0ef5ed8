import { goText } from "../../../rehearsal/values/go-text";
import { Secret } from "../../../rehearsal/values/property";
import type { Property } from "../../../rehearsal/values/property";

/** As the Pulumi CLI printed them. */
test.each<[Property | undefined, string]>([
  ["2", "{2}"],
  [1.5, "{1.5}"],
  [true, "{true}"],
  [null, "{<nil>}"],
  [undefined, "{<nil>}"],
  [["a", 1], "{[{a} {1}]}"],
  [{ b: "x", a: [] }, "{map[a:{[]} b:{x}]}"],
  [new Secret("s3cret"), "{&{{s3cret}}}"],
])("%j is %s", (value, text) => expect(goText(value)).toBe(text));
