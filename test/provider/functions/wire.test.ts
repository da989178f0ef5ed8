import recorded from "../../contract/cases.json";
import { service, startEmulated, type Emulated } from "./emulated";

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Case {
  readonly name: string;
  readonly requests: readonly Request[];
}

const caseOf = (name: string): Case => {
  const found = (recorded as unknown as readonly Case[]).find((one) => one.name === name);
  if (!found) throw new Error(`no recorded case ${name}`);
  return found;
};

/** Reads of the service or of an operation, and questions before a change, tell nothing of what was meant. */
const tells = ({ method, path }: Request): boolean =>
  !(method === "GET" && /\/services\/[^/]+$|\/operations\/|discovery/.test(path)) && !/\/validate/.test(path);

const shown = ({ method, path, query, body }: Request) => ({
  method,
  path: path.replace(/^.*\/(services|api)\b/, "/$1"),
  query,
  body: body ?? null,
});

type Functions = Emulated["functions"];
type Where = Emulated["where"];

const labelled = { kvTags: { a: "1", b: "2" }, properties: { p: "1" } };
const tokened = { aadAuthEnabled: true, authEnabled: false };

/** The same calls as the Python client was recorded with. */
const calls: readonly (readonly [
  string,
  object,
  (functions: Functions, where: Where) => Promise<unknown>,
])[] = [
  ["add_tags", labelled, (f, w) => f.addTags("svc-a", { b: "3", c: "4" }, w)],
  ["remove_tags", labelled, (f, w) => f.removeTags("svc-a", ["a", "missing"], w)],
  ["remove_tags.null_tags", { kvTags: null }, (f, w) => f.removeTags("svc-a", "a", w)],
  ["add_properties", labelled, (f, w) => f.addProperties("svc-a", { q: "2" }, w)],
  ["regen_key", {}, (f, w) => f.regenerateKey("svc-a", "primary", undefined, w)],
  ["regen_key.set_value", {}, (f, w) => f.regenerateKey("svc-a", "SECONDARY", "mine", w)],
  ["get_access_token", tokened, (f, w) => f.getAccessToken("svc-a", w)],
  ["run.key_auth", {}, (f, w) => f.runService("svc-a", '{"data": 1}', {}, w)],
  ["get_logs", {}, (f, w) => f.getLogs("svc-a", {}, w)],
  ["get_logs.args", {}, (f, w) => f.getLogs("svc-a", { numLines: 7, init: true }, w)],
  [
    "list.all_filters",
    {},
    (f, w) =>
      f.listServices(
        {
          computeType: "aks",
          imageName: "i",
          imageId: "i:1",
          modelName: "m",
          modelId: "m:1",
          tags: { a: undefined, b: "c" },
          properties: { d: undefined, e: "f" },
          imageDigest: "sha256:0",
        } as never,
        w,
      ),
  ],
];

/** Where a function means to differ, and why. */
const differences: Readonly<Record<string, { readonly why: string; readonly requests: readonly unknown[] }>> =
  {
    add_properties: {
      why: "Only what is new is sent: the service refuses to be told a property twice with another value.",
      requests: [
        {
          method: "PATCH",
          path: "/services/svc-a",
          query: {},
          body: [{ op: "add", path: "/properties/q", value: "2" }],
        },
      ],
    },
    regen_key: {
      why: "The new keys are returned, so they are read once the operation has ended.",
      requests: [
        {
          method: "POST",
          path: "/services/svc-a/regenerateKeys",
          query: {},
          body: { keyType: "Primary", keyValue: null },
        },
        { method: "POST", path: "/services/svc-a/listkeys", query: {}, body: null },
      ],
    },
    "regen_key.set_value": {
      why: "The new keys are returned, so they are read once the operation has ended.",
      requests: [
        {
          method: "POST",
          path: "/services/svc-a/regenerateKeys",
          query: {},
          body: { keyType: "Secondary", keyValue: "mine" },
        },
        { method: "POST", path: "/services/svc-a/listkeys", query: {}, body: null },
      ],
    },
  };

describe("what a function sends, beside what the Python client sent for the same call", () => {
  let emulated: Emulated;
  afterEach(() => emulated.close());

  it.each(calls)("%s", async (name, more, call) => {
    emulated = await startEmulated([service("svc-a", more)]);
    await call(emulated.functions, emulated.where);
    const sent = (emulated.emulator.requests() as readonly Request[]).filter(tells).map(shown);
    expect(sent).toEqual(differences[name]?.requests ?? caseOf(name).requests.filter(tells).map(shown));
  });

  it("has no difference left over", () => {
    const names = calls.map(([name]) => name);
    expect(Object.keys(differences).filter((name) => !names.includes(name))).toEqual([]);
  });
});
