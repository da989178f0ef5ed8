import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startEmulator, type Emulator } from "../../../emulator";
import { startArm, type Arm } from "../../arm/arm";
import { judgeReceived } from "../../arm/received";
import { standInEnvironment } from "../../arm/stand-in";
import type { EngineStack, RunOptions, RunResult } from "../../harness/engines/engine";
import { findPulumi, pulumiEngine } from "../../harness/engines/pulumi";
import { copyProject, repository, type ProjectFolder } from "../../harness/project-folder";
import { endpoints as client, readyPython } from "../../harness/python";
import { forgetOwnSettings } from "../../harness/session";

// A web service, and the Kubernetes online endpoint that takes its place: the real engine, a stand-in of azure-native, an emulated Azure.

const cli = findPulumi() !== undefined;
const withCli = cli ? describe : describe.skip;

jest.setTimeout(600_000);
forgetOwnSettings();

const KEY = "0123456789abcdef0123456789abcdef";
const SECOND_KEY = "abcdef0123456789abcdef0123456789";
const ANY_KEY = new RegExp(`${KEY}|${SECOND_KEY}`);
const script = (number: number): string => `https://store.example/code/score-${number}`;

let emulator: Emulator;
let arm: Arm;
let folder: ProjectFolder;
let stack: EngineStack;
let calls: Calls;

/** Calls one after the other, for as long as the stories go on. */
interface Calls {
  readonly answers: { readonly status: number; readonly deployment: string }[];
  /** Once so many more have been answered. @returns which deployments answered those */
  more(count: number): Promise<readonly string[]>;
  stop(): Promise<void>;
}

