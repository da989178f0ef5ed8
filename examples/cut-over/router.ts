/** A web service, the endpoint that is to replace it, and how many of its calls go there. */
export interface Route {
  readonly name: string;
  /** Scoring URI of the web service. */
  readonly service: string;
  /** Scoring URI of the endpoint; none while it is not deployed. */
  readonly endpoint?: string | undefined;
  /** Of 100 calls, how many go to the endpoint. */
  readonly weight: number;
  /** The web service is gone, or about to be: all calls go to the endpoint. */
  readonly retired?: boolean;
  /** Whether the endpoint takes the key that callers have. */
  readonly keyStays: boolean;
  /** File beside nginx, never in the repository, with `proxy_set_header Authorization "Bearer …";`: callers send no key. */
  readonly addsKeyFrom?: string;
}

/**
 * The part of an nginx configuration that stands before both: callers keep the path of the web service. Calls are
 * spread by `X-Request-ID`, where a caller sends one, so that a call that is repeated goes the same way.
 *
 * @throws where a weight or an address cannot be meant
 */
export const routerConfig = (
  all: readonly Route[],
  listen: string | number = 8080,
): string => {
  // Nobody calls a service without an address.
  const routes = all.filter(({ service }) => service !== "");
  const weights = routes.map(({ name, weight }) => `${name} ${weight}\\n`);
  return [
    "# Written by the stack: change services.<name>.weight there, and write this file again.",
    'map $http_x_request_id $call { "" $request_id; default $http_x_request_id; }',
    ...routes.map(split),
    "server {",
    `  listen ${listen};`,
    "  # The models' own limits of size and time hold.",
    "  client_max_body_size 0;",
    "  proxy_read_timeout 310s;",
    "  proxy_http_version 1.1;",
    '  proxy_set_header Connection "";',
    "  proxy_ssl_server_name on;",
    "  proxy_ssl_verify on;",
    "  proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;",
    "  # Which weights are in force.",
    `  location = /weights { default_type text/plain; return 200 "${weights.join("")}"; }`,
    "  location / { return 404; }",
    ...routes.flatMap(locations),
    "}\n",
  ].join("\n");
};

/** nginx knows no share of 0 %, and the rest goes to the last line. */
const split = (route: Route): string => {
  const { name, weight, endpoint } = route;
  if (!Number.isInteger(weight) || weight < 0 || weight > 100)
    throw new Error(
      `${name}: expected a weight that is a whole number from 0 to 100, found ${weight}. Set services.${name}.weight.`,
    );
  if (weight > 0 && endpoint === undefined)
    throw new Error(
      `${name}: expected the weight 0 while the endpoint is not deployed, found ${weight}. Deploy it first, or set services.${name}.weight to 0.`,
    );
  const shares = [
    weight > 0 && weight < 100 ? `${weight}% endpoint;` : "",
    weight === 100 ? "* endpoint;" : "* service;",
  ];
  return `split_clients $call $${variable(name)} { ${shares.join(" ").trim()} }`;
};

const variable = (name: string): string => `to_${name.replace(/-/g, "_")}`;

const locations = (route: Route): readonly string[] => {
  const { name, service, endpoint, addsKeyFrom, retired } = route;
  const old = address(name, service);
  const folder = old.pathname.replace(/[^/]*$/, "");
  return [
    `  location = ${old.pathname} { rewrite ^ /-/${name}/$${variable(name)} last; }`,
    // nginx does not start while it cannot find a host.
    ...(retired
      ? []
      : [
          `  location ${folder} { proxy_pass ${new URL(folder, old)}; }`,
          target(name, "service", old),
        ]),
    ...(endpoint === undefined
      ? []
      : [target(name, "endpoint", address(name, endpoint), addsKeyFrom)]),
  ];
};

/** `X-Served-By` says in every answer, also in that of a failure, where the call went. */
const target = (
  name: string,
  side: string,
  to: URL,
  keyFile?: string,
): string => {
  // A header that is set here takes the place of all that are set above.
  const key = keyFile
    ? ` include ${keyFile}; proxy_set_header Connection "";`
    : "";
  return `  location = /-/${name}/${side} { internal; proxy_pass ${to}; add_header X-Served-By ${side} always;${key} }`;
};

/** Nothing in an address may be more than an address to nginx. */
const address = (name: string, text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:\/\/[\w.:[\]-]+(\/[\w.~-]+)+$/.test(text)) return url;
  throw new Error(
    `${name}: expected an address like http://host/api/v1/service/${name}/score, found ${JSON.stringify(text)}.`,
  );
};

/** The worklist of callers as CSV: who calls the old address needs the new one, and a key that works there. */
export const callersList = (routes: readonly Route[]): string =>
  [
    "service,old URL,new URL,key stays,calls of 100 to the new one\n",
    ...routes.map(
      ({ name, service, endpoint, keyStays, weight }) =>
        `${name},${service},${endpoint ?? "not deployed"},${keyStays ? "yes" : "no"},${weight}\n`,
    ),
  ].join("");
