import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { callersList, routerConfig, type Route } from "../../../examples/cut-over/router";
import { ownFolder } from "../../harness/own-folder";
import { findNginx, post, startNginx, startScorer, type Nginx, type Scorer } from "./nginx";

const route = (more: Partial<Route> = {}): Route => ({
  name: "fraud",
  service: "http://old.example/api/v1/service/fraud/score",
  endpoint: "http://new.example/api/v1/endpoint/fraud/score",
  weight: 10,
  keyStays: true,
  ...more,
});

describe("what cannot be meant is refused", () => {
  it.each<[Partial<Route>, string]>([
    [{ weight: 101 }, "fraud: expected a weight that is a whole number from 0 to 100, found 101"],
    [{ weight: -1 }, "found -1"],
    [{ weight: 0.5 }, "found 0.5"],
    [{ weight: NaN }, "found NaN"],
    [{ endpoint: undefined }, "fraud: expected the weight 0 while the endpoint is not deployed, found 10"],
    [{ endpoint: "http://x/score; } server { listen 1" }, "fraud: expected an address"],
    [{ service: "ftp://x/score" }, "fraud: expected an address"],
  ])("%j", (more, says) => {
    expect(() => routerConfig([route(more)])).toThrow(says);
  });
});

it("leaves out what nobody can call", () => {
  expect(routerConfig([route({ service: "" })])).not.toContain("fraud");
});

it("names no address of a web service that is retired", () => {
  const config = routerConfig([route({ weight: 100, retired: true })]);
  expect(config).not.toContain("old.example");
  expect(config).toContain("location = /api/v1/service/fraud/score {");
});

it("lists callers: old address, new one, and whether the key stays", () => {
  expect(
    callersList([route(), route({ name: "churn", endpoint: undefined, weight: 0, keyStays: false })]),
  ).toBe(
    [
      "service,old URL,new URL,key stays,calls of 100 to the new one",
      "fraud,http://old.example/api/v1/service/fraud/score,http://new.example/api/v1/endpoint/fraud/score,yes,10",
      "churn,http://old.example/api/v1/service/fraud/score,not deployed,no,0",
      "",
    ].join("\n"),
  );
});

const nginx = findNginx();
if (nginx === undefined) console.warn("no nginx (apt-get install nginx-light): the router is not started");

(nginx === undefined ? describe.skip : describe)("nginx in front of both", () => {
  const folder = ownFolder();
  let [old, fresh]: Scorer[] = [];
  let router: Nginx;
  let config: (weight: number) => string;
  const routes = (weight: number): Route[] =>
    ["fraud", "a-b"].map((name) =>
      route({
        name,
        service: `${old!.url}/api/v1/service/${name}/score`,
        endpoint: `${fresh!.url}/api/v1/endpoint/${name}/score`,
        weight,
        ...(name === "a-b" ? { keyStays: false, addsKeyFrom: join(folder, "a-b.key") } : {}),
      }),
    );
  beforeAll(async () => {
    [old, fresh] = [await startScorer("old"), await startScorer("new")];
    writeFileSync(join(folder, "a-b.key"), 'proxy_set_header Authorization "Bearer of-the-router";');
    router = await startNginx(nginx!, join(folder, "nginx"), (listen) => {
      config = (weight) => routerConfig(routes(weight), listen);
      return config(10);
    });
  });
  afterAll(async () => {
    await router?.stop();
    old?.close();
    fresh?.close();
  });

  /** Calls `fraud` as its callers do; how many went to the endpoint. */
  const call = async (count: number, headers: (n: number) => Record<string, string>) => {
    let toEndpoint = 0;
    for (let n = 0; n < count; n += 1) {
      const { status, served, by } = await post(`${router.url}/api/v1/service/fraud/score?n=${n}`, `[${n}]`, {
        authorization: "Bearer key-of-callers",
        ...headers(n),
      });
      expect([status, by]).toEqual([200, served === "new" ? "endpoint" : "service"]);
      if (served === "new") toEndpoint += 1;
    }
    return toEndpoint;
  };
  const numbered = (n: number) => ({ "x-request-id": `call-${n}` });

  it("gives 100 ± 30 of 1,000 calls at weight 10 to the endpoint, and path, key, query and body to both", async () => {
    const count = await call(1000, numbered);
    expect(Math.abs(count - 100)).toBeLessThanOrEqual(30);
    expect([old!.calls.length, fresh!.calls.length]).toEqual([1000 - count, count]);
    expect(fresh!.calls[0]).toMatchObject({ authorization: "Bearer key-of-callers" });
    expect(fresh!.calls[0]!.path).toMatch(/^\/api\/v1\/endpoint\/fraud\/score\?n=\d+$/);
    expect(fresh!.calls[0]!.body).toBe(`[${/\d+$/.exec(fresh!.calls[0]!.path)![0]}]`);
    expect(old!.calls[0]!.path).toMatch(/^\/api\/v1\/service\/fraud\/score\?n=\d+$/);
    expect(await call(1000, numbered)).toBe(count);
  });

  it("spreads calls without an id as well, and leaves other paths with the service", async () => {
    const count = await call(300, () => ({}));
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(100);
    await fetch(`${router.url}/api/v1/service/fraud/swagger.json`);
    expect(old!.calls.at(-1)!.path).toBe("/api/v1/service/fraud/swagger.json");
    expect((await fetch(`${router.url}/-/fraud/endpoint`)).status).toBe(404);
    expect((await fetch(`${router.url}/else`)).status).toBe(404);
  });

  it("is back with one value, and forward with one, without a failed call", async () => {
    await router.reload(config(0));
    expect(await call(200, numbered)).toBe(0);
    await router.reload(config(100));
    expect(await call(200, numbered)).toBe(200);
    expect(await (await fetch(`${router.url}/weights`)).text()).toBe("fraud 100\na-b 100\n");
  });

  it("adds the key of an endpoint whose callers send none", async () => {
    await post(`${router.url}/api/v1/service/a-b/score`, "[1]", {});
    expect(fresh!.calls.at(-1)).toEqual({
      path: "/api/v1/endpoint/a-b/score",
      authorization: "Bearer of-the-router",
      body: "[1]",
    });
  });
});
