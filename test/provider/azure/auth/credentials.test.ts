import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "../../../../provider/azure/connect";
import type { ServiceError } from "../../../../provider/azure/errors";
import {
  address,
  failure,
  fakeWorkspace,
  settingsFor,
  type FakeWorkspace,
  type Seen,
} from "../fake-workspace";
import { encryptedCertificate, ownCertificate } from "./certificate";
import { fakeIdentity, type FakeIdentity, type Verdict } from "./fake-identity";
import { ownFolder } from "../../../harness/own-folder";

const tenant = "11111111-1111-1111-1111-111111111111";
const folder = ownFolder("credentials");
const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

let identity: FakeIdentity;
let workspace: FakeWorkspace;
/** The tokens that the fake service accepts. */
let accepted: string[];
let judge: (form: URLSearchParams) => Verdict;

const tokenOf = ({ headers }: Seen): string => (headers.authorization ?? "").replace("Bearer ", "");
const inherited = { ...process.env };

beforeEach(async () => {
  accepted = ["good"];
  judge = () => ({ token: "good" });
  identity = await fakeIdentity(({ form }) => judge(form));
  workspace = await fakeWorkspace({
    "GET /services/svc": (seen) =>
      accepted.includes(tokenOf(seen))
        ? { body: { name: "svc" } }
        : { status: 401, body: { code: "Unauthorized", message: "bad token" } },
    "GET /oidc": ({ headers, query }) =>
      headers.authorization === "Bearer request-token"
        ? { body: { value: `assertion for ${query.get("audience")}` } }
        : { status: 403, body: {} },
    "GET /app-service": ({ headers }) =>
      headers["x-identity-header"] === "header"
        ? { body: { access_token: "good", expires_on: "4102444800", token_type: "Bearer" } }
        : { status: 400, body: {} },
    "GET /msi": ({ headers, query }) =>
      headers["metadata"] === "true"
        ? {
            body: {
              access_token: query.get("client_id") === "wrong" ? "bad" : "good",
              expires_on: "4102444800",
              resource: query.get("resource"),
            },
          }
        : { status: 400, body: {} },
  });
  // The machine's own credentials and tools must not take part.
  process.env["AZURE_TOKEN_CREDENTIALS"] = "EnvironmentCredential";
  for (const name of ["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"]) delete process.env[name];
});

afterEach(async () => {
  process.env = { ...inherited };
  await identity.close();
  await workspace.close();
});

interface Given {
  readonly env?: Record<string, string>;
  readonly config?: Record<string, string>;
}

const read = async ({ env = {}, config = {} }: Given): Promise<unknown> => {
  const settings = settingsFor(workspace.url, {
    config,
    env: { AZUREML_ACCESS_TOKEN: undefined, AZURE_AUTHORITY_HOST: identity.url, ...env },
  });
  const services = await connect(address, settings, { identityAuthority: identity.authority });
  return services.get("svc");
};

const refusal = async (given: Given): Promise<ServiceError> => (await failure(read(given))) as ServiceError;

const arm = { ARM_TENANT_ID: tenant, ARM_CLIENT_ID: "app" };
const armSecret = { ...arm, ARM_CLIENT_SECRET: "hunter22" };
const withTenant = (prefix: string, more: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ tenantId: tenant, clientId: "app", ...more }).map(([key, value]) => [
      `${prefix}:${key}`,
      value,
    ]),
  );

const oidcOf = (base: string): Record<string, string> => ({
  useOidc: "true",
  oidcRequestUrl: `${base}/oidc?x=1`,
});

