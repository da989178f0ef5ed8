import { compared, listed } from "../../../rehearsal/display/properties";

const SECRET = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};

describe("printed properties", () => {
  it("lists them, hidden ones left out", () => {
    expect(listed({ __provider: "x", cpu: 1, k: SECRET, tags: { a: "1" }, l: [1] }, "  ")).toEqual([
      "  cpu       : 1",
      "  k         : [secret]",
      "  tags      : {",
      '      a: "1"',
      "  }",
      "  l         : [",
      "      [0]: 1",
      "  ]",
    ]);
  });

  it("signs what differs", () => {
    const olds = { cpu: 1, gone: "x", tags: { a: "1", b: "2" }, same: true };
    const news = { cpu: 2, new: "y", tags: { a: "1", b: "3" }, same: true };
    expect(compared(olds, news, "    ")).toEqual([
      "  ~ cpu : 1 => 2",
      '  - gone: "x"',
      '  + new : "y"',
      "    same: true",
      "  ~ tags: {",
      '        a: "1"',
      '      ~ b: "2" => "3"',
      "    }",
    ]);
  });

  it("says what is not known yet", () => {
    expect(listed({ a: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, "", 1)).toEqual(["a: [unknown]"]);
  });
});
