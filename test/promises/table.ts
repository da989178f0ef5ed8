import type { Emulator, Gate } from "../../emulator/index";
import { startWorkspace, type TestWorkspace } from "../lifecycle/workspace";
import { openHands, type Hands, type Json } from "./hands";
import { hiddenInputs, type Identity } from "./hidden-inputs";
import { judge, promises, type Finding } from "./judge";
import { olderState } from "./older-state";
import { openOwnership, type Ownership } from "./ownership";
import { shownDeed } from "./shown";
import { openStack, type Beside, type Deed, type PromisedStack } from "./stack";

const dimensions = {
  creator: ["the Python client", "this program", "another stack", "an older version"],
  claimant: ["nobody", "this program", "another program", "A, then B, then A"],
  operation: ["change", "no change", "tags", "replace", "destroy", "repair"],
  state: ["Healthy", "Failed", "Unhealthy", "Transitioning"],
  edit: [
    "none",
    "setting changed",
    "tag added",
    "property added",
    "stamps erased",
    "stamp edited",
    "deleted",
  ],
} as const;

export type Row = { readonly [Name in keyof typeof dimensions]: (typeof dimensions)[Name][number] } & {
  /** Each row is run with and without a refresh between what happened outside and the operation. */
  readonly refreshed: boolean;
};

export const nameOf = ({ creator, claimant, operation, state, edit, refreshed }: Row): string =>
  [creator, claimant, operation, state, edit, refreshed ? "refreshed" : "not refreshed"].join(" / ");

/** Whether the program under test has the service in its state before the operation. */
const isRecorded = ({ creator, claimant }: Row): boolean =>
  creator === "this program" ||
  creator === "an older version" ||
  claimant === "this program" ||
  claimant === "A, then B, then A";

/** The combinations that cannot be, or are the same as another one, with the reason. */
const exclusions: readonly (readonly [string, (row: Row) => boolean])[] = [
  [
    "a program that has no record of the service can only create, whatever its operation is called",
    (row) => !isRecorded(row) && (row.operation !== "no change" || row.refreshed),
  ],
  [
    "what is Healthy or on its way needs no repair",
    ({ operation, state }) => operation === "repair" && (state === "Healthy" || state === "Transitioning"),
  ],
  ["a service that was deleted has no state", ({ state, edit }) => edit === "deleted" && state !== "Healthy"],
  [
    "while an operation runs the workspace refuses another's change",
    ({ state, edit }) => state === "Transitioning" && edit !== "none",
  ],
];

export interface Table {
  readonly rows: readonly Row[];
  readonly excluded: Readonly<Record<string, number>>;
}

