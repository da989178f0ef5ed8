import { emulated, operationTime, type Emulated } from "./emulated";

let e: Emulated;
beforeEach(async () => {
  e = await emulated({ pageSize: 2 });
  await e.deploy("svc-a", { kvTags: { a: "1", b: "x=y" } });
  await e.deploy("svc-b", { kvTags: { a: "2" }, properties: { p: "1" } });
  await e.deploy("svc-i", { environmentImageRequest: null, imageId: "img:3" });
});
afterEach(() => e.close());

const names = async (query: string): Promise<string[]> => {
  const answer = await e.call("GET", `/services?expand=true&${query}`);
  return (answer.body["value"] as { name: string }[]).map((s) => s.name);
};

it.each([
  ["computeType=aks", ["svc-a", "svc-b"]],
  ["computeType=ACI", []],
  ["tags=a", ["svc-a", "svc-b"]],
  ["tags=a=2", ["svc-b"]],
  ["tags=a,b=x=y", ["svc-a"]],
  ["properties=p", ["svc-b"]],
  ["properties=p=2", []],
  ["modelId=sk:1", ["svc-a", "svc-b"]],
  ["modelId=sk:2", []],
  ["modelName=sk", ["svc-a", "svc-b"]],
  ["imageId=img:3", ["svc-i"]],
  ["imageName=img", ["svc-i"]],
  ["imageDigest=sha256:0", []],
  ["tags=", ["svc-a", "svc-b"]],
])("the filter %s", async (query, expected) => {
  expect(await names(query)).toEqual(expected);
});

test("pages follow absolute links until there is none", async () => {
  const first = await e.call("GET", "/services?expand=true&computeType=AKS");
  const link = first.body["nextLink"] as string;
  expect(link.startsWith(e.url)).toBe(true);
  const second = await e.plain("GET", link, undefined, { Authorization: `Bearer ${e.accessToken}` });
  expect((second.body["value"] as { name: string }[]).map((s) => s.name)).toEqual(["svc-i"]);
  expect(second.body).not.toHaveProperty("nextLink");
});

test("a deleted service leaves the list", async () => {
  await e.call("DELETE", "/services/svc-a");
  e.clock.pass(operationTime);
  expect(await names("")).toEqual(["svc-b", "svc-i"]);
});
