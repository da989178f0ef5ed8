import fc from "fast-check";
import { Secret, UNKNOWN } from "../../../rehearsal/values/property";
import type { Property, PropertyMap } from "../../../rehearsal/values/property";
import { SIGNATURE_KEY, UNKNOWN_TEXT } from "../../../rehearsal/values/signatures";

const key = fc.string().filter((text) => text !== SIGNATURE_KEY && text !== "__proto__");
const text = fc.string().filter((value) => value !== UNKNOWN_TEXT);

/** Any value that inputs and outputs may have, assets aside. */
export const property: fc.Arbitrary<Property> = fc.letrec<{ value: Property; map: PropertyMap }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    text,
    fc.constant(UNKNOWN),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("value").map((value) => new Secret(value)),
    tie("map"),
  ),
  map: fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
})).value;

export const propertyMap: fc.Arbitrary<PropertyMap> = fc.dictionary(key, property, {
  maxKeys: 4,
  noNullPrototype: true,
});
