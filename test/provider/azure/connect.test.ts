import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { connect, type ClientSettings } from "../../../provider/azure/connect";
import type { ServiceError } from "../../../provider/azure/errors";
import { cloudOf, configKeys } from "../../../provider/azure/settings";
import { ownCertificate } from "./auth/certificate";
import {
  address,
  failure,
  fakeForEachTest,
  ownNotFound,
  scope,
  settingsFor,
  testClock,
  type Reply,
  type Responder,
} from "./fake-workspace";

// The machine's own credentials must not take part.
const inherited = { ...process.env };
beforeAll(() => void (process.env["AZURE_TOKEN_CREDENTIALS"] = "EnvironmentCredential"));
afterAll(() => void (process.env = inherited));

const { start } = fakeForEachTest();

const workspacePath = `GET ${scope}`;
const viaArm = (url: string): ClientSettings => ({
  config: {},
  env: { AZUREML_ACCESS_TOKEN: "access-token-1", AZUREML_ARM_ENDPOINT: `${url}/` },
});
const armAnswer: Responder = ({ headers }) => ({
  body: { properties: { discoveryUrl: `http://${headers.host}/discovery` } },
});

/** Each test its own dependencies, and so nothing that another test left behind. */
const open = (settings: ClientSettings) => connect(address, settings, { clock: testClock() });

describe("through ARM", () => {
  it("asks ARM with the token, and the discovery URL without", async () => {
    const server = await start({
      [workspacePath]: armAnswer,
      "GET /services/svc": { body: { name: "svc" } },
    });
    await (await open(viaArm(server.url))).get("svc");
    expect(server.seen.map(({ path }) => path)).toEqual([scope, "/discovery", "/services/svc"]);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer access-token-1",
      undefined,
      "Bearer access-token-1",
    ]);
    expect(server.seen[0]?.query.get("api-version")).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it("knows from ARM that the workspace exists, and asks no more", async () => {
    const server = await start({ [workspacePath]: armAnswer, "GET /services/svc": ownNotFound });
    expect(await (await open(viaArm(server.url))).get("svc")).toBeUndefined();
    expect(server.seen.map(({ path }) => path)).not.toContain("/services");
  });

  const armError = (status: number, code: string): Reply => ({
    status,
    body: { error: { code, message: "The Resource was not found." } },
  });
  it.each<[string, Reply | Responder, string, string]>([
    ["an unknown workspace", armError(404, "ResourceNotFound"), "WorkspaceNotFound", "azureml:workspaceId"],
    [
      "an unknown subscription",
      armError(404, "SubscriptionNotFound"),
      "WorkspaceNotFound",
      "SubscriptionNotFound",
    ],
    ["a forbidden workspace", armError(403, "AuthorizationFailed"), "Forbidden", "role"],
    [
      "a refused token",
      armError(401, "InvalidAuthenticationToken"),
      "CredentialRefused",
      "AZUREML_ACCESS_TOKEN",
    ],
    ["a workspace without an address", { body: { properties: {} } }, "DiscoveryFailed", "discoveryUrl"],
    ["text", { body: "hello" }, "NotJson", "JSON object"],
    [
      "a page",
      { headers: { "content-type": "text/html" }, body: "<html><title>Sign in</title>" },
      "GatewayPage",
      "Sign in",
    ],
    [
      "a failing ARM",
      { status: 500, body: { error: { code: "InternalError", message: "oops" } } },
      "ServerError",
      "oops",
    ],
  ])("explains %s", async (_, reply, code, words) => {
    const server = await start({ [workspacePath]: reply });
    const error = (await failure(open(viaArm(server.url)))) as ServiceError;
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(words);
    expect(error.message).not.toContain("access-token-1");
  });
});