describe("each way to a token", () => {
  it.each<[string, Given]>([
    ["AZUREML_ACCESS_TOKEN", { env: { AZUREML_ACCESS_TOKEN: "good" } }],
    ["azureml:accessToken", { config: { "azureml:accessToken": "good" } }],
  ])("takes %s as it is", async (_, given) => {
    expect(await read(given)).toEqual({ name: "svc" });
    expect(identity.requests).toEqual([]);
  });

  it.each<[string, Given]>([
    ["ARM_CLIENT_SECRET", { env: armSecret }],
    ["azure-native:clientSecret", { config: withTenant("azure-native", { clientSecret: "hunter22" }) }],
    ["azureml:clientSecret", { config: withTenant("azureml", { clientSecret: "hunter22" }) }],
    [
      "azureml:clientSecret with the ids of ARM_*",
      { config: { "azureml:clientSecret": "hunter22" }, env: arm },
    ],
    [
      "azure-native:clientId with the secret of ARM_*",
      {
        config: { "azure-native:clientId": "app", "azure-native:tenantId": tenant },
        env: { ARM_CLIENT_SECRET: "hunter22" },
      },
    ],
  ])("signs in with %s", async (_, given) => {
    expect(await read(given)).toEqual({ name: "svc" });
    expect(identity.requests).toHaveLength(1);
    const [request] = identity.requests;
    expect(request?.tenant).toBe(tenant);
    expect(request?.form.get("client_id")).toBe("app");
    expect(request?.form.get("client_secret")).toBe("hunter22");
    expect(request?.form.get("scope")).toContain("https://management.azure.com/.default");
  });

  it.each<[string, Given]>([
    ["a certificate file", { env: { ...arm, ARM_CLIENT_CERTIFICATE_PATH: ownCertificate.path } }],
    [
      "an encrypted certificate file",
      {
        config: withTenant("azure-native", {
          clientCertificatePath: encryptedCertificate.path,
          clientCertificatePassword: "opensesame",
        }),
      },
    ],
  ])("signs in with %s", async (_, given) => {
    expect(await read(given)).toEqual({ name: "svc" });
    const form = identity.requests[0]?.form;
    const [header = ""] = (form?.get("client_assertion") ?? "").split(".");
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toMatchObject({ typ: "JWT" });
  });

  it("signs in with an OIDC token", async () => {
    expect(await read({ env: { ...arm, ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: "from-esc" } })).toEqual({
      name: "svc",
    });
    expect(identity.requests[0]?.form.get("client_assertion")).toBe("from-esc");
  });

  it("signs in with an OIDC token file", async () => {
    const env = { ...arm, ARM_USE_OIDC: "true", ARM_OIDC_TOKEN_FILE_PATH: file("token", "from-file\n") };
    expect(await read({ env })).toEqual({ name: "svc" });
    expect(identity.requests[0]?.form.get("client_assertion")).toBe("from-file");
  });

  it.each<[string, (base: string) => Given]>([
    [
      "azure-native:oidcRequestUrl",
      (base) => ({
        config: withTenant("azure-native", { ...oidcOf(base), oidcRequestToken: "request-token" }),
      }),
    ],
    [
      "the variables of GitHub Actions",
      (base) => ({
        env: {
          ...arm,
          ARM_USE_OIDC: "true",
          ACTIONS_ID_TOKEN_REQUEST_URL: `${base}/oidc?x=1`,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
        },
      }),
    ],
  ])("asks for an OIDC token with %s", async (_, given) => {
    expect(await read(given(workspace.url))).toEqual({ name: "svc" });
    expect(identity.requests[0]?.form.get("client_assertion")).toBe(
      "assertion for api://AzureADTokenExchange",
    );
  });

  it.each([
    ["usgovernment", "https://management.usgovcloudapi.net/.default", "api://AzureADTokenExchangeUSGov"],
    ["china", "https://management.chinacloudapi.cn/.default", "api://AzureADTokenExchangeChina"],
  ])("asks for what the cloud %s wants", async (cloud, scope, audience) => {
    const config = withTenant("azure-native", {
      ...oidcOf(workspace.url),
      oidcRequestToken: "request-token",
      environment: cloud,
    });
    expect(await read({ config })).toEqual({ name: "svc" });
    expect(identity.requests[0]?.form.get("scope")).toContain(scope);
    expect(identity.requests[0]?.form.get("client_assertion")).toBe(`assertion for ${audience}`);
  });

  it("asks a managed identity endpoint", async () => {
    expect(await read({ env: { ARM_USE_MSI: "true", ARM_MSI_ENDPOINT: `${workspace.url}/msi` } })).toEqual({
      name: "svc",
    });
    const asked = workspace.seen.find(({ path }) => path === "/msi");
    expect(asked?.query.get("resource")).toBe("https://management.azure.com/");
  });

  it("asks App Service's managed identity endpoint through the identity library", async () => {
    process.env["IDENTITY_ENDPOINT"] = `${workspace.url}/app-service`;
    process.env["IDENTITY_HEADER"] = "header";
    expect(await read({ env: { ARM_USE_MSI: "true" } })).toEqual({ name: "svc" });
  });
});

it("ends with what DefaultAzureCredential finds", async () => {
  process.env["AZURE_CLIENT_ID"] = "app";
  process.env["AZURE_TENANT_ID"] = tenant;
  process.env["AZURE_CLIENT_SECRET"] = "of-the-machine";
  expect(await read({})).toEqual({ name: "svc" });
  expect(identity.requests[0]?.form.get("client_secret")).toBe("of-the-machine");
});

