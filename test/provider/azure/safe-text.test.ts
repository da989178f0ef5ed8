import { generateKeyPairSync, randomBytes } from "node:crypto";
import { safeJson, safeText } from "../../../provider/azure/safe-text";

const KEY = "dGhlIHBsYW50ZWQga2V5/With+Plus4711abcd==";
const PEM = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
  type: "pkcs8",
  format: "pem",
}) as string;
/** The same without what marks it as a key, so that only its being known gives it away. */
const BODY = PEM.split("\n").slice(1, -2).join("\n");
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const json = (text: string): string => JSON.stringify(text).slice(1, -1);

describe("a known secret is hidden", () => {
  it.each<[string, string]>([
    ["in clear", KEY],
    ["percent-encoded", encodeURIComponent(KEY)],
    ["percent-encoded in small letters", encodeURIComponent(KEY).replace(/%../g, (hex) => hex.toLowerCase())],
    ["percent-encoded twice", encodeURIComponent(encodeURIComponent(KEY))],
    ["JSON-escaped", json(KEY).replaceAll("+", "\\u002b").replaceAll("/", "\\/")],
    ["in base64", base64(KEY)],
    ["in base64 after one more byte", base64(`:${KEY}!`)],
    ["in base64 after two more bytes", base64(`u:${KEY}:and more`)],
    ["in base64 for addresses", Buffer.from(`user:${KEY}`).toString("base64url")],
    ["with a colour in its middle", `${KEY.slice(0, 9)}\u001b[31m${KEY.slice(9)}`],
    ["with a character without width in its middle", `${KEY.slice(0, 9)}\u200b${KEY.slice(9)}`],
    ["broken into two lines", `${KEY.slice(0, 20)}\n    ${KEY.slice(20)}`],
  ])("%s", (_, written) => {
    const shown = safeText([KEY])(`before ${written} after`);
    // What stands beside a secret may stay.
    expect(shown).toMatch(/^before .{0,7}\[secret\].{0,13} after$/);
  });

  it("cut anywhere by whoever sent it, but for a few characters", () => {
    const safe = safeText([KEY]);
    for (let length = 1; length <= KEY.length; length += 1)
      for (const cut of [KEY.slice(0, length), KEY.slice(-length)])
        expect(longestPiece(safe(`the key ${cut}…`), KEY)).toBeLessThan(14);
  });

  it.each([8, 9, 12, 15])("of %i characters, cut by one", (length) => {
    const secret = randomBytes(16).toString("hex").slice(0, length);
    expect(safeText([secret])(`is ${secret}.`)).toBe("is [secret].");
    if (length > 8) expect(safeText([secret])(`is ${secret.slice(0, -1)}…`)).toBe("is [secret]…");
  });

  it("beside others, each on its own", () => {
    expect(safeText(["first-key-1234", "other-key-5678"])("first-key-1234 other-key-5678")).toBe(
      "[secret] [secret]",
    );
  });

  it("though a longer one begins as it does", () => {
    expect(safeText(["a-key-of-mine", "a-key-of-mine-2"])("a-key-of-mine-2, a-key-of-mine")).toBe(
      "[secret], [secret]",
    );
  });

  it("in letters of other scripts too", () => {
    const secret = "密钥密钥密钥密钥中";
    for (const written of [
      secret,
      encodeURIComponent(secret),
      base64(`x${secret}y`),
      "\\u5bc6\\u94a5".repeat(4),
    ])
      expect(safeText([secret])(`a ${written} b`)).toMatch(/^a .{0,3}\[secret\].{0,4} b$/);
  });
});

