import { service, startEmulated, type Emulated } from "./emulated";

describe("labels of a live service", () => {
  let emulated: Emulated;
  beforeEach(async () => {
    emulated = await startEmulated([service("fraud"), service("bare", { kvTags: null, properties: null })]);
  });
  afterEach(() => emulated.close());

  const patches = () =>
    emulated.emulator
      .requests()
      .filter(({ method }) => method === "PATCH")
      .map(({ body }) => body);

  describe("addTags", () => {
    const add = (tags: object, name = "fraud") =>
      emulated.functions.addTags(name, tags as Record<string, string>, emulated.where);

    it("keeps the other tags and sends the whole map", async () => {
      expect(await add({ release: "7", owner: "fraud" })).toEqual({ owner: "fraud", release: "7" });
      expect(patches()).toEqual([
        [{ op: "replace", path: "/kvTags", value: { owner: "fraud", release: "7" } }],
      ]);
    });

    it("merges with what is live now, not with what was read before", async () => {
      await add({ a: "1" });
      await add({ b: "2" });
      expect(await add({})).toEqual({ owner: "risk", a: "1", b: "2" });
    });

    it("sends nothing where nothing is new", async () => {
      expect(await add({ owner: "risk" })).toEqual({ owner: "risk" });
      expect(patches()).toEqual([]);
    });

    it("adds to a service that has none", async () => {
      expect(await add({ a: "1" }, "bare")).toEqual({ a: "1" });
    });

    it.each([{ a: 1 }, { a: null }, "text", ["a"]])("refuses %j without a request", async (tags) => {
      await expect(add(tags as object)).rejects.toMatchObject({ code: "BadArgument" });
      expect(emulated.asked()).toEqual([]);
    });
  });

  describe("removeTags", () => {
    const remove = (keys: string | string[], name = "fraud") =>
      emulated.functions.removeTags(name, keys, emulated.where);

    it.each<[string, string | string[]]>([
      ["one key", "owner"],
      ["several keys, known or not", ["owner", "nothing"]],
    ])("removes %s", async (_, keys) => {
      expect(await remove(keys)).toEqual({});
      expect(patches()).toEqual([[{ op: "replace", path: "/kvTags", value: {} }]]);
    });

    it.each(["fraud", "bare"])("sends nothing for keys that %s does not have", async (name) => {
      await remove("nothing", name);
      expect(patches()).toEqual([]);
    });

    it.each([undefined, [], [7], 7])("refuses %p without a request", async (keys) => {
      await expect(remove(keys as unknown as string)).rejects.toMatchObject({ code: "BadArgument" });
      expect(emulated.asked()).toEqual([]);
    });
  });

  describe("addProperties", () => {
    const add = (properties: object, name = "fraud") =>
      emulated.functions.addProperties(name, properties as Record<string, string>, emulated.where);

    it("sends only new keys, escaped", async () => {
      expect(await add({ origin: "seed", "a/b~c": "1" })).toEqual({ origin: "seed", "a/b~c": "1" });
      expect(patches()).toEqual([[{ op: "add", path: "/properties/a~1b~0c", value: "1" }]]);
    });

    it("adds to a service that has none", async () => {
      expect(await add({ a: "1" }, "bare")).toEqual({ a: "1" });
    });

    it("adds keys that every object inherits", async () => {
      await add({ constructor: "acme", valueOf: "1" });
      expect(patches()).toEqual([
        [
          { op: "add", path: "/properties/constructor", value: "acme" },
          { op: "add", path: "/properties/valueOf", value: "1" },
        ],
      ]);
    });

    it("refuses another value of a live key, and sends none of the others", async () => {
      await expect(add({ origin: "other", fresh: "1" })).rejects.toMatchObject({
        code: "Immutable",
        message: expect.stringMatching(/properties\.origin.*"seed".*"other"/) as unknown,
      });
      expect(patches()).toEqual([]);
    });

    it.each(["pulumi-created-by", "pulumi-claim-7"])(
      "refuses %s, which says whose the service is",
      async (key) => {
        await expect(add({ [key]: "me", fresh: "1" })).rejects.toMatchObject({
          code: "BadArgument",
          message: expect.stringContaining(`properties.${key} must be left to the provider`) as unknown,
        });
        expect(patches()).toEqual([]);
      },
    );

    it("takes what was read and more, also where the provider wrote some of it", async () => {
      const live = { "pulumi-created-by": "token.hash", "pulumi-claim-1": "other 2026-01-01 acme/ml/prod" };
      const owned = await startEmulated([service("owned", { properties: live })]);
      const addTo = (properties: Readonly<Record<string, string>>) =>
        owned.functions.addProperties("owned", properties, owned.where);
      await expect(addTo({ ...live, team: "risk" })).resolves.toEqual({ ...live, team: "risk" });
      await expect(addTo({ ...live, "pulumi-claim-1": "me" })).rejects.toMatchObject({
        code: "BadArgument",
        message: expect.stringContaining("properties.pulumi-claim-1 must be left to the provider") as unknown,
      });
      const sent = owned.emulator
        .requests()
        .flatMap(({ method, body }) => (method === "PATCH" ? [body] : []));
      expect(sent).toEqual([[{ op: "add", path: "/properties/team", value: "risk" }]]);
      await owned.close();
    });

    it.each([{ a: 1 }, "text"])("refuses %j without a request", async (properties) => {
      await expect(add(properties as object)).rejects.toMatchObject({ code: "BadArgument" });
      expect(emulated.asked()).toEqual([]);
    });
  });

  it("pass on why the service refuses", async () => {
    emulated.emulator.addFault({
      method: "PATCH",
      status: 400,
      body: { code: "BadRequest", message: "a key of more than 100 letters" },
    });
    await expect(emulated.functions.addTags("fraud", { a: "1" }, emulated.where)).rejects.toMatchObject({
      code: "BadRequest",
      message: expect.stringMatching(/update service "fraud"[^]*more than 100 letters/) as unknown,
    });
  });
});