describe("a refused credential", () => {
  it("falls through to the next when the service answers 401", async () => {
    const given = {
      env: { ...armSecret, AZUREML_ACCESS_TOKEN: "stale" },
      config: { "azureml:accessToken": "staler" },
    };
    expect(await read(given)).toEqual({ name: "svc" });
    expect(workspace.seen.filter(({ path }) => path === "/services/svc").map(tokenOf)).toEqual([
      "stale",
      "stale",
      "staler",
      "staler",
      "good",
    ]);
  });

  it("falls through to the next when its token request fails: a secret that was rotated since the last up", async () => {
    judge = (form) =>
      form.get("client_secret") === "new-secret"
        ? { token: "good" }
        : { refused: "AADSTS7000215: Invalid client secret provided." };
    const config = withTenant("azure-native", { clientSecret: "old-secret" });
    expect(await read({ config, env: { ...arm, ARM_CLIENT_SECRET: "new-secret" } })).toEqual({ name: "svc" });
  });

  it("lists by name what was tried when none is left, and no secret", async () => {
    judge = () => ({ refused: "AADSTS7000215: Invalid client secret provided: hunter22" });
    const error = await refusal({ env: { ...armSecret, AZUREML_ACCESS_TOKEN: "stale-token" } });
    expect(error).toMatchObject({ name: "ServiceError", code: "CredentialRefused" });
    expect(error.message).toContain("AZUREML_ACCESS_TOKEN (refused by the service, 401)");
    expect(error.message).toContain("ARM_* client secret (AADSTS7000215)");
    expect(error.message).toContain("DefaultAzureCredential with az login (not available here)");
    for (const wayOut of [
      "ARM_CLIENT_SECRET",
      "AZUREML_ACCESS_TOKEN",
      "`pulumi up`",
      "--run-program",
      "last",
    ]) {
      expect(error.advice).toContain(wayOut);
    }
    expect(JSON.stringify([error.message, error.stack, error])).not.toMatch(/stale-token|hunter22/);
  });

  it("is no credential at all when nothing gave a token", async () => {
    expect(await refusal({})).toMatchObject({ code: "NoCredential" });
  });

  it.each<[string, () => Given, string]>([
    [
      "a token that is none",
      () => ({ env: { AZUREML_ACCESS_TOKEN: "Bearer secret" } }),
      "AZUREML_ACCESS_TOKEN (is no bearer token",
    ],
    [
      "a missing tenant",
      () => ({ env: { ARM_CLIENT_ID: "app", ARM_CLIENT_SECRET: "x" } }),
      "tenantId missing",
    ],
    ["missing ids", () => ({ env: { ARM_CLIENT_SECRET: "x" } }), "tenantId and clientId missing"],
    [
      "no file",
      () => ({ env: { ...arm, ARM_CLIENT_CERTIFICATE_PATH: "/none" } }),
      "certificate file cannot be read",
    ],
    [
      "a PKCS#12 file",
      () => ({ env: { ...arm, ARM_CLIENT_CERTIFICATE_PATH: file("a.pfx", "\u0030\u0082") } }),
      "not PEM; `openssl pkcs12",
    ],
    [
      "no OIDC token",
      () => ({ env: { ...arm, ARM_USE_OIDC: "true" } }),
      "neither an OIDC token nor a request URL",
    ],
    [
      "an OIDC URL that refuses",
      () => ({ config: withTenant("azureml", { ...oidcOf(workspace.url), oidcRequestToken: "wrong" }) }),
      "OIDC request URL answered 403",
    ],
    [
      "an OIDC URL that nobody serves",
      () => ({ config: withTenant("azureml", { ...oidcOf("http://127.0.0.1:9"), oidcRequestToken: "x" }) }),
      "OIDC request URL is unreachable",
    ],
    [
      "a managed identity endpoint that nobody serves",
      () => ({ env: { ARM_USE_MSI: "1", ARM_MSI_ENDPOINT: "http://127.0.0.1:9" } }),
      "managed identity endpoint unreachable",
    ],
    [
      "an identity endpoint that nobody serves",
      () => ({ env: { ...armSecret, AZURE_AUTHORITY_HOST: "https://127.0.0.1:9" } }),
      "identity endpoint unreachable",
    ],
  ])("says so for %s", async (_, given, reason) => {
    expect((await refusal(given())).message).toContain(reason);
  });
});

it("asks for one token for many resources", async () => {
  const settings = settingsFor(workspace.url, {
    env: { AZUREML_ACCESS_TOKEN: undefined, AZURE_AUTHORITY_HOST: identity.url, ...armSecret },
  });
  const deps = { identityAuthority: identity.authority };
  const connections = await Promise.all([1, 2, 3].map(() => connect(address, settings, deps)));
  await Promise.all(connections.map((services) => services.get("svc")));
  expect(identity.requests).toHaveLength(1);
  expect(workspace.seen.filter(({ path }) => path === "/discovery")).toHaveLength(1);
});
