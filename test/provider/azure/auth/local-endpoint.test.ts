import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { managedIdentityCredential, tokenFrom } from "../../../../provider/azure/auth/entra";
import { systemClock } from "../../../../provider/azure/clock";
import { cloudOf } from "../../../../provider/azure/settings";
import { send } from "../../../../provider/azure/http";

// A file of its own: the identity library reads NO_PROXY and the kind of endpoint once in a process.
const inherited = { ...process.env };
const servers: Server[] = [];
afterAll(async () => {
  process.env = { ...inherited };
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

const listen = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

it("asks this machine's identity endpoint past a proxy, which would ask its own machine's", async () => {
  const asked: string[] = [];
  const endpoint = await listen((_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ access_token: "good", expires_on: "4102444800", token_type: "Bearer" }));
  });
  process.env["HTTP_PROXY"] = process.env["HTTPS_PROXY"] = await listen((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(502).end();
  });
  for (const name of ["NO_PROXY", "no_proxy"]) delete process.env[name];
  process.env["IDENTITY_ENDPOINT"] = `${endpoint}/token`;
  process.env["IDENTITY_HEADER"] = "header";
  const parts = {
    cloud: cloudOf({ config: {}, env: {} }),
    clock: systemClock,
    transport: send,
    disableInstanceDiscovery: false,
  };
  const given = await tokenFrom(() => managedIdentityCredential(undefined, parts), parts);
  expect(given.token).toBe("good");
  expect(asked).toEqual([]);
}, 60_000);
