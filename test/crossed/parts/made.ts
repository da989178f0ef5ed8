import { requests } from "../../harness/operation";
import { planOf, sent, whetherGone, type Crossing } from "../crossing";
import { misread, readBack, shownOf, unsaid } from "../read-back";
import { codeService, everySetting } from "../settings";

const services = everySetting("made");
const names = Object.keys(services);
const [scaled, fixed, image] = ["made-scaled", "made-fixed", "made-image"] as const;
const settings = services[scaled]!;

export async function made(crossing: Crossing): Promise<void> {
  await deploy(crossing);
  await read(crossing);
  await useKeys(crossing);
  await change(crossing);
  await refresh(crossing);
  await heal(crossing);
  await switchModes(crossing);
  await remove(crossing);
}

async function deploy({ program, run, check, python }: Crossing): Promise<void> {
  const everything = { ...services, code: codeService("code", "1", { as: "asset" }) };
  check("the services of the parts say something of every setting", unsaid(everything), []);
  await program(services);
  check("a program makes them", planOf(await run("up")), names.map((name) => `${name}: create`).sort());
  check("azureml-core lists them", await python.call("names"), [...names].sort());
}

async function read({ check, python }: Crossing): Promise<void> {
  for (const [name, given] of Object.entries(services)) {
    const count = Object.keys(shownOf(given)).length;
    const claim = `azureml-core reads ${count} settings of ${name} as the program says`;
    check(claim, await misread(python, name, given), []);
  }
}

async function useKeys({ check, python }: Crossing): Promise<void> {
  const keys = [settings.primaryKey, settings.secondaryKey];
  check("azureml-core gets the program's keys", await python.call("get_keys", { name: scaled }), keys);
  for (const [how, name] of [
    ["a key", scaled],
    ["a token", fixed],
  ]) {
    const answer = (await python.call("run", { name, data: { amount: 120 } })) as { input?: unknown };
    check(`azureml-core runs a service with ${how}`, answer.input, { amount: 120 });
  }
  const token = await python.call("get_access_token", { name: fixed });
  check("azureml-core gets a token", typeof token === "string" && token !== "", true);
  const log = String(await python.call("get_logs", { name: scaled }));
  check("azureml-core gets the log, which names the model", log.includes("sk:1"), true);
}

async function change({ check, python }: Crossing): Promise<void> {
  const update = { cpu_cores: 0.5, tags: { owner: "python" } };
  check(
    "azureml-core updates a service",
    await python.call("update", { name: scaled, change: update }),
    "Healthy",
  );
  await python.call("add_tags", { name: scaled, tags: { reviewed: "yes" } });
  await python.call("remove_tags", { name: scaled, keys: ["owner"] });
  await python.call("add_properties", { name: scaled, properties: { reviewer: "ann" } });
  await python.call("regen_key", { name: scaled, key: "Secondary" });
  const description = { description: "Not the program's matter" };
  await python.call("update", { name: image, change: description, git: { AZUREML_GIT_BRANCH: "main" } });
  const { cpuCores, tags, secondaryKey } = await readBack(python, scaled, settings);
  check("azureml-core finds what it did", { cpuCores, tags }, { cpuCores: 0.5, tags: { reviewed: "yes" } });
  check("the secondary key is another one", secondaryKey !== settings.secondaryKey, true);
}

const drift = [`${scaled}: update cpuCores secondaryKey tags`];

async function refresh({ run, check }: Crossing): Promise<void> {
  const refreshed = await run("refresh");
  check(
    "a refresh shows exactly what azureml-core changed of the program's settings",
    planOf(refreshed),
    drift,
  );
  check("a refresh changes nothing in the workspace", sent(refreshed), []);
  check("a preview would put it right", planOf(await run("preview")), drift);
}

const healing = [
  [
    `PATCH services/${scaled}`,
    [
      { op: "replace", path: "/containerResourceRequirements/cpu", value: settings.cpuCores },
      { op: "replace", path: "/kvTags", value: settings.tags },
    ],
  ],
  [`POST services/${scaled}/regenerateKeys`, { keyType: "Secondary", keyValue: settings.secondaryKey }],
];

async function heal({ run, check, python }: Crossing): Promise<void> {
  check("an up sends just that", sent(await run("up")), healing);
  const properties = { ...(settings.properties as object), reviewer: "ann" };
  check(
    "azureml-core reads the program's settings again, and the property that it added itself",
    await misread(python, scaled, { ...settings, properties }),
    [],
  );
  const description = (await python.call("read", { name: image, parameters: ["description"] })) as object;
  check("so does a setting that the program does not say", description, {
    description: "Not the program's matter",
  });
  const again = await run("up");
  check("another up plans nothing", planOf(again), []);
  check("another up asks nothing", requests(again), []);
}

/** Settings that exclude each other: the client turns the program's choice into the other one. */
async function switchModes({ run, check, python }: Crossing): Promise<void> {
  const toKeys = { auth_enabled: true, token_auth_enabled: false };
  const toAutoscaling = { autoscale_enabled: true, autoscale_max_replicas: 5 };
  await python.call("update", { name: fixed, change: toKeys });
  await python.call("update", { name: image, change: toAutoscaling });
  const refreshed = await run("refresh");
  const both = [`${fixed}: update authEnabled tokenAuthEnabled`, `${image}: update`];
  check("a refresh shows the switched modes", planOf(refreshed), both);
  const preview = await run("preview");
  check("a preview would switch them back", planOf(preview), both);
  check("an up switches them back, each by one PATCH", sent(await run("up")), [
    [
      `PATCH services/${fixed}`,
      [
        { op: "replace", path: "/authEnabled", value: false },
        { op: "replace", path: "/aadAuthEnabled", value: true },
      ],
    ],
    [`PATCH services/${image}`, [{ op: "replace", path: "/autoScaler/autoscaleEnabled", value: false }]],
  ]);
  for (const name of [fixed, image])
    check(
      `azureml-core reads ${name} as the program says again`,
      await misread(python, name, services[name]!),
      [],
    );
}

async function remove({ session, run, check, python }: Crossing): Promise<void> {
  await python.call("delete", { name: scaled });
  check("azureml-core deletes a service", await whetherGone(python, [scaled]), ["WebserviceNotFound"]);
  check("a refresh takes it out of the state", planOf(await run("refresh")), [`${scaled}: delete`]);
  const { shown } = await session.stack.exportState();
  const kept = (shown.resources ?? []).map(({ urn }) => String(urn).split("::").at(-1) as string);
  check(
    "the others stay in the state",
    names.filter((name) => kept.includes(name)).sort(),
    [fixed, image].sort(),
  );
  check("a preview would make it again", planOf(await run("preview")), [`${scaled}: create`]);
  const deletes = [fixed, image].map((name) => [`DELETE services/${name}`, null]);
  check("a destroy deletes the others", sent(await run("destroy")), deletes);
  check("azureml-core finds none left", await python.call("names"), []);
}
