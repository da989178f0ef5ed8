import { fields } from "../../../provider/schema/fields";
import { withoutSecrets, type Values } from "../host";
import { startWorkspace, type TestWorkspace } from "../workspace";
import { imageBody, leastBody, proofs, WORKSPACE_ID, type Effect, type Proof } from "./table";

jest.setTimeout(60_000);

const kinds = ["create", "update", "unchanged", "bad value"] as const;
const ran = new Set<string>();
const rows = Object.entries(proofs);

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await startWorkspace({ workspaceId: WORKSPACE_ID });
});
afterAll(async () => {
  await workspace.close();
  process.stdout.write(
    `rows × kinds: ${rows.length} × ${kinds.length} = ${ran.size} tests through the host\n`,
  );
});

it("proves every row of the model, but for the migration, which no create can send", () => {
  const provable = fields.filter((row) => row.type !== "migration");
  expect(rows.map(([input]) => input)).toEqual(provable.map((row) => row.input));
});

const least = (name: string) => ({ serviceName: name, computeTargetName: "aks-a", models: ["fraud:1"] });

/** A program with the setting, beside whatever it needs. */
const program = (name: string, input: string, { beside }: Proof, value: unknown): Values => ({
  ...least(name),
  ...beside,
  [input]: value,
});

const nameOf = (input: string, index: number): string => `s${index}-${input.toLowerCase().slice(0, 20)}`;

const create = async (name: string, input: string, proof: Proof) => {
  const inputs = await workspace.checked(program(name, input, proof, proof.value));
  const { id, outputs } = await workspace.host.create(inputs);
  return { inputs, id, outputs };
};

/** The requests since the last look that change something. */
const changes = () => {
  const made = workspace.emulator
    .requests()
    .filter(({ method, path }) => method !== "GET" && /\/services(?!.*\/listkeys$)/.test(path));
  workspace.emulator.clearRequests();
  return made.map(({ method, path, body }) => ({ call: `${method} ${path.split("/services")[1]}`, body }));
};

describe.each(rows)("%s", (input, proof) => {
  const name = nameOf(
    input,
    rows.findIndex(([one]) => one === input),
  );
  let made: Awaited<ReturnType<typeof create>>;
  const proven = (kind: (typeof kinds)[number]) => ran.add(`${input} ${kind}`);

  it("create sends it", async () => {
    changes();
    made = await create(name, input, proof);
    const body = proof.beside && "models" in proof.beside ? imageBody(name) : leastBody(name);
    const sent = { ...body, ...proof.created };
    const properties = {
      ...(sent["properties"] as Values),
      "pulumi-created-by": expect.any(String) as string,
    };
    expect(changes()).toEqual([{ call: "POST ", body: { ...sent, properties } }]);
    expect(withoutSecrets(made.outputs)).toMatchObject({ [input]: proof.value });
    proven("create");
  });

  it("unchanged sends nothing, also after a refresh", async () => {
    const { host } = workspace;
    const again = await workspace.checked(program(name, input, proof, proof.value), made.inputs);
    expect(again).toEqual(made.inputs);
    workspace.emulator.clearRequests();
    expect((await host.diff(made.id, made.outputs, again)).changes).toBe("none");
    expect(workspace.emulator.requests()).toEqual([]);
    const refreshed = await host.read(made.id, made.outputs);
    expect(withoutSecrets(refreshed.inputs)).toEqual(made.inputs);
    expect((await host.diff(made.id, refreshed.outputs, again)).changes).toBe("none");
    expect(changes()).toEqual([]);
    proven("unchanged");
  });

  it("update does exactly what it must", async () => {
    const { host } = workspace;
    const news = await workspace.checked(program(name, input, proof, proof.another), made.inputs);
    const diff = await host.diff(made.id, made.outputs, news);
    changes();
    if ("replace" in proof.effect) {
      const { replace, deleteBeforeReplace } = proof.effect;
      expect(diff).toEqual({ changes: "unknown", replaces: replace, deleteBeforeReplace });
    } else {
      expect(diff).toEqual({ changes: "unknown", replaces: [], deleteBeforeReplace: false });
      const outputs = await host.update(made.id, made.outputs, news);
      expect(changes()).toEqual(requestsOf(name, proof.effect));
      expect({ [input]: "", ...(withoutSecrets(outputs) as Values) }).toMatchObject({
        [input]: proof.another,
      });
      expect((await host.diff(made.id, outputs, news)).changes).toBe("none");
    }
    proven("update");
  });

  it("a bad value is refused before anything is sent", async () => {
    changes();
    const { failures } = await workspace.host.check({}, program(name, input, proof, proof.bad.value));
    expect(failures).toHaveLength(1);
    expect(failures[0]!.property).toBe(proof.bad.path);
    expect(failures[0]!.reason).toMatch(new RegExp(`^${proof.bad.code}: ${input}`));
    expect(workspace.emulator.requests()).toEqual([]);
    proven("bad value");
  });
});

const requestsOf = (name: string, effect: Exclude<Effect, { replace: unknown }>) => {
  if ("patch" in effect) return [{ call: `PATCH /${name}`, body: effect.patch }];
  if ("keys" in effect) return effect.keys.map((body) => ({ call: `POST /${name}/regenerateKeys`, body }));
  return [];
};
