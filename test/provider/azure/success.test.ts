import type { ServiceError } from "../../../provider/azure/errors";
import type { Webservices } from "../../../provider/azure/webservices";
import {
  connectTo,
  failure,
  fakeForEachTest,
  ownNotFound,
  root,
  scope,
  type Reply,
  type Responder,
} from "./fake-workspace";

const { start } = fakeForEachTest();

const listed = async (list: AsyncGenerator<unknown>): Promise<unknown[]> => {
  const all: unknown[] = [];
  for await (const one of list) all.push(one);
  return all;
};

const artifacts = `/artifact/v2.0${scope}/artifacts`;
const content = {
  size: 1,
  open: async function* () {
    yield Buffer.from("x");
  },
};
const replace = [{ op: "replace", path: "/kvTags", value: {} }] as const;
const operation: Reply = { status: 202, headers: { "operation-location": `${root}/operations/op-1` } };

interface Judged {
  /** The request whose answer is judged. */
  readonly request: string;
  readonly call: (services: Webservices) => Promise<unknown>;
  /** What the recorded service says. */
  readonly recorded: readonly Reply[];
}

const judged: Readonly<Record<string, Judged>> = {
  "reading a service": {
    request: "GET /services/svc",
    call: (services) => services.get("svc"),
    recorded: [{ body: { name: "svc", computeType: "AKS" } }],
  },
  "listing services": {
    request: "GET /services",
    call: (services) => listed(services.list()),
    recorded: [{ body: { value: [] } }],
  },
  "creating a service": {
    request: "POST /services",
    call: (services) => services.create({ name: "svc", properties: { by: "me" } }),
    recorded: [operation],
  },
  "changing a service": {
    request: "PATCH /services/svc",
    call: (services) => services.patch("svc", replace),
    recorded: [operation, { body: { name: "svc" } }],
  },
  "deleting a service": {
    request: "DELETE /services/svc",
    call: (services) => services.remove("svc"),
    recorded: [operation, { status: 200 }, { status: 204 }],
  },
  "migrating a service": {
    request: "POST /services/migrate",
    call: (services) => services.migrate("svc", "k8s"),
    recorded: [operation, { status: 200 }],
  },
  "reading keys": {
    request: "POST /services/svc/listkeys",
    call: (services) => services.listKeys("svc"),
    recorded: [{ body: { primaryKey: "a", secondaryKey: "b" } }],
  },
  "setting a key": {
    request: "POST /services/svc/regenerateKeys",
    call: (services) => services.regenerateKey("svc", "Primary", "given"),
    recorded: [operation],
  },
  "reading a token": {
    request: "POST /services/svc/token",
    call: (services) => services.accessToken("svc"),
    recorded: [{ status: 201, body: { accessToken: "t", expiryOn: 1_700_003_600 } }],
  },
  "uploading a file": {
    request: "PUT /blob",
    call: (services) => services.upload("c1", "a.py", content),
    recorded: [{ status: 201 }],
  },
  "grouping files": {
    request: "POST /assets",
    call: ({ models }) => models.createAsset("fraud", "LocalUpload/c1"),
    recorded: [{ body: { id: "a1" } }],
  },
  "registering a model": {
    request: "POST /models",
    call: ({ models }) => models.register("fraud", { name: "fraud", url: "aml://asset/a1" }),
    recorded: [{ body: { id: "fraud:1" } }],
  },
  "reading a model": {
    request: "GET /models/fraud%3A1",
    call: ({ models }) => models.get("fraud:1"),
    recorded: [{ body: { id: "fraud:1" } }],
  },
  "listing models": {
    request: "GET /models",
    call: ({ models }) => listed(models.list("fraud")),
    recorded: [{ body: { value: [] } }],
  },
  "changing a model": {
    request: "PATCH /models/fraud%3A1",
    call: ({ models }) => models.patch("fraud:1", replace),
    recorded: [{ body: { id: "fraud:1" } }],
  },
  "deleting a model": {
    request: "DELETE /models/fraud%3A1",
    call: ({ models }) => models.remove("fraud:1"),
    recorded: [{ status: 200 }, { status: 204 }],
  },
};

/** A workspace where nothing is, with storage of its own. */
const elsewhere: Readonly<Record<string, Reply | Responder>> = {
  "GET /discovery": ({ headers }) => ({
    body: { modelmanagement: `http://${headers.host}`, history: `http://${headers.host}` },
  }),
  [`POST ${artifacts}/batch/metadata/LocalUpload/c1`]: ({ headers }) => ({
    body: { artifactContentInformation: { "a.py": { contentUri: `http://${headers.host}/blob?sig=1` } } },
  }),
  "GET /services/svc": ownNotFound,
  "GET /services": { body: { value: [] } },
  "GET /models": { body: { value: [] } },
  "POST /services/svc/listkeys": { body: { primaryKey: "a", secondaryKey: "b" } },
};

const answered = async ({ request, call }: Judged, reply: Reply): Promise<unknown> =>
  call(await connectTo(await start({ ...elsewhere, [request]: reply })));

const page = "<!DOCTYPE html><html><head><title>Sign in</title></head></html>";
const nobodysWord: readonly (readonly [string, Reply])[] = [
  ["a sign-in page", { headers: { "content-type": "text/html" }, body: page }],
  ["a sign-in page without a type", { body: page }],
  ["an accepted sign-in page", { status: 202, body: page }],
  ["a page and an operation", { ...operation, body: page }],
  ["OK", { body: "OK" }],
  ["{}", { body: {} }],
  ["{} with status 202", { status: 202, body: {} }],
  ["a list", { body: [] }],
  ["cut JSON", { body: '{"name":"svc","id":"fraud:1","value":[' }],
  ["another 2xx", { status: 207, body: { name: "svc", id: "fraud:1", value: [] } }],
  ["another empty 2xx", { status: 205 }],
];

describe.each(Object.entries(judged))("%s", (_, call) => {
  it.each(call.recorded.map((reply) => [reply]))("succeeds with %j", async (reply) => {
    await expect(answered(call, reply)).resolves.not.toThrow();
  });

  it.each(nobodysWord)("never succeeds with %s", async (_name, reply) => {
    const error = (await failure(answered(call, reply))) as ServiceError;
    expect(error.name).toBe("ServiceError");
    expect(error.advice).not.toBe("");
  });

  it("succeeds without a body only where nothing is to be told", async () => {
    const ended = await answered(call, { status: 200 }).then(
      () => "success",
      () => "failure",
    );
    const mayBeEmpty = call.recorded.some(({ status, body }) => status === 200 && body === undefined);
    expect(ended).toBe(mayBeEmpty ? "success" : "failure");
  });
});

it("says what was expected, and what came", async () => {
  const error = await failure(answered(judged["deleting a service"]!, { status: 205 }));
  expect((error as ServiceError).detail).toBe(
    "Expected HTTP 200 with an Operation-Location header or no body or a JSON object with name, or HTTP 202 with " +
      "an Operation-Location header, or HTTP 204 with no body, found 0 characters (application/json).",
  );
});
