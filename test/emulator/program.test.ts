import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { parseProgramOptions } from "../../emulator/program-options";

const bin = path.join(__dirname, "../../emulator/bin.js");

test("every option is read", () => {
  const seed = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "emulator-seed-")), "seed.json");
  fs.writeFileSync(seed, JSON.stringify({ computes: [{ name: "aks-a" }] }));
  const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";
  const numbers =
    "--port 1 --latency 2 --operation-time 3 --page-size 4 --token-lifetime 5 --upload-lifetime 6 --requests-per-second 7";
  const texts = ["--access-token", "t", "--workspace-id", id, "--data", "d", "--seed", seed];
  expect(parseProgramOptions([...numbers.split(" "), ...texts])).toEqual({
    port: 1,
    latency: 2,
    operationTime: 3,
    pageSize: 4,
    tokenLifetime: 5,
    uploadLifetime: 6,
    requestsPerSecond: 7,
    accessToken: "t",
    workspaceId: id,
    data: "d",
    seed: { computes: [{ name: "aks-a" }] },
  });
  fs.rmSync(path.dirname(seed), { recursive: true });
});

it.each([
  [["--port", "70000"], "--port: expected an integer from 0 to 65535"],
  [["--port", "x"], "--port"],
  [["--latency", "-1"], "--latency"],
  [["--page-size", "0"], "--page-size"],
  [["--workspace-id", "ws"], "workspace id: expected /subscriptions/"],
  [["--seed", "/no/such/file"], "--seed /no/such/file"],
  [["--access-token", ""], "--access-token"],
  [["--nope"], "--nope"],
  [["stray"], "stray"],
])("%j is refused with what was expected", (args, message) => {
  expect(() => parseProgramOptions(args)).toThrow(message);
});

test("bad options end the program with status 2 and a hint", () => {
  const { status, stderr } = spawnSync(process.execPath, [bin, "--port", "x"], { encoding: "utf8" });
  expect([status, stderr]).toEqual([2, expect.stringContaining("Try azureml-emulator --help.")]);
});

test("--help lists every option", () => {
  const { status, stdout } = spawnSync(process.execPath, [bin, "--help"], { encoding: "utf8" });
  expect(status).toBe(0);
  for (const option of ["port", "access-token", "workspace-id", "data", "latency", "operation-time", "seed"])
    expect(stdout).toContain(`--${option} `);
});

it.each(["SIGTERM", "SIGINT"] as const)(
  "it prints one JSON line, serves, and ends cleanly on %s",
  async (signal) => {
    const child = spawn(process.execPath, [bin, "--access-token", "t"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const ready = JSON.parse(line.toString()) as Record<string, string>;
    expect(Object.keys(ready)).toEqual(["url", "discoveryUrl", "accessToken", "workspaceId"]);
    expect((await fetch(ready["discoveryUrl"] ?? "")).status).toBe(200);
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([0, null]);
  },
);

async function startProgram(...args: string[]) {
  const child = spawn(process.execPath, [bin, "--access-token", "t", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { url, workspaceId } = JSON.parse(line.toString()) as { url: string; workspaceId: string };
  const call = async (method: string, path: string, body?: object) =>
    await fetch(`${url}/modelmanagement/v1.0${workspaceId}${path}`, {
      method,
      headers: { Authorization: "Bearer t" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await once(child, "exit");
  };
  return { call, end };
}

test("what was answered is there after the program was killed", async () => {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), "emulator-killed-"));
  const first = await startProgram("--data", data, "--operation-time", "86400000");
  const request = {
    computeType: "AKS",
    computeName: "aks-a",
    environmentImageRequest: { modelIds: ["sk:1"] },
  };
  const accepted = await first.call("POST", "/services", { name: "svc-a", ...request });
  const keys = await (await first.call("POST", "/services/svc-a/listkeys")).json();
  await first.end("SIGKILL");

  const second = await startProgram("--data", data);
  const id = accepted.headers.get("operation-location")?.split("/").pop();
  expect(await (await second.call("GET", `/operations/${id}`)).json()).toMatchObject({ state: "Running" });
  expect(await (await second.call("POST", "/services/svc-a/listkeys")).json()).toEqual(keys);
  expect((await second.call("POST", "/services", { name: "svc-a", ...request })).status).toBe(409);
  await second.end("SIGTERM");
  fs.rmSync(data, { recursive: true });
});

test("a port that is taken is said, with status 2", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const { status, stderr } = spawnSync(process.execPath, [bin, "--port", String(port)], { encoding: "utf8" });
  expect([status, stderr]).toEqual([2, expect.stringContaining(`${port}`)]);
  server.close();
});
