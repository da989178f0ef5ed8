import type { Operation } from "../../harness/operation";
import { planOf, sent, type Crossing } from "../crossing";
import { codeService } from "../settings";

const [ours, theirs] = ["code-ours", "code-theirs"] as const;

const program = (version: string, cpuCores = 0.5) => ({
  [ours]: codeService(ours, version, { cpuCores, as: "asset" }),
  [theirs]: codeService(theirs, version, { cpuCores, as: "archive", adopt: true }),
});

export async function code(crossing: Crossing): Promise<void> {
  await deploy(crossing);
  await drift(crossing);
  await change(crossing);
  await crossing.run("destroy");
}

/** What a script says of itself through azureml-core, and the environment that azureml-core finds. */
async function found({ python }: Crossing, name: string): Promise<unknown> {
  const { code: told, models } = (await python.call("run", { name, data: 1 })) as Answer;
  const parameters = ["environment", "environment_variables"];
  const { environment, environment_variables: variables } = (await python.call("read", {
    name,
    parameters,
  })) as Record<string, unknown>;
  return { version: told.version, models, environment, variables };
}

interface Answer {
  readonly code: { readonly version: string };
  readonly models: readonly string[];
}

const running = (name: string, version: string) => ({
  ...{ version, models: ["sk:1"], environment: "env-ours" },
  variables:
    name === ours
      ? { LEVEL: "3", AZUREML_ENTRY_SCRIPT: "score.py" }
      : { LEVEL: "3", AZUREML_ENTRY_SCRIPT: "src/score.py", AZUREML_SOURCE_DIRECTORY: "src" },
});

/** The changes of services, each as its request and the paths of its patch, and how many files were uploaded. */
const inShort = (operation: Operation): readonly unknown[] => {
  const files = operation.calls.filter(({ method }) => method === "PUT").length;
  const changes = sent(operation).filter(([request]) => / services(\/|$)/.test(request));
  const paths = (body: unknown) =>
    Array.isArray(body) ? (body as readonly { path: string }[]).map(({ path }) => path) : [];
  return [...changes.map(([request, body]) => [request, ...paths(body)]), `${files} files`];
};

const patched = (name: string, path: string): readonly string[] => [`PATCH services/${name}`, path];
const newCode = "/environmentImageRequest";

async function deploy(crossing: Crossing): Promise<void> {
  const { python, run, check } = crossing;
  await python.call("deploy", {
    ...{ name: theirs, config: { compute_target_name: "aks-test", cpu_cores: 0.5 } },
    ...{ environment: "env-python", version: "python-1" },
  });
  await crossing.program(program("ours-1"));
  const up = await run("up");
  check("a program makes a service with code and adopts another", inShort(up), [
    [...patched(theirs, newCode), "/properties/pulumi-claim-1"],
    ["POST services"],
    "4 files",
  ]);
  check(
    "azureml-core runs and reads the program's code",
    await found(crossing, ours),
    running(ours, "ours-1"),
  );
  check(
    "so it does where the program adopted another's",
    await found(crossing, theirs),
    running(theirs, "ours-1"),
  );
  check("a second up asks nothing", inShort(await run("up")), ["0 files"]);
}

async function drift(crossing: Crossing): Promise<void> {
  const { python, run, check } = crossing;
  await python.call("update_code", { name: ours, version: "python-2", environment: "env-python" });
  const { version } = (await found(crossing, ours)) as { version: string };
  check("azureml-core brings other code", version, "python-2");
  check("a refresh shows it", planOf(await run("refresh")), [`${ours}: update inferenceConfig`]);
  check("an up brings the program's code back", inShort(await run("up")), [
    patched(ours, newCode),
    "2 files",
  ]);
  check(
    "azureml-core runs and reads the program's code again",
    await found(crossing, ours),
    running(ours, "ours-1"),
  );
}

async function change(crossing: Crossing): Promise<void> {
  const { run, check } = crossing;
  await crossing.program(program("ours-1", 0.4));
  check("another setting uploads nothing", inShort(await run("up")), [
    patched(ours, "/containerResourceRequirements/cpu"),
    patched(theirs, "/containerResourceRequirements/cpu"),
    "0 files",
  ]);
  await crossing.program(program("ours-2", 0.4));
  check("another script is uploaded, its driver is not", inShort(await run("up")), [
    patched(ours, newCode),
    patched(theirs, newCode),
    "2 files",
  ]);
  for (const name of [ours, theirs])
    check(
      `azureml-core runs the new script of ${name}`,
      await found(crossing, name),
      running(name, "ours-2"),
    );
}
