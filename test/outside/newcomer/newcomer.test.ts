import { cpSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { startArm, type Arm } from "../../arm/arm";
import { standInEnvironment } from "../../arm/stand-in";
import { startEmulatorProcess, type EmulatorProcess } from "../../harness/emulator-process";
import { findPulumi } from "../../harness/engines/pulumi";
import { repository } from "../../harness/project-folder";
import { FRAUD } from "../../harness/seeded-fraud";
import { forgetOwnSettings } from "../../harness/session";
import { isChange, nameOf, openWorkspace } from "../../harness/workspace";
import { outsideFolder, removeFolder } from "../packed";
import { signedIn, signedOut, strangerIn, WRITTEN, type Stranger } from "./stranger";

// A new user's first day, from the tarball and its pages alone, with the mistakes that everybody makes: three services that somebody
// made are adopted, one is changed by way of a pull request, and one leaves.

jest.setTimeout(1_200_000);
forgetOwnSettings();

const service = (name: string, computeName: string, modelIds: readonly string[], more: object) => ({
  ...{ name, computeType: "AKS", computeName, environmentImageRequest: { modelIds }, ...more },
});

const MADE_BY_SOMEBODY = [
  { ...FRAUD, kvTags: { team: "risk" } },
  service("churn", "aks-prod", ["churn:2"], { kvTags: { team: "crm" } }),
  service("price", "aks-dev", ["price:1"], { authEnabled: false, aadAuthEnabled: true }),
];

const root = outsideFolder();
let emulator: EmulatorProcess;
let arm: Arm;
let me: Stranger;
beforeAll(async () => {
  const seed = join(root, "seed.json");
  writeFileSync(seed, JSON.stringify({ services: MADE_BY_SOMEBODY }));
  emulator = await startEmulatorProcess(repository(), ["--operation-time", "10", "--seed", seed]);
  arm = await startArm({ workspaceId: emulator.workspaceId });
  const [folder, backend] = [join(root, "empty"), join(root, "backend")];
  for (const made of [folder, backend]) mkdirSync(made);
  me = strangerIn(folder, {
    ...standInEnvironment(root, arm),
    PULUMI_HOME: join(root, "home"),
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    NO_COLOR: "1",
    NODE_COMPILE_CACHE: join(root, "compiled"),
  });
  me.means("/subscriptions/…/workspaces/ml-prod", emulator.workspaceId);
});
afterAll(async () => {
  await arm.close();
  await emulator.stop();
  removeFolder(root);
});

const changes = async (): Promise<readonly string[]> =>
  (await openWorkspace(emulator).calls()).filter(isChange).map(nameOf);

/** Edits a file of a project, as in an editor. */
const edit = (file: string, from: string | RegExp, to: string): void => {
  const path = join(me.at, file);
  const text = readFileSync(path, "utf8");
  const edited = text.replace(from, to);
  expect(edited).not.toBe(text);
  writeFileSync(path, edited);
};

const [README, ADOPTING, LEAVING] = ["README.md", "docs/adopting.md", "docs/leaving.md"] as const;

const LEAVING_COMPARE =
  'npx pulumi-azureml compare --old fraud --new "$(pulumi stack output endpoints --json | jq -r .fraud)" --inputs recorded/fraud.jsonl';

describe("a newcomer with the tarball and an empty folder", () => {
  test("installs, stumbles, and gets a program that adopts three services", async () => {
    await me.types(README, "npm install pulumi-azureml @pulumi/pulumi");
    await me.tries("npx pulumi-azureml", { status: 3, says: ["doctor", "import"] });
    await me.types(README, "npx pulumi-azureml doctor", { status: 2, says: ["no workspace is named"] });
    const adopt = "npx pulumi-azureml import --out services";
    await me.tries(adopt, { status: 3, says: ["NoWorkspace", "az ml workspace show --query id"] });
    me.exports({ AZUREML_WORKSPACE_ID: "7f3c2a10-0000-0000-0000-000000000000" });
    await me.tries(adopt, { status: 3, says: ["NoWorkspace", "7f3c2a10", "ARM id"] });
    me.exports({ AZUREML_WORKSPACE_ID: emulator.workspaceId });
    await me.tries(adopt, { status: 3, says: ["NoCredential", "az login"] });
    me.exports({ ...signedIn(emulator), AZUREML_ACCESS_TOKEN: "of-yesterday" });
    await me.tries(adopt, { status: 3, says: ["CredentialRefused", "AZUREML_ACCESS_TOKEN"] });
    me.exports({ ...signedIn(emulator), AZUREML_WORKSPACE_ID: `${emulator.workspaceId}x` });
    await me.tries(adopt, { status: 3, says: ["WorkspaceNotFound"] });
    me.exports({ AZUREML_WORKSPACE_ID: emulator.workspaceId });
    await me.tries("npx pulumi-azureml imprt", { status: 3, says: ["BadArguments", "import"] });
    await me.tries(`${adopt} --filter name=fruad`, { status: 2, says: ["Nothing was written", "--filter"] });

    await me.types(ADOPTING, "npx pulumi-azureml snapshot --out snapshot", {
      status: 2,
      says: ["Services  3"],
    });
    await me.types(ADOPTING, `${adopt} --group-by tag:team`, { says: ["ready                3  100 %"] });
    await me.tries(adopt, { status: 3, says: ["FolderExists", "--force"] });
    await me.tries("cd services", {});
    await me.types(WRITTEN, "npm install");
    await me.types(WRITTEN, "npx tsc --noEmit");
    expect(await changes()).toEqual([]);
  });

  (findPulumi() ? describe : describe.skip)("and the Pulumi CLI", () => {
    test("adopts them with one `up`, which sends nothing but reads", async () => {
      await me.types(ADOPTING, "pulumi stack init prod");
      await me.types(ADOPTING, "pulumi preview", { says: ["+ 4 to create"] });
      await me.types(ADOPTING, "pulumi up", { says: ["+ 4 created"] });
      await me.types(ADOPTING, "pulumi preview", { says: ["4 unchanged"] });
      await me.tries("pulumi destroy", { status: "a failure", says: ["protect"] });
      expect(await changes()).toEqual([]);
    });

    test("changes one by way of a pull request, whose preview needs no credential of Azure", async () => {
      const settings = "services/risk.ts";
      edit(settings, "cpuCores: 0.5", "cpuCore: 0.8");
      await me.tries("npx tsc --noEmit", { status: 2, says: ["'cpuCores'"] });
      edit(settings, "cpuCore: 0.8", "cpuCores: 0.8");
      edit(settings, 'serviceName: "fraud"', 'serviceName: "froud"');
      await me.tries("pulumi preview", {
        status: "a failure",
        says: ["Replaced because of serviceName", "protect"],
      });
      edit(settings, 'serviceName: "froud"', 'serviceName: "fraud"');

      me.exports(signedOut);
      const checkedOut = join(realpathSync(root), "checked-out");
      cpSync(me.at, checkedOut, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
      const home = me.at;
      await me.tries(`cd ${join("..", "..", "checked-out")}`, {});
      for (const command of workflowCommands()) await me.tries(command, {});
      await me.tries("pulumi preview --stack prod --diff", {
        says: ["~ cpuCores: 0.5 => 0.8", "~ 1 to update", "3 unchanged"],
      });
      await me.tries("pulumi up --stack prod", {
        status: "a failure",
        says: ["NoCredential", "AZUREML_ACCESS_TOKEN"],
      });
      await me.tries("cd ../empty/services", {});
      expect(me.at).toBe(home);
      expect(await changes()).toEqual([]);

      me.exports(signedIn(emulator));
      await me.types(ADOPTING, "pulumi up", { says: ["~ 1 updated"] });
      await me.types(ADOPTING, "pulumi preview", { says: ["4 unchanged"] });
      expect(await changes()).toEqual(["PATCH services/fraud"]);
    });

    test("says so where a name that is to be adopted is misspelt", async () => {
      const own = "services/one-more.ts";
      writeFileSync(
        join(me.at, own),
        'import * as azureml from "pulumi-azureml";\nnew azureml.AksWebservice("c", { serviceName: "chrun", computeTargetName: "aks-prod", adopt: true });\n',
      );
      edit("index.ts", /$/, 'import "./services/one-more";\n');
      await me.tries("pulumi up", {
        status: "a failure",
        says: ['No service "chrun" is there to adopt', "correct serviceName"],
      });
      edit("index.ts", 'import "./services/one-more";\n', "");
      expect((await changes()).slice(1)).toEqual(["POST services"]);
    });

    test("leaves with one: an endpoint beside it, the same answers, the calls moved, and the service kept", async () => {
      const here = me.at;
      await me.tries("cd ..", {});
      mkdirSync(join(me.at, "src"));
      writeFileSync(
        join(me.at, "src", "score.py"),
        "def init():\n    pass\n\n\ndef run(data):\n    return data\n",
      );
      await me.types(LEAVING, "npx pulumi-azureml assess", { status: 2, says: ["needs a decision"] });
      await me.types(LEAVING, "npx pulumi-azureml check-script src/score.py");
      const migrate = "npx pulumi-azureml migrate --out endpoints --compute k8s-prod --location westeurope";
      await me.types(LEAVING, migrate, { status: 2, says: ["fraud: codeUri"] });
      await me.types(LEAVING, "cd endpoints");
      await me.types(LEAVING, "npm install");
      await me.types(LEAVING, "npx tsc --noEmit");
      await me.types(LEAVING, "pulumi stack init prod");
      // Its types were checked; to check those of azure-native in each run would take most of the time.
      me.exports({ PULUMI_NODEJS_TRANSPILE_ONLY: "true" });
      await me.types(LEAVING, "pulumi preview", { says: ["Not deployed: churn"] });
      const set = "pulumi config set --path services.fraud";
      await me.types(LEAVING, `${set}.deploy true`);
      await me.tries("pulumi up", { status: "a failure", says: ["services.fraud.codeUri is undecided"] });
      await me.types(LEAVING, `${set}.codeUri https://account.blob.core.windows.net/code/fraud-1`);
      await me.types(LEAVING, "pulumi up --yes");
      await me.types(LEAVING, `${set}.traffic.blue 100`);
      await me.types(LEAVING, "pulumi up --yes");
      expect([arm.endpoints(), arm.traffic("fraud")]).toEqual([["fraud"], { blue: 100 }]);

      const { fraud } = JSON.parse(await me.tries("pulumi stack output endpoints --json", {})) as {
        fraud: string;
      };
      me.means('"$(pulumi stack output endpoints --json | jq -r .fraud)"', fraud);
      mkdirSync(join(me.at, "recorded"));
      writeFileSync(join(me.at, "recorded", "fraud.jsonl"), '{"amount":1}\n{"amount":2}\n');
      me.exports({ AZUREML_NEW_KEY: (await openWorkspace(emulator).keys("fraud")).primaryKey });
      // The emulated service answers with its own name, which is a difference.
      await me.types(LEAVING, LEAVING_COMPARE, { status: 1, says: ["2 inputs"] });
      await me.types(LEAVING, "pulumi stack output router > router.conf");
      await me.tries(`${set}.retired true`, {});
      await me.tries("pulumi up", { status: "a failure", says: ["expected the weight 100 first"] });
      await me.types(LEAVING, `${set}.weight 100`);
      await me.types(LEAVING, "pulumi up --yes");

      // "The way back" of docs/adopting.md: the state forgets it, and it goes on running.
      await me.tries("cd ../services", {});
      expect(me.at).toBe(here);
      edit("services/risk.ts", "protect: true, ", "");
      await me.types(ADOPTING, "pulumi up", { says: ["unchanged"] });
      writeFileSync(join(me.at, "services/risk.ts"), "export {};\n");
      await me.types(ADOPTING, "pulumi up", { says: ["fraud"] });
      await me.types(ADOPTING, "pulumi preview", { says: ["3 unchanged"] });
      const running = (await openWorkspace(emulator).services()).map(({ name, state }) => [name, state]);
      expect(running.sort()).toEqual(["churn", "fraud", "price"].map((name) => [name, "Healthy"]));
      const scored = "POST api/v1/service/fraud/score";
      expect(await changes()).toEqual(["PATCH services/fraud", "POST services", scored, scored]);
      expect(arm.endpoints()).toEqual(["fraud"]);
      const { ofPages, own } = me.typed;
      process.stdout.write(
        `newcomer: ${ofPages} commands as the pages have them, ${own} more, most of them mistakes; 3 services adopted, 1 changed, ` +
          "1 left; requests that changed a service: 1, and 2 that scored it\n",
      );
    });
  });
});

/** What the workflow for pull requests types before its preview. */
const workflowCommands = (): readonly string[] => {
  const file = "node_modules/pulumi-azureml/examples/environments/.github/workflows/preview.yml";
  const { jobs } = parse(readFileSync(join(root, "empty", file), "utf8")) as {
    jobs: Record<string, { steps: readonly { run?: string }[] }>;
  };
  return Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
};
