import { connect } from "../../../provider/azure/connect";
import { serviceFunctions } from "../../../provider/functions/functions";
import { startStage, type Stage, type Values } from "../../provider/webservice/stage";
import { settingsOf } from "../wire/cases";
import { answers } from "./answers";
import { cases, type Case } from "./cases";
import { differences, type Difference } from "./differences";
import { meaningOf, without } from "./meaning";
import { callOf, type Ours } from "./our-calls";

const NAME = "svc-a";

type Outcome = Omit<Difference, "why" | "quirk">;

const outcomes = new Map<string, Outcome>();
let stage: Stage;

beforeEach(async () => {
  stage = await startStage({ operationTime: 20 });
});
afterEach(() => stage.close());
afterAll(() => {
  const equal = [...outcomes.values()].filter((outcome) => Object.keys(outcome).length === 0).length;
  const different = outcomes.size - equal;
  process.stdout.write(
    `verbs: ${outcomes.size} compared, ${equal} equal, ${different} different with a reason\n`,
  );
});

const functionsOf = ({ emulator, clock }: Stage): Ours["functions"] => {
  const deps = { clock };
  return serviceFunctions({
    clock,
    env: { AZUREML_DISCOVERY_URL: emulator.discoveryUrl, AZUREML_ACCESS_TOKEN: emulator.accessToken },
    connect: (address, settings) => connect(address, settings, deps),
  });
};

/** Makes the service that the call was recorded with, and gives the way to delete it. */
const prepare = async ({ name, given }: Case): Promise<() => Promise<void>> => {
  if (given === null) return () => Promise.reject(new Error("there is nothing to delete"));
  const { id, outputs } = await stage.create({ serviceName: NAME, ...settingsOf(given) });
  const { url, workspaceId } = stage.emulator;
  const listUrl = `${url}/modelmanagement/v1.0${workspaceId}/services`;
  for (const rule of answers[name]?.(await stage.document(NAME), listUrl) ?? [])
    stage.emulator.addFault(rule);
  return async () => {
    await stage.provider.delete(id, outputs as Values);
  };
};

const outcomeOf = async (one: Case): Promise<Outcome> => {
  const remove = await prepare(one);
  const ours: Ours = {
    functions: functionsOf(stage),
    where: { workspaceId: stage.emulator.workspaceId },
    remove,
  };
  stage.emulator.clearRequests();
  const raised = await callOf[one.call.op](ours, one.call.name ?? NAME, one.call).then(
    () => null,
    (error: unknown) => error,
  );
  const [theirs, made] = [meaningOf(one.requests, one), meaningOf(stage.emulator.requests(), one)];
  const [client, own] = [without(theirs, made), without(made, theirs)];
  return {
    ...(client.length > 0 ? { client } : {}),
    ...(own.length > 0 ? { ours: own } : {}),
    ...ends(one.raises !== null, raised !== null),
  };
};

const ends = (client: boolean, ours: boolean): Outcome =>
  client === ours ? {} : { ends: client ? "only the client raises" : "only the package raises" };

/** The table's entry without its reason. */
const expectedOf = ({ client, ours, ends: end }: Partial<Difference> = {}): Outcome => ({
  ...(client ? { client } : {}),
  ...(ours ? { ours } : {}),
  ...(end ? { ends: end } : {}),
});

describe("a verb of the package, called as the Python client was", () => {
  it.each(cases.map((one) => [one.name, one] as const))("%s", async (name, one) => {
    const outcome = await outcomeOf(one);
    outcomes.set(name, outcome);
    expect(outcome).toEqual(expectedOf(differences[name]));
  });

  it("differs only with a reason, and no reason is left over", () => {
    const known = new Set(cases.map(({ name }) => name));
    expect(Object.keys(differences).filter((name) => !known.has(name))).toEqual([]);
    expect(Object.keys(answers).filter((name) => !known.has(name))).toEqual([]);
    for (const { why } of Object.values(differences)) expect(why).toMatch(/^[A-Z].*\.$/);
  });

  it("is compared in every recorded call of these verbs", () => {
    expect(cases).toHaveLength(34);
  });
});
