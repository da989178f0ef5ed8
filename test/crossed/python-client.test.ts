import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Raised, startPythonClient, turnTo } from "./python-client";
import { ownFolder } from "../harness/own-folder";

const workspace = { url: "http://127.0.0.1:1", discoveryUrl: "d", workspaceId: "w", accessToken: "t" };

/** Stands in for Python: echoes what it is given, raises, or ends. */
const script = `#!${process.execPath}
const lines = require("node:readline").createInterface({ input: process.stdin });
const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\\n");
lines.on("line", (line) => {
  const { call, given } = JSON.parse(line);
  if (call === "echo" || call === "open") return say({ value: given });
  if (call === "raise") return say({ type: "WebserviceException", message: "WebserviceNotFound: none" });
  process.stderr.write("no such call\\n", () => process.exit(3));
});
`;

const folder = ownFolder("crossed");
const python = join(folder, "python");
beforeAll(() => {
  writeFileSync(python, script);
  chmodSync(python, 0o755);
});

describe("the client's process", () => {
  let client: ReturnType<typeof startPythonClient>;
  beforeEach(() => {
    client = startPythonClient(python);
  });
  afterEach(() => client.close());

  it("is turned to a workspace", async () => {
    expect(await turnTo(client, workspace)).toEqual({
      server: "http://127.0.0.1:1",
      discovery_url: "d",
      workspace_id: "w",
      token: "t",
    });
  });

  it("answers one call after another", async () => {
    expect(await client.call("echo", { a: "\\n" })).toEqual({ a: "\\n" });
    expect(await client.call("echo", { b: null })).toEqual({ b: null });
  });

  it("gives what it raises, and goes on", async () => {
    const raised = await client.call("raise").catch((error: unknown) => error);
    expect(raised).toBeInstanceOf(Raised);
    expect(raised).toMatchObject({ type: "WebserviceException", message: "WebserviceNotFound: none" });
    expect(await client.call("echo", {})).toEqual({});
  });

  it("says so when there is no such Python", async () => {
    const nobody = startPythonClient(join(folder, "nobody"));
    await expect(nobody.call("echo")).rejects.toThrow(/ended during echo: .*ENOENT/);
    await nobody.close();
  });

  it("tells its last words when it ends", async () => {
    await expect(client.call("nonsense")).rejects.toThrow(/ended during nonsense: no such call/);
  });
});
