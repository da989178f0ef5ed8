import { bodyLines, inRows, isChange, nameOf, shortPath, type Call } from "../../../scripts/demo/wire";

const scope = "/modelmanagement/v1.0/subscriptions/s/resourceGroups/g/providers/P/workspaces/ws";
const call = (method: string, path: string, body: unknown = null): Call => ({
  n: 1,
  method,
  path,
  body,
  status: 200,
});

test.each([
  [`${scope}/services/fraud`, "services/fraud"],
  [`${scope}/services`, "services"],
  [`${scope}/services/workspaces/x`, "services/workspaces/x"],
  ["/discovery", "discovery"],
])("shortPath(%s) is %s", (path, short) => expect(shortPath(path)).toBe(short));

test.each([
  ["POST", `${scope}/services`, "POST services", true],
  ["PATCH", `${scope}/services/fraud`, "PATCH services/fraud", true],
  ["DELETE", `${scope}/services/fraud`, "DELETE services/fraud", true],
  ["GET", `${scope}/services/fraud`, "GET services/fraud", false],
  ["GET", `${scope}/operations/8f90`, "GET operations/…", false],
  ["POST", `${scope}/services/fraud/listkeys`, "POST services/fraud/listkeys", false],
  ["POST", `${scope}/services/fraud/regenerateKeys`, "POST services/fraud/regenerateKeys", true],
])("%s %s is called %s; does it change something: %s", (method, path, name, change) => {
  expect({ name: nameOf(call(method, path)), change: isChange(call(method, path)) }).toEqual({
    name,
    change,
  });
});

test("polls in a row are one row, other requests never are", () => {
  const [poll, get] = [call("GET", `${scope}/operations/1`), call("GET", `${scope}/services/fraud`)];
  expect(inRows([get, get, poll, poll, poll, get, poll]).map(({ times }) => times)).toEqual([1, 1, 3, 1, 1]);
});

test.each([
  [null, []],
  ["text", []],
  [[{ op: "replace", path: "/kvTags", value: { a: "b" } }], ['replace /kvTags {"a":"b"}']],
  [[{ op: "remove", path: "/versions/v" }], ["remove /versions/v "]],
  [{ name: "fraud", namespace: null, probe: { period: null } }, ['{"name":"fraud"}']],
])("the body %j is shown as %j", (body, lines) => expect(bodyLines(body)).toEqual(lines));

test("keys in a body are never shown", () => {
  const lines = bodyLines({ name: "fraud", keys: { primaryKey: "s3cret", secondaryKey: "s3cret2" } });
  expect(lines.join()).not.toContain("s3cret");
});

test("a long body is folded, and nothing of it is lost", () => {
  const body = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`setting${n}`, n]));
  const lines = bodyLines(body, 60);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(62);
  expect(JSON.parse(lines.join(""))).toEqual(body);
});
