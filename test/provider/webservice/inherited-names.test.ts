import { startStage, type Stage, type Values } from "./stage";

let stage: Stage;
beforeEach(async () => {
  stage = await startStage({ operationTime: 50 });
});
afterEach(() => stage.close());

/** Names of what every object has, as JSON brings them: each a member of its own. */
const labels = (): Values =>
  JSON.parse('{"__proto__":"a","constructor":"b","toString":"c","hasOwnProperty":"d"}') as Values;

const entries = (value: unknown): readonly unknown[] => Object.entries(value as object).sort();
const wanted = entries(labels());

describe("tags and properties under the names of what every object has", () => {
  it("are made with the service, are no difference afterwards, and are kept in the outputs", async () => {
    const { id, outputs, inputs } = await stage.create({ tags: labels(), properties: labels() });
    const [body] = stage.bodies("POST", /\/services$/) as [Values];
    expect(entries(body["kvTags"])).toEqual(wanted);
    expect(entries(body["properties"])).toEqual(expect.arrayContaining([...wanted]));
    expect(entries(outputs["tags"])).toEqual(wanted);
    expect(await stage.provider.diff(id, outputs, inputs)).toEqual({ changes: false });
  });

  it("are added to one that has none of them", async () => {
    // The emulator's JSON Patch takes no `__proto__`, wherever it stands.
    const news = { constructor: "b", toString: "c", hasOwnProperty: "d" };
    const { id, outputs, inputs } = await stage.create({ properties: { team: "risk" } });
    await stage.update(id, outputs, await stage.inputs({ tags: news, properties: news }, inputs));
    expect(await stage.document()).toMatchObject({ kvTags: news, properties: { team: "risk", ...news } });
  });
});