async function call(): Promise<Calls["answers"][number]> {
  const response = await fetch(`${arm.url}/api/v1/endpoint/fraud/score`, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}` },
    body: "{}",
  });
  const { deployment = "none" } = (await response.json()) as { readonly deployment?: string };
  return { status: response.status, deployment };
}

function startCalling(): Calls {
  const answers: Calls["answers"] = [];
  let waiting: (() => void)[] = [];
  let goesOn = true;
  const ended = (async () => {
    while (goesOn) {
      answers.push(await call());
      for (const told of waiting.splice(0)) told();
      // Leaves the processor to the engine: no test waits for it.
      await pause(5);
    }
  })();
  return {
    answers,
    more: async (count) => {
      const from = answers.length;
      while (answers.length < from + count)
        await new Promise<void>((resolve) => (waiting = [...waiting, resolve]));
      return [...new Set(answers.slice(from + 1).map(({ deployment }) => deployment))].sort();
    },
    stop: () => {
      goesOn = false;
      return ended;
    },
  };
}

/** What one command did: whether it went well, what it said, and what each of the two services was asked to change. */
interface Outcome extends RunResult {
  /** `PUT onlineEndpoints/fraud` */
  readonly sent: readonly string[];
  /** Requests that change the web service. */
  readonly old: readonly string[];
}

type Command = "preview" | "up" | "refresh" | "destroy";

async function run(
  command: Command,
  config: Readonly<Record<string, unknown>> = {},
  options?: RunOptions,
): Promise<Outcome> {
  const values = Object.entries(config).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  await stack.setConfig(Object.fromEntries(values) as Record<string, string>);
  const before = arm.received.length;
  emulator.clearRequests();
  const result = await stack[command](options);
  return {
    ...result,
    sent: arm.received
      .slice(before)
      .filter(({ method }) => method !== "GET")
      .map(({ method, path }) => `${method} ${path}`),
    old: emulator
      .requests()
      .filter(({ method, path }) => method !== "GET" && !path.endsWith("/listkeys"))
      .map(({ method, path }) => `${method} ${path}`),
  };
}

const succeeded = (outcome: Outcome): Outcome => {
  if (outcome.exitCode !== 0) throw new Error(outcome.text);
  return outcome;
};

const endpoint = "onlineEndpoints/fraud";
const both = { blue: script(1), green: script(2) };

withCli("a Kubernetes online endpoint beside its web service", () => {
  beforeAll(async () => {
    emulator = await startEmulator({ operationTime: 10 });
    arm = await startArm({ workspaceId: emulator.workspaceId });
    folder = copyProject(join(repository(), "test", "e2e", "kubernetes", "program"));
    stack = await pulumiEngine.open({
      projectDir: folder.project,
      stack: "prod",
      workDir: folder.engine,
      passphrase: "a passphrase",
      env: {
        ...standInEnvironment(folder.root, arm),
        AZUREML_DISCOVERY_URL: emulator.discoveryUrl,
        AZUREML_ACCESS_TOKEN: emulator.accessToken,
      },
    });
    await stack.setConfig({
      "azureml:workspaceId": emulator.workspaceId,
      "azure-native:subscriptionId": emulator.workspaceId.split("/")[2]!,
      key: { secret: KEY },
      secondKey: { secret: SECOND_KEY },
      scripts: JSON.stringify({ blue: script(1) }),
      traffic: "{}",
    });
  });
  afterAll(async () => {
    await calls?.stop();
    await stack?.close();
    folder?.remove();
    await arm?.close();
    await emulator?.close();
  });

  test("is made with the code before it, and the web service's keys", async () => {
    const { sent, text } = succeeded(await run("up"));
    expect(sent.map((line) => line.replace(/versions\/[0-9a-f]+$/, "versions/…")).sort()).toEqual([
      "PUT codes/fraud-blue/versions/…",
      `PUT ${endpoint}`,
      `PUT ${endpoint}/deployments/blue`,
    ]);
    expect(sent.at(-1)).toBe(`PUT ${endpoint}/deployments/blue`);
    expect(arm.keysOf("fraud")).toEqual({ primaryKey: KEY, secondaryKey: SECOND_KEY });
    expect(text).toContain("azure-native is a stand-in here");
    expect(text).toContain("scoringTimeoutMs: The default is 60000 here and 5000 there; 60000 is written.");
    expect(text).not.toMatch(ANY_KEY);
    expect(JSON.stringify((await stack.exportState()).stored)).not.toMatch(ANY_KEY);
  });

  test("shows in a preview that its traffic changes and nothing else, and no key", async () => {
    const outcome = succeeded(await run("up", { traffic: { blue: 100 } }, { flags: { withPreview: true } }));
    const { sent, old, text } = outcome;
    expect(text.split("Updating (prod)")[0]).toMatch(
      /~ properties: \{\n\s*~ traffic: \{\n\s*\+ blue: 100\n\s*\}\n\s*\}/,
    );
    expect(text).not.toContain("[unknown]");
    expect(outcome.changes).toEqual({ same: 5, update: 1 });
    expect({ sent, old }).toEqual({ sent: [`PUT ${endpoint}`], old: [] });
    calls = startCalling();
    expect(await calls.more(3)).toEqual(["blue"]);
  });

  test("refuses traffic for a deployment that does not exist yet, in the preview", async () => {
    const { exitCode, text, sent } = await run("preview", {
      scripts: both,
      traffic: { blue: 90, green: 10 },
    });
    expect({ exitCode, sent }).toEqual({ exitCode: 1, sent: [] });
    expect(text).toContain("TrafficBeforeDeployment: KubernetesOnlineService");
    expect(text).toContain("traffic gives green 10, and green is yet to be made");
    expect(text).toContain("its weight in the next");
  });

  test("refuses another script in a deployment that has traffic, in the preview", async () => {
    const { exitCode, text, sent } = await run("preview", {
      scripts: { blue: script(2) },
      traffic: { blue: 100 },
    });
    expect({ exitCode, sent }).toEqual({ exitCode: 1, sent: [] });
    expect(text).toContain("marked for protection");
    expect(text).toContain("For another script write another deployment beside it.");
  });

  test("keeps the traffic where it is while a new deployment never becomes ready", async () => {
    arm.neverReady("green");
    const { exitCode, text, old } = await run("up", { scripts: both });
    expect({ exitCode, old }).toEqual({ exitCode: 1, old: [] });
    expect(text).toContain("Deployment green did not become ready within 20 minutes");
    expect(arm.deployments("fraud")).toEqual({ blue: "Succeeded", green: "Failed" });
    expect(arm.traffic("fraud")).toEqual({ blue: 100 });
    // Traffic for it is refused by Azure, and that of the other stays.
    const early = await run("up", { traffic: { blue: 90, green: 10 } });
    expect({ exitCode: early.exitCode, traffic: arm.traffic("fraud") }).toEqual({
      exitCode: 1,
      traffic: { blue: 100 },
    });
    expect(early.text).toContain("The deployment green is Failed and takes no traffic.");
    arm.neverReady();
    succeeded(await run("up", { traffic: { blue: 100 } }));
    expect(arm.deployments("fraud")).toEqual({ blue: "Succeeded", green: "Succeeded" });
    expect(await calls.more(3)).toEqual(["blue"]);
  });

  test("moves the traffic to the new script and back by one value each", async () => {
    const steps = [
      { traffic: { blue: 90, green: 10 }, answer: ["blue", "green"] },
      { traffic: { green: 100 }, answer: ["green"] },
      { traffic: { blue: 100, green: 0 }, answer: ["blue"] },
    ];
    for (const { traffic, answer } of steps) {
      const { sent, old } = succeeded(await run("up", { traffic }));
      expect({ sent, old }).toEqual({ sent: [`PUT ${endpoint}`], old: [] });
      expect(await calls.more(20)).toEqual(answer);
    }
  });

  test("refuses a program without the deployment that has the traffic, in the preview", async () => {
    const config = { scripts: { green: script(2) }, traffic: { green: 100 } };
    const { exitCode, text, sent } = await run("preview", config);
    expect({ exitCode, sent }).toEqual({ exitCode: 1, sent: [] });
    expect(text).toMatch(/fraud-online-blue"?\s+cannot be deleted[^]*protect/);
  });

  test("refuses a key of the wrong length, without a word of it", async () => {
    await stack.setConfig({ endpointKey: { secret: "too-short-to-be-a-key" } });
    const { exitCode, text, sent } = await run("preview", { traffic: { blue: 100 }, scripts: both });
    expect({ exitCode, sent }).toEqual({ exitCode: 1, sent: [] });
    expect(text).toContain(
      "keys.primaryKey must have 32 characters, as a web service's own keys have, or 84; found 21 characters.",
    );
    expect(text).not.toContain("too-short-to-be-a-key");
  });

  test("loses a deployment without traffic, follows the web service, and does not drift", async () => {
    await stack.setConfig({ endpointKey: "" });
    const { sent } = succeeded(await run("up", { scripts: { blue: script(1) }, team: "fraud" }));
    expect(sent.filter((line) => !line.includes("codes/")).sort()).toEqual([
      `DELETE ${endpoint}/deployments/green`,
      `PUT ${endpoint}`,
      `PUT ${endpoint}/deployments/blue`,
    ]);
    expect(succeeded(await run("refresh")).changes).toEqual({ same: 6 });
  });

  test("is not destroyed while it has traffic, and leaves nothing without", async () => {
    const { exitCode, sent, old } = await run("destroy");
    expect({ exitCode, sent, old }).toEqual({ exitCode: 1, sent: [], old: [] });
    await calls.stop();
    const { answers } = calls;
    expect(answers.filter(({ status }) => status !== 200).slice(0, 5)).toEqual([]);
    console.log(`${answers.length} calls during all of this, 0 failed`);
    succeeded(await run("up", { traffic: {} }));
    succeeded(await run("destroy"));
    expect(arm.endpoints()).toEqual([]);
  });

  test("was made by bodies with which Microsoft's client has no quarrel", () => {
    const said: string[] = [];
    const python = readyPython((line) => said.push(line), client);
    if (python === undefined) return console.log(said.join("\n"));
    const { workspaceId } = emulator;
    const codeId = `${workspaceId}/${arm.received.find(({ path }) => path.startsWith("codes/"))!.path}`;
    const settings = {
      ...{ serviceName: "fraud", computeTargetName: "aks-prod", models: ["fraud:7"], tags: { team: "risk" } },
      inferenceConfig: { entryScript: "score.py", environment: "fraud-env:3" },
      ...{ primaryKey: KEY, secondaryKey: SECOND_KEY, cpuCores: 0.5, memoryGb: 1 },
    };
    const destination = { workspaceId, location: "westeurope", compute: "k8s-prod", codeId };
    const migrated = { settings, destination, endpointName: "fraud", deploymentName: "blue" };
    const { members, problems } = judgeReceived(python, arm, [migrated]);
    expect(problems).toEqual([]);
    expect(members).toBeGreaterThan(25);
  });
});
