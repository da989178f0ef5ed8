import fc from "fast-check";
import { connect } from "../../../provider/azure/connect";
import { ServiceError } from "../../../provider/azure/errors";
import {
  TransportFault,
  type FaultKind,
  type HttpResponse,
  type Transport,
} from "../../../provider/azure/http";
import type { Webservices } from "../../../provider/azure/webservices";
import { address, failure, settingsFor, testClock } from "./fake-workspace";

const token = "access-token-1";
const key = "a-secret-key";

// Whatever answers may echo what was sent.
const echo = fc.constantFrom("", token, key, `Bearer ${token}`);
const anyText = fc.oneof(
  fc.string(),
  fc.json(),
  echo,
  echo.map((text) => `<html><title>${text}</title>${text}</html>`),
);
const anyBody = fc.oneof(
  anyText,
  fc
    .record({ code: fc.oneof(fc.string(), echo), message: echo, details: fc.jsonValue() })
    .map((body) => JSON.stringify(body)),
  fc.record({ error: fc.record({ code: echo, message: fc.string() }) }).map((body) => JSON.stringify(body)),
);
const anyAnswer: fc.Arbitrary<HttpResponse> = fc.record({
  status: fc.oneof(
    fc.integer({ min: 200, max: 599 }),
    fc.constantFrom(200, 202, 204, 301, 400, 403, 404, 408, 409, 429, 500, 502, 503),
  ),
  headers: fc.dictionary(
    fc.constantFrom("content-type", "retry-after", "operation-location", "x-ms-request-id", "location"),
    fc.oneof(fc.constantFrom("text/html", "application/json", "1", "/operations/op-1"), echo),
  ),
  text: anyBody,
});
const anyFault = fc.constantFrom(
  "Refused" as const,
  "Unresolved" as const,
  "Tls" as const,
  "TimedOut" as const,
  "Cut" as const,
);
const anyOutcome = fc.oneof({ weight: 5, arbitrary: anyAnswer }, anyFault);

/** A workspace that is found, and then answers as it likes. */
const connectTo = (outcomes: readonly (HttpResponse | FaultKind)[]): Promise<Webservices> => {
  let asked = 0;
  const transport: Transport = ({ url }) => {
    if (url.endsWith("/discovery")) {
      return Promise.resolve({ status: 200, headers: {}, text: '{"modelmanagement":"http://127.0.0.1:1"}' });
    }
    const next = outcomes[asked % outcomes.length] as HttpResponse | FaultKind;
    asked += 1;
    if (typeof next === "string") return Promise.reject(new TransportFault(next, next === "Cut", "X"));
    return Promise.resolve(next);
  };
  return connect(address, settingsFor("http://127.0.0.1:1"), { clock: testClock(), transport });
};

const list = async (services: Webservices): Promise<void> => {
  for await (const one of services.list()) void one;
};

const verbs: Record<string, (services: Webservices) => Promise<unknown>> = {
  get: (services) => services.get("svc"),
  create: (services) =>
    services.create({ name: "svc", properties: { stamp: "me" }, keys: { primaryKey: key } }),
  patch: (services) => services.patch("svc", [{ op: "replace", path: "/kvTags", value: {} }]),
  remove: (services) => services.remove("svc"),
  listKeys: (services) => services.listKeys("svc"),
  regenerateKey: (services) => services.regenerateKey("svc", "Primary", key),
  accessToken: (services) => services.accessToken("svc"),
  logs: (services) => services.logs("svc"),
  list,
  migrate: (services) => services.migrate("svc", "k8s"),
};

// Credentials of the machine must not take part when an answer is a 401; 401s are left out for the same reason.
const outcomes = fc.array(anyOutcome, { minLength: 1, maxLength: 4 });
const noUnauthorized = (all: readonly (HttpResponse | FaultKind)[]): boolean =>
  all.every((one) => typeof one === "string" || one.status !== 401);

it.each(Object.entries(verbs))(
  "%s ends in a value or a ServiceError that shows no secret, whatever answers",
  async (name, verb) => {
    await fc.assert(
      fc.asyncProperty(outcomes.filter(noUnauthorized), async (all) => {
        const services = await connectTo(all);
        const [ended] = await Promise.allSettled([verb(services)]);
        if (ended.status === "fulfilled") return;
        const error = ended.reason as ServiceError;
        expect(error).toBeInstanceOf(ServiceError);
        expect(error.advice).not.toBe("");
        const shown = [error.message, error.stack, error.detail, error.requestId, JSON.stringify(error)].join(
          "\n",
        );
        expect(shown).not.toContain(token);
        // The others did not send the key, and so cannot know it in an answer.
        if (["create", "regenerateKey"].includes(name)) expect(shown).not.toContain(key);
        expect(shown).not.toMatch(/\n\s+at /);
      }),
    );
  },
);

it("never calls a service absent unless the service said so", async () => {
  const anyButOwnNotFound = anyAnswer.filter(
    ({ status, text }) => status !== 401 && !(status === 404 && text.includes("code")),
  );
  await fc.assert(
    fc.asyncProperty(anyButOwnNotFound, async (answer) => {
      const services = await connectTo([answer]);
      const [ended] = await Promise.allSettled([services.get("svc")]);
      if (ended.status === "fulfilled") expect(ended.value).toBeDefined();
    }),
  );
});

it("explains in one sentence what failed, what came, and what to do", async () => {
  const services = await connectTo([
    {
      status: 403,
      headers: { "x-ms-request-id": "req-1" },
      text: JSON.stringify({ error: { code: "AuthorizationFailed", message: "No role." } }),
    },
  ]);
  const error = (await failure(services.get("svc"))) as ServiceError;
  expect(error.message).toBe(
    'Cannot read service "svc": Forbidden (HTTP 403, request req-1).\n' +
      "AuthorizationFailed: No role.\n" +
      "Give the identity a role on the workspace that allows this (for example AzureML Data Scientist).",
  );
});
