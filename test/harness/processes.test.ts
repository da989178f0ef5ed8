import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forgetOwnSettings } from "./session";
import { watchProcesses } from "./processes";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "processes-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("more variables are there while something runs, and gone afterwards, failed or not", async () => {
  const file = join(folder, "environment.json");
  const processes = watchProcesses(folder);
  await processes.within({ A: "1" }, () => Promise.resolve(expect(existsSync(file)).toBe(true)));
  expect(readdirSync(folder)).toEqual([]);
  await expect(processes.within({ A: "1" }, () => Promise.reject(new Error("failed")))).rejects.toThrow(
    "failed",
  );
  expect(readdirSync(folder)).toEqual([]);
});

test("only providers that began meanwhile are killed", async () => {
  const kill = jest.spyOn(process, "kill").mockReturnValue(true);
  const note = (name: string) => writeFileSync(join(folder, name), "");
  try {
    note("11.provider");
    let due = false;
    await watchProcesses(folder).killing(
      () => Promise.resolve(due),
      async () => {
        note("22.provider");
        note("environment.json");
        due = true;
        while (kill.mock.calls.length === 0) await new Promise(setImmediate);
      },
    );
    expect(kill.mock.calls).toEqual([[22, "SIGKILL"]]);
  } finally {
    kill.mockRestore();
  }
});

test("nothing is killed when the moment never comes", async () => {
  const kill = jest.spyOn(process, "kill").mockReturnValue(true);
  try {
    const run = () => Promise.resolve(writeFileSync(join(folder, "22.provider"), ""));
    await watchProcesses(folder).killing(() => Promise.resolve(false), run);
    expect(kill).not.toHaveBeenCalled();
  } finally {
    kill.mockRestore();
  }
});

test("the machine's own credentials and Pulumi settings are forgotten, and nothing else", () => {
  const env = {
    ARM_CLIENT_ID: "a",
    AZUREML_ACCESS_TOKEN: "b",
    AZURE_TENANT_ID: "c",
    PULUMI_HOME: "d",
    PATH: "e",
  };
  forgetOwnSettings(env);
  expect(env).toEqual({ PATH: "e" });
});
