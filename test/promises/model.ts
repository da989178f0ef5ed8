import * as fc from "fast-check";
import { startEmulator, type Emulator } from "../../emulator/index";
import type { Host } from "../lifecycle/host";
import { startHostFor } from "../lifecycle/workspace";
import { openHands, type Hands, type Json } from "./hands";
import { hiddenInputs, type Identity } from "./hidden-inputs";
import { judge, type Finding } from "./judge";
import { openOwnership, type Ownership } from "./ownership";
import { openStack, type Beside, type Deed, type PromisedStack } from "./stack";
import { shownDeed } from "./shown";

/** Where sequences are run, one after the other. */
export interface Lane {
  readonly emulator: Emulator;
  readonly hands: Hands;
  host: Host;
  begun: number;
  close(): Promise<void>;
}

export const openLane = async (): Promise<Lane> => {
  const emulator = await startEmulator({ operationTime: 0 });
  const lane: Lane = {
    ...{ emulator, hands: openHands(emulator), host: await startHostFor(emulator), begun: 0 },
    close: async () => {
      await lane.host.close();
      await emulator.close();
    },
  };
  return lane;
};

/** One program: what it says, and by which names it is called. */
interface Program {
  readonly stack: PromisedStack;
  says: Json;
  ignores: readonly string[];
  renamed: number;
}

/** Two stacks' programs for one service, and whoever else changes it. */
export interface Sequence {
  readonly lane: Lane;
  readonly service: string;
  readonly programs: readonly [Program, Program];
  readonly ownership: Ownership;
  readonly story: string[];
}

/** What the stacks are called, before and after a rename of stack, project and organization. */
const called: readonly (readonly Identity[])[] = [
  [
    { organization: "acme", project: "fraud", stack: "prod" },
    { organization: "acme-new", project: "fraud-new", stack: "production" },
  ],
  [
    { organization: "acme", project: "risk", stack: "prod" },
    { organization: "acme", project: "risk", stack: "staging" },
  ],
];

const LEAST: Json = { computeTargetName: "aks-a", models: ["m:1"] };

const nameIn = ({ service, programs }: Sequence, which: 0 | 1) => {
  const { renamed } = programs[which];
  return {
    identity: called[which]![Math.floor(renamed / 2) % 2]!,
    resource: renamed % 2 === 0 ? service : `${service}-renamed`,
  };
};

export const beginSequence = (lane: Lane): Sequence => {
  const service = `service-${lane.begun++}`;
  const open = (which: 0 | 1): Program => ({
    stack: openStack({
      ...{ name: "AB"[which]!, emulator: lane.emulator, hands: lane.hands, service },
      host: () => lane.host,
      called: () => nameIn(sequence, which),
    }),
    says: { ...LEAST, serviceName: service },
    ignores: [],
    renamed: 0,
  });
  const sequence: Sequence = {
    ...{ lane, service, ownership: openOwnership(), story: [] },
    programs: [open(0), open(1)],
  };
  return sequence;
};

/** Both programs end; what is left behind is put away. */
export const endSequence = async (sequence: Sequence): Promise<void> => {
  const { lane, service, programs } = sequence;
  for (const { stack } of programs) if (stack.state.resource) await did(sequence, stack.destroy());
  if (await lane.hands.live(service)) await lane.hands.remove(service);
};

/** @throws with the whole story at the first broken promise */
const did = async (sequence: Sequence, command: Promise<Deed>): Promise<void> => {
  const { lane, ownership, story } = sequence;
  const deed = await command;
  story.push(...shownDeed(deed));
  const findings: readonly Finding[] = judge(deed, ownership);
  lane.emulator.clearFaults();
  lane.emulator.clearRequests();
  lane.host.clearLines();
  if (findings.length === 0) return;
  const broken = findings.map(({ promise, what }) => `BROKEN ${promise}: ${what}`);
  throw new Error([...story, ...broken].join("\n"));
};

type Which = 0 | 1;
type Trouble = "none" | "operation fails" | "killed at PATCH" | "killed at POST" | "killed at DELETE";

interface Step {
  run(sequence: Sequence): Promise<void>;
  /** What fast-check prints of a counterexample. */
  readonly [fc.toStringMethod]: () => string;
}

const named = (name: string, run: Step["run"]): Step => ({ run, [fc.toStringMethod]: () => name });

/** Kills the provider's process while such a request is on its way, which then takes effect. */
const killing = ({ lane, service }: Sequence, method: string): Beside => {
  return async (running) => {
    const gate = lane.emulator.gate({ method, path: "/services(/[^/]+)?$" });
    const reached = await Promise.race([gate.reached.then(() => true), running.then(() => false)]);
    if (reached) {
      await lane.host.close();
      lane.host = await startHostFor(lane.emulator);
    }
    gate.open();
    await lane.hands.live(service);
  };
};