export const table = (): Table => {
  const all = Object.entries(dimensions)
    .concat([["refreshed", [false, true]] as never])
    .reduce<object[]>(
      (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
      [{}],
    ) as Row[];
  const excluded: Record<string, number> = {};
  const rows = all.filter((row) => {
    const [reason] = exclusions.find(([, applies]) => applies(row)) ?? [];
    if (reason !== undefined) excluded[reason] = (excluded[reason] ?? 0) + 1;
    return reason === undefined;
  });
  return { rows, excluded };
};

const A: Identity = { organization: "acme", project: "fraud", stack: "prod" };
const B: Identity = { organization: "acme", project: "risk", stack: "prod" };

/** Where rows are run: one workspace and one provider process for all of them. */
export interface Bench {
  run(rows: readonly Row[], after?: (verdict: Verdict) => void): Promise<readonly Verdict[]>;
  close(): Promise<void>;
}

export interface Verdict {
  readonly row: Row;
  readonly deeds: readonly Deed[];
  readonly findings: readonly (Finding & { readonly deed: Deed })[];
}

/** @param most how many rows it can run */
export const openBench = async (most: number): Promise<Bench> => {
  const workspace = await startWorkspace();
  const hands = openHands(workspace.emulator);
  const resources = Array.from({ length: most }, (_, n) => `service-${n}`);
  const hidden = { A: await hiddenInputs(A, resources), B: await hiddenInputs(B, resources) };
  const runRow = (row: Row, resource: string): Promise<Verdict> =>
    new RowRun(workspace, hands, row, resource, {
      A: hidden.A.get(resource)!,
      B: hidden.B.get(resource)!,
    }).run();
  let begun = 0;
  return Object.freeze({
    run: async (rows: readonly Row[], after: (verdict: Verdict) => void = () => undefined) => {
      const verdicts: Verdict[] = [];
      for (let first = 0; first < rows.length; first += AT_ONCE) {
        const some = rows.slice(first, first + AT_ONCE);
        const done = await Promise.all(some.map((row) => runRow(row, resources[begun++]!)));
        done.forEach(after);
        verdicts.push(...done);
        workspace.emulator.clearRequests();
        workspace.emulator.clearFaults();
        workspace.host.clearLines();
      }
      return verdicts;
    },
    close: () => workspace.close(),
  });
};

/** Much of a row is the provider waiting, to be sure that what is gone is gone. */
const AT_ONCE = 12;

const LEAST = { computeTargetName: "aks-a", models: ["m:1"], cpuCores: 0.5, tags: { team: "risk" } };

class RowRun {
  readonly #emulator: Emulator;
  readonly #ownership: Ownership = openOwnership();
  readonly #a: PromisedStack;
  readonly #b: PromisedStack;
  readonly #deeds: Deed[] = [];
  readonly #findings: (Finding & { readonly deed: Deed })[] = [];
  /** What the program of A says beyond its hidden inputs. */
  #program: Json;

  constructor(
    workspace: TestWorkspace,
    private readonly hands: Hands,
    private readonly row: Row,
    private readonly service: string,
    private readonly hidden: { readonly A: Json; readonly B: Json },
  ) {
    this.#emulator = workspace.emulator;
    this.#program = { serviceName: service, ...LEAST, properties: { origin: "program" } };
    const open = (name: string, identity: Identity): PromisedStack =>
      openStack({
        ...{ name, emulator: this.#emulator, hands, service, host: () => workspace.host },
        called: () => ({ identity, resource: service }),
      });
    [this.#a, this.#b] = [open("A", A), open("B", B)];
  }

  async run(): Promise<Verdict> {
    const { row } = this;
    await this.#create();
    await this.#claim();
    await this.#edit();
    const during = await this.#putInState();
    if (row.refreshed) await this.#did(this.#a.refresh());
    await this.#operate(during);
    for (const stack of [this.#b, this.#a]) if (stack.state.resource) await this.#did(stack.destroy());
    if (await this.hands.live(this.service)) await this.hands.remove(this.service);
    return { row, deeds: this.#deeds, findings: this.#findings };
  }

  async #did(deed: Promise<Deed>): Promise<Deed> {
    const done = await deed;
    this.#deeds.push(done);
    this.#findings.push(...judge(done, this.#ownership).map((found) => ({ ...found, deed: done })));
    return done;
  }

  /** What leads to the row must come about, or the row would judge nothing. */
  async #prepared(deed: Promise<Deed>): Promise<void> {
    const { stack, error } = await deed;
    if (error !== undefined) throw new Error(`${nameOf(this.row)}: ${stack} cannot begin: ${error}`);
  }

  #up(more: Json = {}, during?: Beside): Promise<Deed> {
    const program = Object.entries({ ...this.#program, ...more });
    this.#program = Object.fromEntries(program.filter(([, value]) => value !== undefined));
    return this.#did(this.#a.up({ ...this.#program, ...this.hidden.A }, [], during));
  }

  #upOfB(more: Json = {}): Promise<Deed> {
    const program = { serviceName: this.service, ...LEAST, properties: { origin: "program" } };
    return this.#did(this.#b.up({ ...program, ...more, ...this.hidden.B }));
  }

  get #definition(): Json {
    return {
      ...{ name: this.service, computeType: "AKS", computeName: "aks-a" },
      environmentImageRequest: { modelIds: ["m:1"] },
      containerResourceRequirements: { cpu: 0.5 },
      kvTags: { team: "risk" },
      properties: { origin: "program" },
    };
  }

  async #create(): Promise<void> {
    const { creator } = this.row;
    if (creator === "this program") await this.#prepared(this.#up());
    if (creator === "another stack") await this.#prepared(this.#upOfB());
    if (creator === "the Python client") await this.hands.deploy(this.#definition);
    if (creator !== "an older version") return;
    const older = olderState(A, this.service, this.#program, this.#emulator.workspaceId);
    await this.hands.deploy({ ...this.#definition, ...older.made });
    this.#a.state.resource = older.resource;
    this.#ownership.sent("A", {
      ...{ method: "POST", path: "/services", status: 202 },
      body: { properties: older.made.properties },
    });
  }

  async #claim(): Promise<void> {
    const { claimant } = this.row;
    if (claimant === "this program") await this.#prepared(this.#up({ adopt: true }));
    if (claimant === "another program") await this.#prepared(this.#upOfB({ adopt: true }));
    if (claimant !== "A, then B, then A") return;
    if (!this.#a.state.resource) await this.#prepared(this.#up({ adopt: true }));
    await this.#prepared(this.#upOfB({ adopt: true, description: "B's" }));
    // What says `adopt` already takes nothing back: it is removed, and said again.
    if (this.#program["adopt"] === true) await this.#prepared(this.#up({ adopt: undefined }));
    // With a difference, since what only says `adopt` makes no request.
    await this.#prepared(this.#up({ adopt: true, description: "A's" }));
  }

  async #edit(): Promise<void> {
    const { hands, service, row } = this;
    const live = (await hands.live(service))!;
    const marks = Object.entries(live["properties"] as Json).filter(([key]) => key.startsWith("pulumi-"));
    const again = { ...this.#definition, overwrite: true };
    if (row.edit === "setting changed")
      await hands.patch(service, [
        { op: "replace", path: "/containerResourceRequirements/cpu", value: 0.25 },
      ]);
    if (row.edit === "tag added")
      await hands.patch(service, [{ op: "add", path: "/kvTags/hand", value: "1" }]);
    if (row.edit === "property added")
      await hands.patch(service, [{ op: "add", path: "/properties/hand", value: "1" }]);
    if (row.edit === "stamps erased") await hands.deploy(again);
    if (row.edit === "deleted") await hands.remove(service);
    if (row.edit !== "stamp edited") return;
    const edited = marks.map(([key]) => [key, "edited by hand"] as const);
    const kept = edited.length > 0 ? edited : [["pulumi-created-by", "written by hand"] as const];
    await hands.deploy({ ...again, properties: { origin: "program", ...Object.fromEntries(kept) } });
  }

  /** @returns what happens beside the operation */
  async #putInState(): Promise<Beside | undefined> {
    const { hands, service, row } = this;
    const path = `/services/${service}$`;
    const timeout = [{ op: "replace", path: "/scoringTimeoutMs", value: 30_000 }];
    if (row.state === "Healthy") return undefined;
    if (row.state === "Transitioning") {
      const operation = this.#emulator.gate({ method: "PATCH", path, holds: "operation" });
      await hands.patch(service, timeout);
      const { operationId } = (await hands.live(service))!;
      return this.#whileRunning(operation, String(operationId));
    }
    this.#emulator.addFault({
      method: "PATCH",
      path,
      operation: { outcome: "failed", serviceState: row.state },
    });
    if (row.operation !== "repair") return void (await hands.patch(service, timeout));
    await this.#up({ scoringTimeoutMs: 30_000 });
    return undefined;
  }

  /** Lets the operation end only once the command has seen that it runs, and does the next thing. */
  #whileRunning(operation: Gate, operationId: string): Beside {
    return async (running) => {
      const look = this.#emulator.gate({ path: `/services/${this.service}$` });
      await Promise.race([look.reached, running]);
      const next = this.#emulator.gate({ path: `/services/${this.service}$|/operations/${operationId}$` });
      look.open();
      await Promise.race([next.reached, running]);
      operation.open();
      next.open();
    };
  }

  async #operate(during: Beside | undefined): Promise<void> {
    const { operation } = this.row;
    const changes: Readonly<Record<string, Json>> = {
      change: { cpuCores: 0.75 },
      "no change": {},
      tags: { tags: { team: "risk", release: "2" } },
      replace: { computeTargetName: "aks-b" },
      repair: {},
    };
    if (operation === "destroy") await this.#did(this.#a.destroy(during));
    else await this.#up(changes[operation], during);
  }
}