describe("discovery", () => {
  it.each<[string, (url: string) => ClientSettings]>([
    ["AZUREML_DISCOVERY_URL", (url) => settingsFor(url)],
    [
      "AZUREML_DISCOVERY_SERVICE_ENDPOINT",
      (url) => ({
        config: {},
        env: { AZUREML_ACCESS_TOKEN: "t", AZUREML_DISCOVERY_SERVICE_ENDPOINT: `${url}/discovery` },
      }),
    ],
    [
      "azureml:discoveryUrl",
      (url) => ({
        config: { "azureml:discoveryUrl": `${url}/discovery`, "azureml:accessToken": "t" },
        env: {},
      }),
    ],
  ])("spares ARM with %s", async (_, settings) => {
    const server = await start({ "GET /services/svc": { body: { name: "svc" } } });
    expect(await (await open(settings(server.url))).get("svc")).toEqual({ name: "svc" });
  });

  it.each<[string, Reply, string, string]>([
    ["no JSON", { body: "hello" }, "NotJson", "JSON object"],
    ["no services address", { body: { api: "http://x" } }, "DiscoveryFailed", "modelmanagement"],
    [
      "an address that is none",
      { body: { modelmanagement: "nowhere" } },
      "DiscoveryFailed",
      "modelmanagement",
    ],
    ["a 404", ownNotFound, "DiscoveryFailed", "AZUREML_DISCOVERY_URL"],
    ["another protocol", { body: { modelmanagement: "ftp://x" } }, "ForeignAddress", "ftp:"],
  ])("explains %s", async (_, reply, code, words) => {
    const server = await start({ "GET /discovery": reply });
    const error = (await failure(open(settingsFor(server.url)))) as ServiceError;
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(words);
  });

  it("refuses a URL that is none", async () => {
    const settings = {
      config: { "azureml:discoveryUrl": "file:///etc/passwd" },
      env: { AZUREML_ACCESS_TOKEN: "t" },
    };
    expect(await failure(open(settings))).toMatchObject({ code: "DiscoveryFailed" });
  });

  it("is shared by all who connect, and forgotten when it fails", async () => {
    const server = await start({
      "GET /discovery": ({ headers }, earlier) =>
        earlier === 0 ? { body: "hello" } : { body: { modelmanagement: `http://${headers.host}` } },
    });
    const deps = { clock: testClock() };
    const again = () => connect(address, settingsFor(server.url), deps);
    expect(await failure(again())).toMatchObject({ code: "NotJson" });
    await Promise.all([again(), again()]);
    await again();
    expect(server.seen).toHaveLength(2);
  });

  it("is not shared between credentials", async () => {
    const server = await start();
    const deps = { clock: testClock() };
    await connect(address, settingsFor(server.url), deps);
    await connect(address, settingsFor(server.url, { env: { AZUREML_ACCESS_TOKEN: "token-2" } }), deps);
    expect(server.seen).toHaveLength(2);
  });
});

describe("the way there", () => {
  const listen = async (server: Server): Promise<number> => {
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return (server.address() as AddressInfo).port;
  };

  it("explains a host that does not answer, and tries a few times", async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((done) => server.close(done));
    const clock = testClock();
    const error = (await failure(
      connect(address, settingsFor(`http://127.0.0.1:${port}`), { clock }),
    )) as ServiceError;
    expect(error).toMatchObject({ code: "Unreachable" });
    expect(error.message).toContain(`127.0.0.1:${port}, found ECONNREFUSED`);
    expect(clock.sleeps).toHaveLength(5);
  });

  it("sends nothing in the clear beyond this machine", async () => {
    const error = (await failure(open(settingsFor("http://workspace.invalid")))) as ServiceError;
    expect(error).toMatchObject({ code: "DiscoveryFailed" });
    expect(error.message).toContain("https");
  });

  it("explains a host that does not exist", async () => {
    const error = (await failure(open(settingsFor("https://workspace.invalid")))) as ServiceError;
    expect(error).toMatchObject({ code: "Unreachable" });
    expect(error.message).toContain("workspace.invalid");
  });

  it("explains a certificate that is not trusted, at once", async () => {
    const server = createTlsServer({ key: ownCertificate.pem, cert: ownCertificate.pem });
    const port = await listen(server);
    const clock = testClock();
    const error = (await failure(
      connect(address, settingsFor(`https://127.0.0.1:${port}`), { clock }),
    )) as ServiceError;
    await new Promise((done) => server.close(done));
    expect(error).toMatchObject({ code: "TlsFailed" });
    expect(error.advice).toContain("NODE_EXTRA_CA_CERTS");
    expect(clock.sleeps).toEqual([]);
  });

  it("never sends a token by http to a host that an https answer named", async () => {
    const sent: string[] = [];
    const transport = ({ url }: { url: string }) => {
      sent.push(url);
      return Promise.resolve({ status: 200, headers: {}, text: '{"modelmanagement":"http://127.0.0.1:1"}' });
    };
    const error = await failure(connect(address, settingsFor("https://discovery.example"), { transport }));
    expect(error).toMatchObject({ code: "ForeignAddress" });
    expect(sent).toEqual(["https://discovery.example/discovery"]);
  });
});