describe("a secret of several lines is hidden", () => {
  it.each<[string, string]>([
    ["as it is", BODY],
    ["with other line ends", BODY.replaceAll("\n", "\r\n")],
    ["indented", BODY.replaceAll("\n", "\n      ")],
    ["in one line", BODY.replaceAll("\n", " ")],
    ["JSON-escaped", json(BODY)],
    ["JSON-escaped twice", json(json(BODY))],
    ["in base64", base64(BODY)],
    ["with a time before each line", BODY.replaceAll(/^/gm, "12:00:00 ")],
  ])("%s", (_, written) => {
    const shown = safeText([BODY])(`before ${written} after`);
    expect(shown).toContain("[secret]");
    for (const line of BODY.split("\n")) expect(longestPiece(shown, line)).toBeLessThan(12);
  });

  it("though white space is doubled in it", () => {
    expect(safeText(["correct horse battery"])("the correct  horse\tbattery is")).toBe("the [secret] is");
  });
});

describe("what looks like a secret is hidden, known or not", () => {
  const signature = "a+b/c=d4e5f6g7h8i9j0klmnopqrstuvwxyzABCDEF0=";
  it.each([
    [`https://store/x?sv=1&sig=${signature}&se=2`, "https://store/x?sv=1&sig=[secret]&se=2"],
    [`https://store/x?sig=${encodeURIComponent(signature)}`, "https://store/x?sig=[secret]"],
    [
      `next=https%3A%2F%2Fx%3Fsig%3D${encodeURIComponent(signature)} end`,
      "next=https%3A%2F%2Fx%3Fsig%3D[secret] end",
    ],
    [`{"url":"https://x?a=1\\u0026sig=${signature}"}`, '{"url":"https://x?a=1\\u0026sig=[secret]"}'],
    ["token eyJ0eXAiOiJKV1QiLCJhbGciOiJ9.eyJhdWQiOiJodHRwcyJ9.c2ln_bmF0-dXJl.", "token [secret]."],
    [`key: ${PEM}end`, "key: [secret]\nend"],
    [`design=large, sig=`, "design=large, sig="],
  ])("example %#", (text, shown) => expect(safeText([])(text)).toBe(shown));
});

describe("what is no secret stays to be read", () => {
  it.each([
    ["short ones", ["fraud", "prod", "", "1234567"], 'service "fraud" in prod: 1234567'],
    ["parts of a sentence", ["the production database of fraud"], "production database, fraud"],
    ["a word that a secret begins as", ["configuration-1"], "configured"],
    ["text without secrets", [], "HTTP 400 (100% of 3): C:\\new\\table + a - b_c\n\tindented"],
  ])("%s", (_, secrets, text) => expect(safeText(secrets)(text)).toBe(text));
});

describe("a terminal obeys nothing", () => {
  it.each([
    ["\u001b[31mred\u001b[0m\u0007", "red"],
    ["\u001b]0;a new title\u0007after", "after"],
    ["\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\", "link"],
    ["\u001b]0;never ended, and what follows", "0;never ended, and what follows"],
    ["\u001bP1$tq\u001b\\dcs", "dcs"],
    ["\u009b31mC1\u009dtitle\u009c \u0085x\u0080", "C1 x"],
    ["\u202eright\u2066 to \u2069left\u200f", "right to left"],
    ["\u001bcreset\u001b(0", "reset"],
    ["one\r\ntwo\rthree\u2028", "one\ntwothree"],
    ["\u001b", ""],
  ])("example %#", (text, shown) => expect(safeText([])(text)).toBe(shown));

  it("in reasonable time, whatever was sent", () => {
    for (const unit of ["\u001b]", "\u009d", "\u001b[", "eyJ-", "-----BEGIN ", "sig=", "\\u00", "%25"])
      expect(safeText([KEY])(unit.repeat(60_000)).length).toBeLessThan(700_000);
  });
});

it("goes through JSON, and leaves all that is no text", () => {
  const value = { a: [KEY, 1, null], b: { c: "\u001b[1mx" } };
  expect(safeJson(value, safeText([KEY]))).toEqual({ a: ["[secret]", 1, null], b: { c: "x" } });
});

/** The length of the longest part of a secret that a text still shows. */
function longestPiece(text: string, secret: string): number {
  for (let length = secret.length; length > 0; length -= 1)
    for (let at = 0; at + length <= secret.length; at += 1)
      if (text.includes(secret.slice(at, at + length))) return length;
  return 0;
}
