import { ServiceError } from "./errors";

type Environment = Readonly<Record<string, string | undefined>>;

/** As curl and the Azure libraries read them: lower case first, and the most specific first. */
const variables: Readonly<Record<string, readonly string[]>> = Object.freeze({
  "https:": ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY"],
  "http:": ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
});

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, "").toLowerCase();

/** An entry's host and port; an IPv6 address without brackets has no port. */
function partsOf(entry: string): { readonly host: string; readonly port: string } {
  const [, host, port] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
  return { host: withoutBrackets((host ?? entry).replace(/^\*?\./, "")), port: port ?? "" };
}

const portOf = ({ port, protocol }: URL): string => port || (protocol === "https:" ? "443" : "80");

/** Whether an entry of NO_PROXY names the address: its host, a domain above it, with or without the port, or `*`. */
function names(entry: string, url: URL): boolean {
  if (entry === "*") return true;
  const { host, port } = partsOf(entry);
  if (host === "" || (port !== "" && port !== portOf(url))) return false;
  const own = withoutBrackets(url.hostname);
  return own === host || own.endsWith(`.${host}`);
}

const isExempt = (url: URL, env: Environment): boolean =>
  (env["no_proxy"] || env["NO_PROXY"] || "")
    .split(/[,\s]+/)
    .some((entry) => entry !== "" && names(entry, url));

const isDecodable = (text: string): boolean => {
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
};

/** The value may hold a password, so that only its variable is named. */
function parsed(variable: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isProxy = url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== "";
  if (isProxy && isDecodable(url.username) && isDecodable(url.password)) return url;
  throw new ServiceError({
    action: "use the proxy",
    code: "BadSettings",
    detail:
      `Expected "http://host:port" in ${variable} (with http:// or https:// in front, ` +
      "and reserved characters of a password as %XX), found other text.",
    advice: `Correct or unset ${variable}, then run again.`,
  });
}

/**
 * The proxy that the environment names for this address; undefined for none. Addresses of this machine, its metadata
 * endpoint among them, never go through one.
 *
 * @throws ServiceError BadSettings for a proxy that is no URL
 */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  const variable = variables[url.protocol]?.find((name) => env[name]);
  if (variable === undefined || isOfThisMachine(url) || isExempt(url, env)) return undefined;
  return parsed(variable, env[variable]!.trim());
}

const identityEndpoints = ["IDENTITY_ENDPOINT", "MSI_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST"];

/**
 * Adds this machine's own identity endpoints to NO_PROXY, for the identity library: it reads the variable once, takes
 * whole hosts only, and would request a token from the proxy's machine.
 */
export function exemptThisMachine(env: Record<string, string | undefined>): void {
  const isProxied = Object.values(variables).some((names) => names.some((name) => env[name]));
  const name = env["NO_PROXY"] || !env["no_proxy"] ? "NO_PROXY" : "no_proxy";
  const listed = (env[name] ?? "").split(/[,\s]+/).filter(Boolean);
  if (!isProxied || listed.includes("*")) return;
  const named = identityEndpoints.flatMap((each) => {
    const url = URL.canParse(env[each] ?? "") ? new URL(env[each]!) : undefined;
    return url && isOfThisMachine(url) ? [url.hostname] : [];
  });
  const own = ["169.254.169.254", "127.0.0.1", "localhost", "[::1]"];
  env[name] = [...new Set([...listed, ...own, ...named])].join(",");
}

/** This machine itself. */
export const isLoopbackName = (hostname: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** The machine's own link, where cloud machines find their metadata and managed identity (169.254.169.254). */
const isLinkLocal = (hostname: string): boolean => /^169\.254(\.\d+){2}$|^\[fe[89ab]/i.test(hostname);

/** What no proxy can reach in this machine's place. */
const isOfThisMachine = ({ hostname }: URL): boolean =>
  isLoopbackName(hostname) || hostname.endsWith(".localhost") || isLinkLocal(hostname);