export interface Summary {
  readonly rows: number;
  /** Requests that change something. */
  readonly sent: number;
  readonly excluded: Readonly<Record<string, number>>;
  /** Rows with a finding, by the promise that is broken. */
  readonly broken: Readonly<Record<Finding["promise"], number>>;
}

export const summary = (verdicts: readonly Verdict[]): Summary => ({
  rows: verdicts.length,
  sent: verdicts.flatMap(({ deeds }) => deeds.flatMap((deed) => deed.sent)).length,
  excluded: table().excluded,
  broken: Object.fromEntries(
    promises.map((promise) => [
      promise,
      verdicts.filter(({ findings }) => findings.some((each) => each.promise === promise)).length,
    ]),
  ) as Summary["broken"],
});

export const shownSummary = ({ rows, sent, excluded, broken }: Summary): string =>
  [
    `${rows} of ${table().rows.length} rows, ${sent} requests that change something`,
    ...Object.entries(excluded).map(([reason, count]) => `  excluded ${count}: ${reason}`),
    ...Object.entries(broken).map(([promise, count]) => `  rows with something ${promise}: ${count}`),
  ].join("\n");

/** What the preview said, what was sent and what is live, command by command. */
export const shownVerdict = ({ row, deeds, findings }: Verdict): string =>
  [
    nameOf(row),
    ...deeds.flatMap(shownDeed).map((line) => `    ${line}`),
    ...findings.map(
      ({ promise, what, deed }) => `  BROKEN ${deed.command} of ${deed.stack}: ${promise}: ${what}`,
    ),
  ].join("\n");
