import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { startEmulator } from "../../emulator/index";
import { emulated, minimal, operationTime } from "./emulated";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "emulator-data-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

test("services, keys, tokens and running operations survive a restart on another port", async () => {
  const first = await emulated({ data: folder });
  await first.deploy("svc-a", { aadAuthEnabled: true, keys: { primaryKey: "one" } });
  const { accessToken } = (await first.call("POST", "/services/svc-a/token")).body;
  const accepted = await first.call("POST", "/services", minimal("svc-b"));
  await first.close();

  const second = await emulated({ data: folder });
  expect((await second.call("POST", "/services/svc-a/listkeys")).body["primaryKey"]).toBe("one");
  const service = await second.service("svc-a");
  expect(service["scoringUri"]).toBe(`${second.url}/api/v1/service/svc-a/score`);
  const scored = await second.plain(
    "POST",
    service["scoringUri"],
    {},
    { Authorization: `Bearer ${accessToken}` },
  );
  // The token's clock has started anew, not its lifetime.
  expect(scored.status).toBe(200);
  expect((await second.operation(accepted))["state"]).toBe("Running");
  second.clock.pass(2 * operationTime);
  expect([(await second.operation(accepted))["state"], (await second.service("svc-b"))["state"]]).toEqual([
    "Succeeded",
    "Healthy",
  ]);
  await second.close();
});

test("the state is on disk when the answer comes, without waiting for the end", async () => {
  const e = await emulated({ data: folder });
  await e.call("POST", "/services", minimal("svc-a"));
  const { state } = JSON.parse(fs.readFileSync(path.join(folder, "state.json"), "utf8"));
  expect(Object.keys(state.services)).toEqual(["svc-a"]);
  expect(fs.readdirSync(folder).sort()).toEqual(["blobs", `lock-${process.pid}`, "state.json"]);
  await e.close();
  expect(fs.readdirSync(folder).sort()).toEqual(["blobs", "state.json"]);
});

test("a seed fills a fresh folder only", async () => {
  const seed = { services: [{ name: "old", computeName: "aks-a" }] };
  const first = await emulated({ data: folder, seed });
  await first.call("DELETE", "/services/old");
  first.clock.pass(operationTime);
  expect((await first.call("GET", "/services")).body["value"]).toEqual([]);
  await first.close();
  const second = await emulated({ data: folder, seed });
  expect((await second.call("GET", "/services")).body["value"]).toEqual([]);
  await second.close();
});

it.each([
  ["{", "is not JSON"],
  ['{"version":99}', "has version 99, expected 1"],
])("a state that reads %s is refused", async (text, message) => {
  fs.writeFileSync(path.join(folder, "state.json"), text);
  await expect(startEmulator({ data: folder })).rejects.toThrow(message);
});

test("the half of an upload that a crash left is removed, a whole one kept", async () => {
  fs.mkdirSync(path.join(folder, "blobs"));
  for (const name of ["half.new", "whole"]) fs.writeFileSync(path.join(folder, "blobs", name), "x");
  const e = await emulated({ data: folder });
  expect(fs.readdirSync(path.join(folder, "blobs"))).toEqual(["whole"]);
  await e.close();
});

test("without a folder nothing is left behind", async () => {
  const mine = () => fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith("azureml-emulator-"));
  const before = new Set(mine());
  const e = await emulated();
  const [made] = mine().filter((name) => !before.has(name));
  expect(made).toBeDefined();
  await e.close();
  expect(mine()).not.toContain(made);
});

test("an operation that a gate stopped goes on after a restart, where no gate is", async () => {
  const first = await emulated({ data: folder });
  first.gate({ holds: "operation" });
  const accepted = await first.call("POST", "/services", minimal("svc-a"));
  first.clock.pass(operationTime);
  expect((await first.operation(accepted))["state"]).toBe("Running");
  await first.close();
  const second = await emulated({ data: folder });
  expect((await second.operation(accepted))["state"]).toBe("Running");
  second.clock.pass(operationTime);
  expect((await second.operation(accepted))["state"]).toBe("Succeeded");
  await second.close();
});

describe("two emulators and one folder", () => {
  test("the second is refused with the folder and the process, and the first's state is whole", async () => {
    const first = await emulated({ data: folder });
    const refused = startEmulator({ data: folder });
    await expect(refused).rejects.toThrow(
      `the data folder ${folder} is in use by another emulator, process ${process.pid}`,
    );
    await first.deploy("svc-a");
    await first.close();
    const second = await emulated({ data: folder });
    expect(await second.service("svc-a")).toMatchObject({ state: "Healthy" });
    await second.close();
  });

  test("a link to the folder is the same folder", async () => {
    const link = `${folder}-link`;
    fs.symlinkSync(folder, link);
    const first = await emulated({ data: folder });
    await expect(startEmulator({ data: link })).rejects.toThrow("is in use by another emulator");
    await first.close();
    fs.rmSync(link);
  });

  test("the lock of another process that lives refuses, and is left alone", async () => {
    const lock = path.join(folder, `lock-${process.ppid}`);
    fs.writeFileSync(lock, "");
    await expect(startEmulator({ data: folder })).rejects.toThrow(`process ${process.ppid}`);
    expect(fs.readdirSync(folder)).toEqual([path.basename(lock)]);
  });

  test("the lock of a process that has ended is taken over", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    fs.writeFileSync(path.join(folder, `lock-${pid}`), "");
    const e = await emulated({ data: folder });
    expect(fs.readdirSync(folder).filter((name) => name.startsWith("lock-"))).toEqual([
      `lock-${process.pid}`,
    ]);
    await e.close();
  });

  test("a lock with this process's number that it does not hold is of an earlier process", async () => {
    fs.writeFileSync(path.join(folder, `lock-${process.pid}`), "");
    const e = await emulated({ data: folder });
    await e.close();
  });

  test("a start that fails leaves no lock", async () => {
    const seed = { services: [{ name: "-" }] };
    await expect(startEmulator({ data: folder, seed })).rejects.toThrow("the seed's service -");
    expect(fs.readdirSync(folder)).toEqual(["blobs"]);
  });
});
