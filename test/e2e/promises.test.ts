import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import type { StepEvent } from "../../rehearsal/index";
import type { EngineStack, RunResult } from "../harness/engines/engine";
import { findPulumi, pulumiEngine } from "../harness/engines/pulumi";
import { repository } from "../harness/project-folder";
import { forgetOwnSettings } from "../harness/session";
import { isChange } from "../harness/workspace";
import { drawn } from "../promises/drawn";
import { openHands, type Hands, type Json } from "../promises/hands";
import { judge } from "../promises/judge";
import { openOwnership, type Write } from "../promises/ownership";
import { shownDeed } from "../promises/shown";
import { changedInputs, type Deed, type Preview } from "../promises/stack";
import { nameOf, table, type Row } from "../promises/table";

jest.setTimeout(600_000);
forgetOwnSettings();

const SEED = Number(process.env["PROMISES_SEED"] ?? 20_261_124);
const SAMPLE = 40;
const STACK = "dev";

/** One program for all services: each is an entry of a list beside it. */
const PROGRAM = `
const { readFileSync } = require("node:fs");
const azureml = require("pulumi-azureml");
for (const [name, args] of Object.entries(JSON.parse(readFileSync("services.json", "utf8"))))
  new azureml.AksWebservice(name, { serviceName: name, ...args });
`;

interface Program {
  readonly stack: EngineStack;
  readonly name: "A" | "B";
  readonly project: string;
  says: Record<string, Json>;
  write(): void;
}

const openProgram = async (
  name: "A" | "B",
  project: string,
  emulator: Emulator,
  root: string,
): Promise<Program> => {
  const folder = join(root, project);
  const [projectDir, workDir] = [join(folder, "program"), join(folder, "engine")];
  [folder, projectDir, workDir].forEach((each) => mkdirSync(each));
  symlinkSync(join(repository(), "node_modules"), join(projectDir, "node_modules"), "junction");
  writeFileSync(join(projectDir, "index.js"), PROGRAM);
  writeFileSync(join(projectDir, "package.json"), JSON.stringify({ name: project, private: true }));
  writeFileSync(
    join(projectDir, "Pulumi.yaml"),
    `name: ${project}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.js\n`,
  );
  const env = { AZUREML_DISCOVERY_URL: emulator.discoveryUrl, AZUREML_ACCESS_TOKEN: emulator.accessToken };
  const stack = await pulumiEngine.open({ projectDir, workDir, stack: STACK, passphrase: "x", env });
  await stack.setConfig({ "azureml:workspaceId": emulator.workspaceId });
  const program: Program = {
    ...{ stack, name, project, says: {} },
    write: () => writeFileSync(join(projectDir, "services.json"), JSON.stringify(program.says)),
  };
  return program;
};

const LEAST: Json = { computeTargetName: "aks-a", models: ["m:1"], cpuCores: 0.5, tags: { team: "risk" } };
const OWN: Json = { ...LEAST, properties: { origin: "program" } };

/** A replacement of what this program does not own is refused in the preview, and with it the whole stack's. */
const isOwned = ({ creator, claimant, edit }: Row): boolean =>
  (claimant === "A, then B, then A" || (creator === "this program" && claimant !== "another program")) &&
  !edit.startsWith("stamp");

const rows = drawn(
  table().rows.filter(
    (row) =>
      row.state === "Healthy" &&
      !row.refreshed &&
      row.creator !== "an older version" &&
      (row.operation !== "replace" || isOwned(row)),
  ),
  SEED,
  SAMPLE,
).map((row, index) => ({ row, service: `service-${index}` }));

const definition = (name: string): Json => ({
  ...{ name, computeType: "AKS", computeName: "aks-a", kvTags: { team: "risk" } },
  environmentImageRequest: { modelIds: ["m:1"] },
  containerResourceRequirements: { cpu: 0.5 },
  properties: { origin: "program" },
});

/** What is there first, and what adopts it. */
const made = async (hands: Hands, row: Row, service: string, a: Program, b: Program): Promise<void> => {
  const { creator, claimant } = row;
  if (creator === "the Python client") await hands.deploy(definition(service));
  if (creator === "another stack") b.says[service] = OWN;
  if (creator === "this program") a.says[service] = OWN;
  else if (claimant === "this program" || claimant === "A, then B, then A")
    a.says[service] = { ...OWN, adopt: true };
};

const claimed = ({ claimant }: Row, service: string, a: Program, b: Program): void => {
  const back = claimant === "A, then B, then A";
  if (claimant === "another program") b.says[service] = { ...OWN, adopt: true };
  if (claimant === "this program") a.says[service] = { ...OWN, adopt: true };
  if (back) b.says[service] = { ...OWN, adopt: true, description: "B's" };
};

const edited = async (hands: Hands, row: Row, name: string): Promise<void> => {
  const again = { ...definition(name), overwrite: true };
  const patches: Partial<Record<Row["edit"], object>> = {
    "setting changed": { op: "replace", path: "/containerResourceRequirements/cpu", value: 0.25 },
    "tag added": { op: "add", path: "/kvTags/hand", value: "1" },
    "property added": { op: "add", path: "/properties/hand", value: "1" },
  };
  if (patches[row.edit]) await hands.patch(name, [patches[row.edit]!]);
  if (row.edit === "stamps erased") await hands.deploy(again);
  if (row.edit === "stamp edited")
    await hands.deploy({ ...again, properties: { origin: "program", "pulumi-created-by": "by hand" } });
  if (row.edit === "deleted") await hands.remove(name);
};

