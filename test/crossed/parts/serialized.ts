import { getService, serializeService } from "../../../sdk/index";
import type { Crossing, Services } from "../crossing";
import { unequal } from "../read-back";
import { codeService, configurationOf, everySetting, plainService } from "../settings";

type Json = Readonly<Record<string, unknown>>;

const ours: Services = {
  ...everySetting("ours"),
  "ours-code": codeService("ours-code", "1", { as: "archive" }),
};
const theirs: Services = {
  ...everySetting("theirs"),
  git: plainService("git", { properties: { team: "risk" } }),
  environment: plainService("environment"),
  failed: plainService("failed", { description: "Its pod dies" }),
};

const how: Readonly<Record<string, object>> = {
  git: { git: { AZUREML_GIT_COMMIT: "0123456789abcdef" } },
  environment: { environment: "env-a" },
};

export async function serialized(crossing: Crossing): Promise<void> {
  await deploy(crossing);
  for (const name of [...Object.keys(theirs), ...Object.keys(ours)]) await compareRead(crossing, name);
  await compareOutputs(crossing);
  await crossing.run("destroy");
}

async function deploy({ python, program, run, check }: Crossing): Promise<void> {
  for (const [name, settings] of Object.entries(theirs).filter(([service]) => service !== "failed")) {
    const { compute_target_name: compute, ...config } = configurationOf(settings);
    await (settings.imageId === undefined
      ? python.call("deploy", { name, config: { ...config, compute_target_name: compute }, ...how[name] })
      : python.call("deploy_image", { name, config, image: settings.imageId }));
  }
  const failing = python.call("deploy_failing", {
    name: "failed",
    config: configurationOf(theirs["failed"]!),
  });
  await failing.catch(() => undefined);
  await program(ours);
  await run("up");
  const all = [...Object.keys(theirs), ...Object.keys(ours)].sort();
  check("there are services of every kind to serialize", await python.call("names"), all);
}

const ofPython = async ({ python }: Crossing, name: string): Promise<Json> =>
  (await python.call("serialize", { name })) as Json;

/** As a script would: read the service with the package's function, then serialize it. */
async function compareRead(crossing: Crossing, name: string): Promise<void> {
  const { workspaceId, discoveryUrl, accessToken } = crossing.session.emulator();
  const service = await getService(name, { workspaceId, config: { discoveryUrl, accessToken } });
  const [read, real] = [serializeService(service), await ofPython(crossing, name)];
  const claim = `${name}, read and serialized, has the ${Object.keys(real).length} members of azureml-core's`;
  crossing.check(claim, unequal(read, real), []);
  if (name === "failed") crossing.check("the failed one tells its error", real["state"], "Failed");
}

/** As a program would: serialize the resource's outputs. */
async function compareOutputs(crossing: Crossing): Promise<void> {
  const { shown } = await crossing.session.stack.exportState();
  const outputsOf = (name: string) =>
    (shown.resources ?? []).find(({ urn }) => String(urn).endsWith(`::${name}`))?.["outputs"] as Json;
  for (const name of Object.keys(ours)) {
    const [held, real] = [serializeService(outputsOf(name)), await ofPython(crossing, name)];
    const claim = `the outputs of ${name}, serialized, have the ${Object.keys(real).length} members of azureml-core's`;
    crossing.check(claim, unequal(held, real), []);
  }
}
