import fc from "fast-check";
import { hideSecret, loadMap, showSecret, storeMap } from "../../../rehearsal/state/stored-value";
import { Secret } from "../../../rehearsal/values/property";
import { propertyMap } from "../values/arbitrary";

const never = (): string => {
  throw new Error("nothing is encrypted here");
};

describe("values in the state", () => {
  it("come back as they were stored", () => {
    fc.assert(
      fc.property(propertyMap, (map) => {
        const stored: unknown = JSON.parse(JSON.stringify(storeMap(map, showSecret)));
        expect(loadMap(stored as Record<string, unknown>, never)).toEqual(flattened(map));
      }),
    );
  });

  /** A secret in a secret is stored as one. */
  const flattened = (map: object): object => loadMap(storeMap(map as never, showSecret), never);

  it("show nothing of a secret where it is to be hidden", () => {
    const shown = JSON.stringify(storeMap({ a: { b: [new Secret("s3cret")] } }, hideSecret));
    expect(shown).not.toContain("s3cret");
    expect(shown).toContain("[secret]");
  });
});
