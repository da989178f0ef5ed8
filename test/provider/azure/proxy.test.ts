import { exemptThisMachine, proxyFor } from "../../../provider/azure/proxy";

const proxy = "http://proxy.example:3128";
const through = (url: string, env: Record<string, string>): string | undefined =>
  proxyFor(new URL(url), env)?.host;

it.each([
  "http://169.254.169.254/metadata/identity/oauth2/token",
  "http://169.254.170.2/token",
  "http://[fe80::1]/",
  "http://127.0.0.1:41741/token",
  "http://127.8.8.8/",
  "http://[::1]:8080/",
  "http://localhost:5000/",
  "https://service.localhost/",
])("sends nothing of this machine or its metadata endpoint through a proxy: %s", (url) => {
  expect(through(url, { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, ALL_PROXY: proxy })).toBeUndefined();
});

it.each<[string, string, boolean]>([
  // NO_PROXY, the address, whether it is asked directly
  ["example.com", "https://example.com/", true],
  ["example.com", "https://api.example.com/", true],
  ["example.com", "https://badexample.com/", false],
  [".example.com", "https://api.example.com/", true],
  [".example.com", "https://example.com/", true],
  ["*.example.com", "https://api.example.com/", true],
  ["EXAMPLE.com", "https://Example.COM/", true],
  ["example.com:8443", "https://example.com:8443/", true],
  ["example.com:8443", "https://example.com/", false],
  ["example.com:443", "https://example.com/", true],
  [".example.com:443", "https://api.example.com/", true],
  ["10.0.0.7", "https://10.0.0.7/", true],
  ["[2001:db8::7]", "https://[2001:db8::7]/", true],
  ["2001:db8::7", "https://[2001:db8::7]/", true],
  ["[2001:db8::7]:8443", "https://[2001:db8::7]:8443/", true],
  ["[2001:db8::7]:8443", "https://[2001:db8::7]/", false],
  ["*", "https://example.com/", true],
  ["other.org, example.com", "https://example.com/", true],
  ["other.org example.com", "https://example.com/", true],
  [" ,, ", "https://example.com/", false],
  ["169.254.169.254", "https://example.com/", false],
])("follows NO_PROXY=%j for %s", (noProxy, url, direct) => {
  expect(through(url, { HTTPS_PROXY: proxy, NO_PROXY: noProxy }) === undefined).toBe(direct);
  expect(through(url, { HTTPS_PROXY: proxy, no_proxy: noProxy }) === undefined).toBe(direct);
});

it.each<[Record<string, string>, string, string | undefined]>([
  [{}, "https://a.example/", undefined],
  [{ HTTPS_PROXY: "http://upper:1" }, "https://a.example/", "upper:1"],
  [{ HTTPS_PROXY: "http://upper:1", https_proxy: "http://lower:1" }, "https://a.example/", "lower:1"],
  [{ HTTP_PROXY: "http://plain:1" }, "https://a.example/", "plain:1"],
  [{ ALL_PROXY: "http://all:1", HTTP_PROXY: "http://plain:1" }, "https://a.example/", "all:1"],
  [{ HTTPS_PROXY: "http://secure:1" }, "http://a.example/", undefined],
  [{ HTTPS_PROXY: "" }, "https://a.example/", undefined],
  [{ HTTPS_PROXY: " https://spaces:1 " }, "https://a.example/", "spaces:1"],
])("finds the proxy in %j for %s", (env, url, host) => {
  expect(through(url, env)).toBe(host);
});

it.each([
  "proxy.example:3128",
  "10.0.0.1:3128",
  "http//proxy.example",
  "socks5://proxy.example:1080",
  "http://user:pa%ss@proxy.example",
  "ftp://proxy.example:3128",
  "hunter2 with spaces",
])("names the variable of a proxy that is no URL, and shows nothing of it: %s", (value) => {
  const read = (): unknown => proxyFor(new URL("https://a.example/"), { https_proxy: value });
  expect(read).toThrow(expect.objectContaining({ code: "BadSettings" }));
  expect(read).toThrow(/https_proxy/);
  expect(read).not.toThrow(new RegExp(value.replace(/[^\w]/g, ".")));
});

it.each<[Record<string, string>, string | undefined]>([
  [{}, undefined],
  [{ HTTP_PROXY: proxy }, "169.254.169.254,127.0.0.1,localhost,[::1]"],
  [
    { https_proxy: proxy, NO_PROXY: "a.example, localhost" },
    "a.example,localhost,169.254.169.254,127.0.0.1,[::1]",
  ],
  [{ ALL_PROXY: proxy, NO_PROXY: "*" }, "*"],
  [
    {
      HTTP_PROXY: proxy,
      IDENTITY_ENDPOINT: "http://169.254.129.4:8081/token",
      MSI_ENDPOINT: "https://a.example",
    },
    "169.254.169.254,127.0.0.1,localhost,[::1],169.254.129.4",
  ],
])("names this machine's identity endpoints to the identity library: %j", (given, noProxy) => {
  const env: Record<string, string | undefined> = { ...given };
  exemptThisMachine(env);
  expect(env).toEqual({ ...given, ...(noProxy === undefined ? {} : { NO_PROXY: noProxy }) });
});
