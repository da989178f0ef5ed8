import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { ownCertificate } from "./certificate";

/** A token request as the fake identity endpoint saw it. */
export interface TokenRequest {
  readonly tenant: string;
  readonly form: URLSearchParams;
}

/** The token to give, or why none is given. */
export type Verdict = { readonly token: string; readonly expiresIn?: number } | { readonly refused: string };

export interface FakeIdentity {
  readonly url: string;
  /** The certificate to trust. */
  readonly authority: string;
  readonly requests: TokenRequest[];
  close(): Promise<void>;
}

const openidOf = (origin: string, tenant: string): object => ({
  issuer: `${origin}/${tenant}/v2.0`,
  authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
  token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
  jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
});

const answerTo = (verdict: Verdict): [number, object] =>
  "refused" in verdict
    ? [401, { error: "invalid_client", error_description: verdict.refused, error_codes: [1] }]
    : [200, { token_type: "Bearer", expires_in: verdict.expiresIn ?? 3600, access_token: verdict.token }];

/** Microsoft Entra ID as far as token requests need it: a real HTTPS server on loopback. */
export async function fakeIdentity(judge: (request: TokenRequest) => Verdict): Promise<FakeIdentity> {
  const requests: TokenRequest[] = [];
  const server = createServer({ key: ownCertificate.pem, cert: ownCertificate.pem }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const origin = `https://${request.headers.host}`;
      const [, tenant = "", ...rest] = new URL(request.url ?? "/", origin).pathname.split("/");
      const reply = (status: number, body: object): void => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      };
      if (rest.join("/").endsWith("openid-configuration")) return reply(200, openidOf(origin, tenant));
      if (request.method !== "POST") return reply(404, { error: "unknown" });
      const one = { tenant, form: new URLSearchParams(Buffer.concat(chunks).toString("utf8")) };
      requests.push(one);
      reply(...answerTo(judge(one)));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((done) => {
      server.closeAllConnections();
      server.close(() => done());
    });
  return { url: `https://127.0.0.1:${port}`, authority: ownCertificate.pem, requests, close };
}