const besides = (sequence: Sequence, trouble: Trouble): Beside | undefined => {
  if (trouble === "none") return undefined;
  if (trouble.startsWith("killed")) return killing(sequence, trouble.split(" ").at(-1)!);
  sequence.lane.emulator.addFault({
    path: "/services(/[^/]+)?$",
    method: "PATCH",
    operation: { outcome: "failed" },
  });
  return undefined;
};

const up = (which: Which, changes: Json, ignores: readonly string[], trouble: Trouble): Step =>
  named(
    `up ${"AB"[which]} ${JSON.stringify(changes)} ignoring ${ignores.join() || "nothing"}, ${trouble}`,
    async (sequence) => {
      const program = sequence.programs[which];
      program.says = Object.fromEntries(
        Object.entries({ ...program.says, ...changes }).filter(([, value]) => value !== null),
      );
      program.ignores = ignores;
      const { identity, resource } = nameIn(sequence, which);
      const hidden = (await hiddenInputs(identity, [resource])).get(resource)!;
      const beside = besides(sequence, trouble);
      await did(sequence, program.stack.up({ ...program.says, ...hidden }, ignores, beside));
    },
  );

const destroy = (which: Which, trouble: Trouble): Step =>
  named(`${"AB"[which]} is removed from its program, ${trouble}`, async (sequence) => {
    const { stack } = sequence.programs[which];
    if (stack.state.resource) await did(sequence, stack.destroy(besides(sequence, trouble)));
  });

const refresh = (which: Which): Step =>
  named(`refresh ${"AB"[which]}`, async (sequence) => {
    const { stack } = sequence.programs[which];
    if (stack.state.resource) await did(sequence, stack.refresh());
  });

const rename = (which: Which): Step =>
  named(`${"AB"[which]} is renamed`, async ({ lane, programs }) => {
    programs[which].renamed++;
    // The next run of the program has a process of its own, which knows nothing of the old name.
    await lane.host.close();
    lane.host = await startHostFor(lane.emulator);
  });

const edit = (name: string, change: (hands: Hands, service: string, live: Json) => Promise<void>): Step =>
  named(name, async ({ lane: { hands, emulator }, service, story }) => {
    const live = await hands.live(service);
    if (live === undefined && !name.includes("Python")) return;
    story.push(`by hand: ${name}`);
    // An entry that is there already cannot be added: then nothing has changed.
    await change(hands, service, live ?? {}).catch(() => undefined);
    emulator.clearRequests();
  });

const set = (path: string, value: unknown): Step =>
  edit(`${path} becomes ${JSON.stringify(value)}`, (hands, service) =>
    hands.patch(service, [{ op: /kvTags|properties/.test(path) ? "add" : "replace", path, value }]),
  );

const python = (properties: Json): Step =>
  edit(`the Python client deploys with ${JSON.stringify(properties)}`, (hands, name) =>
    hands.deploy({
      ...{ name, computeType: "AKS", computeName: "aks-a", overwrite: true, properties },
      environmentImageRequest: { modelIds: ["m:1"] },
    }),
  );

const which = fc.constantFrom<Which>(0, 1);
const trouble = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Trouble>("none") },
  { weight: 2, arbitrary: fc.constant<Trouble>("operation fails") },
  { weight: 1, arbitrary: fc.constantFrom<Trouble>("killed at PATCH", "killed at POST", "killed at DELETE") },
);
const changes = fc.record(
  {
    cpuCores: fc.constantFrom(0.25, 0.5, 0.75, null),
    description: fc.constantFrom("one", "another", "", null),
    tags: fc.constantFrom({}, { a: "1" }, { a: "2", b: "1" }, null),
    properties: fc.constantFrom({ p: "1" }, { p: "1", q: "1" }, null),
    computeTargetName: fc.constantFrom("aks-a", "aks-a", "aks-b"),
    adopt: fc.constantFrom(true, null),
    deleteAdopted: fc.constantFrom(true, null),
  },
  { requiredKeys: [] },
);
const ignores = fc.oneof(
  { weight: 2, arbitrary: fc.constant<readonly string[]>([]) },
  {
    weight: 1,
    arbitrary: fc.subarray(["cpuCores", "tags", "tags.a", "description"], { minLength: 1, maxLength: 2 }),
  },
);

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(which, changes, ignores, trouble).map((all) => up(...all)) },
  { weight: 2, arbitrary: fc.tuple(which, trouble).map((all) => destroy(...all)) },
  { weight: 3, arbitrary: which.map(refresh) },
  { weight: 1, arbitrary: which.map(rename) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      set("/containerResourceRequirements/cpu", 1),
      set("/description", "by hand"),
      set("/kvTags/hand", "1"),
      set("/properties/hand", "1"),
      python({}),
      python({ "pulumi-created-by": "by hand" }),
      edit("deleted", (hands, service) => hands.remove(service)),
    ),
  },
);
