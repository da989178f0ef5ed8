import { isChange, nameOf, shortPath, type Call } from "./workspace";

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
