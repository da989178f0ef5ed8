import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { breakages, type Exchange } from "./breakages";
import { parseOptions } from "./options";
import { startBrokenProxy } from "./proxy";
import { findPython, isSupported } from "../harness/python";
import { countResults } from "./scenarios";
import { emulated, token } from "../emulator/emulated";

it.each([
  ["3.9", true],
  ["3.11\n", true],
  ["3.8", false],
  ["3.12", false],
  ["3.110", false],
  ["2.7", false],
  ["", false],
])("the client runs on Python %j: %s", (version, expected) => {
  expect(isSupported(version)).toBe(expected);
});

describe("finding Python", () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "conformance-path-"));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));
  const put = (name: string, version: string) =>
    fs.writeFileSync(path.join(folder, name), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });

  test("none on PATH, or only unsupported ones", () => {
    expect(findPython({ PATH: folder })).toBeUndefined();
    put("python3", "3.13");
    expect(findPython({ PATH: folder })).toBeUndefined();
  });

  test("the newest by name, and PYTHON before it", () => {
    put("python3", "3.9");
    put("python3.10", "3.10");
    put("mine", "3.11");
    expect(findPython({ PATH: folder })).toBe("python3.10");
    expect(findPython({ PATH: folder, PYTHON: "mine" })).toBe("mine");
  });
});

test("options: the breakages by name, all of them, and unknown ones refused", () => {
  const names = (args: string[]) => {
    const options = parseOptions(args);
    return options === "help" ? [] : options.breakages;
  };
  expect(names([])).toEqual([]);
  expect(names(["--break", "lost-tag"])).toEqual(["lost-tag"]);
  expect(names(["--break", "all"])).toEqual(breakages.map((b) => b.name));
  expect(() => parseOptions(["--break", "nothing"])).toThrow("expected all, missing-member");
  expect(parseOptions(["--help"])).toBe("help");
});

test("results are counted", () => {
  const results = (["pass", "fail", "skip", "pass"] as const).map((result) => ({ name: "n", result }));
  expect(countResults(results)).toEqual({ passed: 2, failed: 1, skipped: 1 });
});

const service = "/x/services/svc-a";
const exchange = (more: Partial<Exchange>): Exchange => ({
  method: "GET",
  path: service,
  sent: undefined,
  status: 200,
  body: {},
  ...more,
});

it.each<[string, Partial<Exchange>, Partial<Exchange>]>([
  ["missing-member", { body: { scoringUri: "u", name: "n" } }, { body: { name: "n" } }],
  ["missing-member", { path: "/x/operations/1", body: { scoringUri: "u" } }, { body: { scoringUri: "u" } }],
  ["wrong-status", { method: "DELETE", status: 204 }, { status: 404 }],
  ["wrong-status", { method: "DELETE", status: 202 }, { status: 202 }],
  [
    "wrong-operation-state",
    { path: "/x/operations/1", body: { state: "Succeeded" } },
    { body: { state: "Completed" } },
  ],
  [
    "wrong-operation-state",
    { path: "/x/operations/1", body: { state: "Failed" } },
    { body: { state: "Failed" } },
  ],
  [
    "mutable-properties",
    { method: "PATCH", status: 400, body: { code: "ImmutableProperty" } },
    { status: 200 },
  ],
  ["mutable-properties", { method: "PATCH", status: 400, body: { code: "InvalidValue" } }, { status: 400 }],
])("the breakage %s changes what it says and no more: %j", (name, before, after) => {
  const seen = exchange(before);
  breakages.find((b) => b.name === name)?.onAnswer?.(seen);
  expect(seen).toMatchObject(after);
});

test("through the proxy a tag is lost on the way to the emulator", async () => {
  const e = await emulated();
  await e.deploy("svc-a");
  const lostTag = breakages.find((b) => b.name === "lost-tag");
  const proxy = await startBrokenProxy(e.url, lostTag ?? { name: "", says: "" });
  const url = `${proxy.url}/modelmanagement/v1.0${e.workspaceId}/services/svc-a`;
  const patch = [{ op: "replace", path: "/kvTags", value: { a: "1", b: "2" } }];
  const answer = await e.plain("PATCH", url, patch, { Authorization: `Bearer ${token}` });
  expect([answer.status, answer.body["kvTags"]]).toEqual([200, { a: "1" }]);
  expect(answer.body["scoringUri"]).toBe(`${proxy.url}/api/v1/service/svc-a/score`);
  proxy.close();
  await e.close();
});
