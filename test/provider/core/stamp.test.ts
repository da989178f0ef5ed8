import { isStampedBy, stampOf, withStamp } from "../../../provider/core/stamp";
import { documentOf, least } from "./settings";

describe("the stamp", () => {
  it("goes into the properties, beside the program's", () => {
    const stamped = withStamp({ ...least, properties: { a: "1" } }, "abc");
    expect(stamped["properties"]).toEqual({ a: "1", "pulumi-created-by": "abc" });
    const document = documentOf(stamped);
    expect(stampOf(document)).toBe("abc");
    expect([
      isStampedBy(document, "abc"),
      isStampedBy(document, "abd"),
      isStampedBy(document, undefined),
    ]).toEqual([true, false, false]);
  });
  it("is none where there is none", () => {
    expect(withStamp(least, undefined)).toBe(least);
    expect(withStamp(least, "")).toBe(least);
    expect([
      stampOf({}),
      stampOf({ properties: null }),
      isStampedBy({}, undefined),
      isStampedBy({ properties: { "pulumi-created-by": "" } }, ""),
    ]).toEqual([undefined, undefined, false, false]);
  });
});
