import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { engineRows } from "../harness/engines/rows";
import { ownProject } from "../harness/own-folder";
import { forgetOwnSettings, openSession, workspaceConfig, type Session } from "../harness/session";
import { openWorkspace, shortPath } from "../harness/workspace";

jest.setTimeout(300_000);
forgetOwnSettings();

const PROGRAM = `
const { readFileSync } = require("node:fs");
const azureml = require("pulumi-azureml");
const { args, options } = JSON.parse(readFileSync(__dirname + "/program.json", "utf8"));
const least = { computeTargetName: "aks-prod", models: ["fraud:7"] };
new azureml.AksWebservice("fraud", { ...least, ...args }, options);
`;

const folder = ownProject("previewed", PROGRAM);

const replace = (path: string, value: unknown) => ({ op: "replace", path, value });

/** A service that was deployed by this program, and hands on it. */
const deployed = async (session: Session, first: object) => {
  const { stack, folder: copy } = session;
  const workspace = openWorkspace(session.emulator());
  const write = (args: object, options: object): void =>
    writeFileSync(join(copy.project, "program.json"), JSON.stringify({ args, options }));
  const patches = async (): Promise<readonly unknown[]> =>
    (await workspace.calls())
      .filter(({ method, path }) => method === "PATCH" && shortPath(path) === "services/fraud")
      .map(({ body }) => body);
  await stack.setConfig(workspaceConfig(session));
  write(first, {});
  expect((await stack.up()).exitCode).toBe(0);
  return {
    edit: (...operations: readonly object[]) => workspace.edit("fraud", operations),
    refresh: async () => expect((await stack.refresh()).exitCode).toBe(0),
    preview: async (args: object, options: object = {}) => {
      write(args, options);
      return (await stack.preview()).text;
    },
    /** What an `up` sends, and what it shows. */
    up: async (args: object, options: object = {}) => {
      write(args, options);
      const before = (await patches()).length;
      const { exitCode, text } = await stack.up();
      expect({ exitCode, text }).toMatchObject({ exitCode: 0 });
      return { sent: (await patches()).slice(before), text };
    },
    live: async () => (await workspace.services()).find(({ name }) => name === "fraud"),
  };
};

describe.each(engineRows)("under $name", ({ engine, run }) => {
  const withService = async (
    first: object,
    story: (service: Awaited<ReturnType<typeof deployed>>) => Promise<void>,
  ): Promise<void> => {
    const session = await openSession(engine, folder);
    try {
      await story(await deployed(session, first));
    } finally {
      await session.close();
    }
  };

  run("an up sends what its preview showed, and leaves other hands' changes alone", () =>
    withService({ numReplicas: 3, memoryGb: 1, tags: { a: "1" } }, async (service) => {
      await service.edit(replace("/numReplicas", 8), replace("/kvTags", { a: "1", z: "9" }));
      const memory = await service.up({ numReplicas: 3, memoryGb: 2, tags: { a: "1" } });
      expect(memory.sent).toEqual([[replace("/containerResourceRequirements/memoryInGB", 2)]]);
      expect(memory.text).toContain("numReplicas is 8 on the live service, the program says 3");
      expect(await service.live()).toMatchObject({ numReplicas: 8, kvTags: { a: "1", z: "9" } });

      const tag = await service.up({ numReplicas: 3, memoryGb: 2, tags: { a: "2" } });
      expect(tag.sent).toEqual([[replace("/kvTags", { a: "2" })]]);
      expect(tag.text).toContain('tags replaces the whole map; live entries that go: z: "9".');
      expect((await service.up({ numReplicas: 3, memoryGb: 2, tags: { a: "2" } })).sent).toEqual([]);

      await service.refresh();
      const healed = await service.up({ numReplicas: 3, memoryGb: 2, tags: { a: "2" } });
      expect(healed.sent).toEqual([[replace("/numReplicas", 3)]]);
    }),
  );

  run("a replacement's line names what it loses", () =>
    withService({ cpuCores: 0.5, tags: { release: "1" } }, async (service) => {
      await service.edit({ op: "add", path: "/properties/team", value: "risk" });
      await service.refresh();
      const text = await service.preview({ computeTargetName: "aks-new" });
      expect(text).toContain("The new service will lack what is live and not in the program");
      for (const line of ["cpuCores: 0.5,", 'tags: { release: "1" },', 'properties: { team: "risk" },'])
        expect(text).toContain(line);
      expect(text).not.toContain("pulumi-created-by");
    }),
  );

  run("ignoreChanges holds over three ups, with a refresh between and without", () =>
    withService({ numReplicas: 3 }, async (service) => {
      const options = { ignoreChanges: ["numReplicas"] };
      await service.edit(replace("/numReplicas", 8));
      const cpu = (cores: number) => [[replace("/containerResourceRequirements/cpu", cores)]];
      for (const cpuCores of [0.2, 0.3, 0.4])
        expect((await service.up({ numReplicas: 3, cpuCores }, options)).sent).toEqual(cpu(cpuCores));
      for (const cpuCores of [0.5, 0.6, 0.7]) {
        await service.refresh();
        expect((await service.up({ numReplicas: 3, cpuCores }, options)).sent).toEqual(cpu(cpuCores));
      }
      expect(await service.live()).toMatchObject({ numReplicas: 8 });
    }),
  );

  run("ignoreChanges of one tag never empties the map, and keeps that tag as it is live", () =>
    withService({}, async (service) => {
      const options = { ignoreChanges: ["tags.a"] };
      await service.edit(replace("/kvTags", { x: "1", a: "live" }));
      const first = await service.up({ tags: { a: "1" } }, options);
      expect(first.sent).toEqual([]);
      await service.refresh();
      expect((await service.up({ tags: { a: "1" } }, options)).sent).toEqual([]);
      expect(await service.live()).toMatchObject({ kvTags: { x: "1", a: "live" } });

      await service.edit(replace("/kvTags", { x: "1", a: "newer" }));
      const added = await service.up({ tags: { a: "1", b: "2" } }, options);
      expect(added.sent).toEqual([[replace("/kvTags", { b: "2", a: "newer" })]]);
      expect(added.text).toContain('live entries that go: x: "1".');
      expect((await service.up({ tags: { a: "1", b: "2" } }, options)).sent).toEqual([]);
    }),
  );
});