const operations: Partial<Record<Row["operation"], Json>> = {
  change: { cpuCores: 0.75 },
  tags: { tags: { team: "risk", release: "2" } },
  replace: { computeTargetName: "aks-b" },
};

const STEPS: Readonly<Record<string, Preview["step"]>> = {
  ...{ create: "create", update: "update", same: "same", delete: "delete" },
  ...{ replace: "replace", "create-replacement": "replace", "delete-replaced": "replace" },
};

const whose = (urn: string): string => urn.split("::").at(-1) ?? "";

const linesOf = ({ events }: RunResult, service: string): readonly string[] =>
  events.flatMap((event) =>
    event.kind === "diagnostic" && whose(event.urn) === service
      ? [`${event.severity}: ${event.message.trim()}`]
      : [],
  );

/** Of a replacement's steps the one that has the new inputs. */
const stepOf = ({ events }: RunResult, service: string): StepEvent | undefined => {
  const steps = events.filter(
    (event): event is StepEvent => event.kind === "step" && whose(event.urn) === service && event.op in STEPS,
  );
  return steps.find(({ op }) => op === "replace") ?? steps.find((step) => step.new) ?? steps[0];
};

const previewOf = (result: RunResult, service: string): Preview => {
  const step = stepOf(result, service);
  const [olds, news] = [step?.old?.inputs ?? {}, step?.new?.inputs ?? {}];
  return {
    step: step ? STEPS[step.op]! : "none",
    inputs: news,
    changed: step?.new ? changedInputs(olds, news) : [],
    lines: linesOf(result, service),
  };
};

const cli = findPulumi() !== undefined;
const promised = cli ? test : test.skip;

promised(
  `under the Pulumi CLI, of ${SAMPLE} rows: what a preview shows is what happens, and nobody's service is taken` +
    ` (seed ${SEED}${cli ? "" : ", skipped: no Pulumi CLI"})`,
  async () => {
    const root = mkdtempSync(join(realpathSync(tmpdir()), "promises-"));
    const emulator = await startEmulator({ operationTime: 0 });
    const hands = openHands(emulator);
    const ownership = openOwnership();
    const a = await openProgram("A", "fraud", emulator, root);
    const b = await openProgram("B", "risk", emulator, root);
    const found: string[] = [];

    const writes = (): readonly Write[] =>
      emulator.requests().filter((request) => isChange(request) && /\/services/.test(request.path));
    const isTo =
      (service: string) =>
      ({ path, body }: Write): boolean =>
        path.split("/services/")[1]?.split("/")[0] === service ||
        (/\/services$/.test(path) && (body as Json)["name"] === service);
    const all = async (): Promise<ReadonlyMap<string, Json | undefined>> =>
      new Map(
        await Promise.all(rows.map(async ({ service }) => [service, await hands.live(service)] as const)),
      );

    /** A command of which only is remembered whose the stamps and claims are. */
    const prepare = async (program: Program): Promise<void> => {
      program.write();
      emulator.clearRequests();
      await program.stack.up({ flags: { continueOnError: true } });
      writes().forEach((write) => ownership.sent(program.name, write));
    };
    const judged = async (
      program: Program,
      command: "up" | "destroy",
      preview: RunResult | undefined,
    ): Promise<void> => {
      const before = await all();
      emulator.clearRequests();
      const result = await program.stack[command]({ flags: { continueOnError: true } });
      const [sent, after] = [writes(), await all()];
      for (const { row, service } of rows) {
        const step = stepOf(preview ?? result, service);
        const errors = linesOf(result, service).filter((line) => line.startsWith("error"));
        const deed: Deed = {
          ...{ stack: program.name, command, before: before.get(service), after: after.get(service) },
          preview: previewOf(preview ?? result, service),
          ...{ sent: sent.filter(isTo(service)), lines: linesOf(result, service) },
          error: errors.length > 0 ? errors.join("\n") : undefined,
          ...{ recorded: step?.old?.inputs ?? {}, outputs: step?.old?.outputs ?? {} },
        };
        const broken = judge(deed, ownership).map(({ promise, what }) => `BROKEN ${promise}: ${what}`);
        if (broken.length > 0) found.push([nameOf(row), ...shownDeed(deed), ...broken].join("\n"));
      }
    };

    try {
      for (const { row, service } of rows) await made(hands, row, service, a, b);
      await prepare(b);
      await prepare(a);
      for (const { row, service } of rows) claimed(row, service, a, b);
      await prepare(b);
      for (const { row, service } of rows) if (row.claimant === "A, then B, then A") a.says[service] = OWN;
      await prepare(a);
      for (const { row, service } of rows)
        if (row.claimant === "A, then B, then A")
          a.says[service] = { ...OWN, adopt: true, description: "A's" };
      await prepare(a);
      for (const { row, service } of rows) await edited(hands, row, service);

      for (const { row, service } of rows) {
        if (row.operation === "destroy") delete a.says[service];
        else a.says[service] = { ...(a.says[service] ?? OWN), ...operations[row.operation] };
      }
      a.write();
      await judged(a, "up", await a.stack.preview());
      await judged(b, "destroy", undefined);
      await judged(a, "destroy", undefined);
    } finally {
      await Promise.all([a.stack.close(), b.stack.close()]);
      await emulator.close();
      rmSync(root, { recursive: true, force: true });
    }
    process.stdout.write(`under the Pulumi CLI: ${rows.length} rows, ${found.length} broken\n`);
    expect(found).toEqual([]);
  },
);
