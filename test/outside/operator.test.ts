import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { configKeys } from "../../provider/azure/settings";
import { exampleFolder } from "../harness/session";

type Json = { readonly [member: string]: unknown };

/** A schema as CRDs have it; Kubernetes prunes what it does not name. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-int-or-string"?: boolean;
}

const file = (name: string): string => readFileSync(join(exampleFolder("operator"), name), "utf8");
const manifests = parseAllDocuments(file("stack.yaml")).map((document) => document.toJS() as Json);
const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, member) => (inner as Json | undefined)?.[member], value);
const ofKind = (kind: string): Json => manifests.find((one) => one["kind"] === kind)!;

describe("the manifests of examples/operator", () => {
  const stack = ofKind("Stack");

  it("name one service account of one namespace, which may be asked about callers", () => {
    const [name, namespace] = [at(stack, "metadata", "name"), at(stack, "metadata", "namespace")];
    expect(at(stack, "spec", "serviceAccountName")).toBe(name);
    expect(ofKind("ServiceAccount")["metadata"]).toMatchObject({ name, namespace });
    expect(ofKind("ClusterRoleBinding")["subjects"]).toEqual([{ kind: "ServiceAccount", name, namespace }]);
    expect(file("README.md")).toContain(`\`${String(namespace)}/${String(name)}\``);
  });

  it("take what is secret from a secret that the README makes", () => {
    const { name, key } = at(stack, "spec", "envRefs", "PULUMI_CONFIG_PASSPHRASE", "secret") as Json;
    expect(file("README.md")).toContain(`generic ${String(name)} --from-literal=${String(key)}=`);
  });

  it("configure what the package reads", () => {
    for (const key of Object.keys(at(stack, "spec", "config") as Json)) expect(configKeys).toContain(key);
  });
});

/** The version that the manifests are written for. */
const OPERATOR = "github.com/pulumi/pulumi-kubernetes-operator/v2@v2.9.0";

/** The operator's own CRDs: from the folder that PULUMI_OPERATOR_CRDS names, else out of its Go module. */
function crdFolder(): string | undefined {
  const given = process.env["PULUMI_OPERATOR_CRDS"];
  if (given) return given;
  const { status, stdout } = spawnSync("go", ["mod", "download", "-json", OPERATOR], {
    cwd: tmpdir(),
    encoding: "utf8",
  });
  return status === 0 ? join((JSON.parse(stdout) as { Dir: string }).Dir, "deploy", "crds") : undefined;
}

const schemasIn = (folder: string): ReadonlyMap<string, Schema> =>
  new Map(
    readdirSync(folder).flatMap((name) => {
      const { spec } = parse(readFileSync(join(folder, name), "utf8")) as { spec: Json };
      return (spec["versions"] as readonly Json[]).map((version) => [
        `${String(spec["group"])}/${String(version["name"])} ${String(at(spec, "names", "kind"))}`,
        at(version, "schema", "openAPIV3Schema") as Schema,
      ]);
    }),
  );

const typeOf = (value: unknown): string =>
  Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;

/** What Kubernetes would refuse, or silently drop. */
const wrong = (schema: Schema, value: unknown, path: string): readonly string[] => {
  if (schema["x-kubernetes-int-or-string"]) return [];
  if (schema.enum && !schema.enum.includes(value)) return [`${path}: not one of ${schema.enum.join(", ")}`];
  if (schema.type !== undefined && schema.type !== typeOf(value)) return [`${path}: no ${schema.type}`];
  if (Array.isArray(value))
    return value.flatMap((one, index) => wrong(schema.items ?? {}, one, `${path}[${index}]`));
  if (typeof value !== "object" || value === null || !schema.type) return [];
  const missing = (schema.required ?? []).filter((name) => !(name in value));
  return [
    ...missing.map((name) => `${path}.${name}: missing`),
    ...Object.entries(value).flatMap(([name, member]) => {
      const known = schema.properties?.[name] ?? schema.additionalProperties;
      if (known) return wrong(known, member, `${path}.${name}`);
      // An object of which the schema says nothing more takes anything: the metadata.
      const isOpen = schema["x-kubernetes-preserve-unknown-fields"] || !schema.properties;
      return isOpen ? [] : [`${path}.${name}: unknown`];
    }),
  ];
};

describe("against the operator's CRDs", () => {
  const folder = crdFolder();
  const name = folder
    ? ""
    : ` (skipped: ${OPERATOR} cannot be downloaded here, and PULUMI_OPERATOR_CRDS is unset)`;
  const judged = folder ? it : it.skip;

  judged(`the Stack is valid, and nothing of it is unknown${name}`, () => {
    const stack = ofKind("Stack");
    const schema = schemasIn(folder!).get(`${String(stack["apiVersion"])} Stack`)!;
    expect(wrong(schema, stack, "stack")).toEqual([]);
  });

  judged(`a misspelt member, a wrong type and a missing one are seen${name}`, () => {
    const schema = schemasIn(folder!).get("pulumi.com/v1 Stack")!;
    const spec = { projectRepos: "x", refresh: "yes", envRefs: { A: { literal: { value: "b" } } } };
    expect(wrong(schema, { ...ofKind("Stack"), spec }, "stack")).toEqual([
      "stack.spec.stack: missing",
      "stack.spec.projectRepos: unknown",
      "stack.spec.refresh: no boolean",
      "stack.spec.envRefs.A.type: missing",
    ]);
  });
});
