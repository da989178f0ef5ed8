import { expectSuccess, flattenError } from "../../../provider/azure/response";
import { connectTo, failure, fakeForEachTest } from "./fake-workspace";

// Work that grows with the square of what came would take minutes at these sizes, while everyone else waits.
const many = 400_000;
const { start } = fakeForEachTest();

it("looks for a page's title in one pass", async () => {
  const server = await start({
    "GET /services/svc": { status: 403, body: `<html>${"<title".repeat(many)}` },
  });
  expect(await failure((await connectTo(server)).get("svc"))).toMatchObject({ code: "GatewayPage" });
});

it.each([
  ["<html><title>Sign in</title>", "Sign in"],
  ['<html><TITLE lang="en"> Sign in </TITLE>', "Sign in"],
  [`<html><title>${"a".repeat(200)}</title>`, "a".repeat(120)],
])("finds the title of %s", async (body, title) => {
  const server = await start({ "GET /services/svc": { status: 403, body } });
  expect(await failure((await connectTo(server)).get("svc"))).toMatchObject({
    message: expect.stringContaining(`a page titled "${title}"`),
  });
});

it("flattens many inner errors in one pass", () => {
  const details = Array.from({ length: many }, (_, index) => ({ message: `error ${index}` }));
  expect(flattenError({ code: "Failed", details })).toMatch(/^Failed; error 0; error 1; /);
});

it("finds an operation's id behind many slashes in one pass", () => {
  const slashes = "/".repeat(5 * many);
  const headers = { "operation-location": `${slashes}op-1${slashes}` };
  const { operation } = expectSuccess("createService", "create", { status: 201, headers, text: "" });
  expect(operation).toEqual({ operationId: "op-1" });
});

it("takes the slashes off a discovered address in one pass", async () => {
  const server = await start({
    "GET /discovery": ({ headers }) => ({
      body: { modelmanagement: `http://${headers.host}/${"/".repeat(5 * many)}x` },
    }),
  });
  await expect(connectTo(server)).resolves.toBeDefined();
});