describe("settings", () => {
  it.each<[string, Partial<ClientSettings>, string, string]>([
    ["nothing", {}, "https://management.azure.com", "https://login.microsoftonline.com"],
    [
      "public",
      { env: { ARM_ENVIRONMENT: "public" } },
      "https://management.azure.com",
      "https://login.microsoftonline.com",
    ],
    [
      "ARM_ENVIRONMENT=usgovernment",
      { env: { ARM_ENVIRONMENT: "usgovernment" } },
      "https://management.usgovcloudapi.net",
      "https://login.microsoftonline.us",
    ],
    [
      "azure-native:environment china, before ARM_ENVIRONMENT",
      { config: { "azure-native:environment": "china" }, env: { ARM_ENVIRONMENT: "public" } },
      "https://management.chinacloudapi.cn",
      "https://login.chinacloudapi.cn",
    ],
    [
      "azureml:environment, before azure-native:environment",
      { config: { "azureml:environment": "AzureUSGovernment", "azure-native:environment": "china" } },
      "https://management.usgovcloudapi.net",
      "https://login.microsoftonline.us",
    ],
  ])("take %s to its cloud", (_, { config = {}, env = {} }, arm, authority) => {
    expect(cloudOf({ config, env })).toMatchObject({
      arm,
      authority,
      scope: `${arm}/.default`,
      isPrivate: false,
    });
  });

  it.each(["mars", "constructor", "__proto__"])(
    "name the clouds there are when they name none of them, but %s",
    async (environment) => {
      const error = (await failure(
        open({ config: { "azureml:environment": environment }, env: {} }),
      )) as ServiceError;
      expect(error).toMatchObject({ code: "BadSettings" });
      expect(error.message).toContain(`public, usgovernment or china as environment, found "${environment}"`);
    },
  );

  it.each(["http://0.0.0.0", "http://management.example", "ftp://127.0.0.1", "management.example"])(
    "that would send the token in the clear are refused before anything is sent: AZUREML_ARM_ENDPOINT=%s",
    async (arm) => {
      const transport = jest.fn<Promise<never>, []>();
      const settings = { config: {}, env: { AZUREML_ACCESS_TOKEN: "t", AZUREML_ARM_ENDPOINT: arm } };
      const error = (await failure(connect(address, settings, { transport }))) as ServiceError;
      expect(error).toMatchObject({ code: "BadSettings" });
      expect(error.message).toContain("AZUREML_ARM_ENDPOINT");
      expect(transport).not.toHaveBeenCalled();
    },
  );

  it("name the variable of a wrong proxy, before a token is asked for through it", async () => {
    const transport = jest.fn<Promise<never>, []>();
    const settings = { config: {}, env: { HTTPS_PROXY: "proxy:3128", ARM_USE_MSI: "true" } };
    const error = (await failure(connect(address, settings, { transport }))) as ServiceError;
    expect(error).toMatchObject({ code: "BadSettings" });
    expect(error.message).toContain("HTTPS_PROXY");
    expect(transport).not.toHaveBeenCalled();
  });

  it.each([{ workspaceName: "" }, { subscriptionId: "a/b" }, { resourceGroupName: "rg?x" }])(
    "refuse the address part %j",
    async (part) => {
      const error = (await failure(
        connect({ ...address, ...part }, settingsFor("http://x")),
      )) as ServiceError;
      expect(error).toMatchObject({ code: "BadSettings" });
      expect(error.message).toContain(Object.keys(part)[0]);
    },
  );

  it("list every key that is read", () => {
    expect(configKeys).toEqual(expect.arrayContaining(["azureml:workspaceId", "azure-native:clientSecret"]));
    expect(new Set(configKeys).size).toBe(configKeys.length);
  });
});
