import { startEmulator } from "../../emulator/index";
import { openStack, type Run, type Stack } from "./engine";
import { NAME, type Fault } from "./faults";
import { openAgent } from "./http";
import { lookBefore, wrongAtEnd, wrongStored, wrongTexts, type Outcome } from "./invariants";
import { startProvider } from "./provider";
import { BYSTANDER, DEADLINES, type Scenario } from "./scenarios";
import { openSockets } from "./sockets";
import { virtualClock } from "./virtual-clock";
import { openWire, type Place, type Wire, type WireParts } from "./wire";
import { openWitness } from "./witness";

/** One fault at one request of what one program does; without a fault, the run that shows which requests there are. */
export interface Cell {
  readonly scenario: Scenario;
  readonly at?: Place;
  readonly fault?: Fault;
}

export interface Verdict {
  readonly cell: string;
  /** `hand`: the next `pulumi up` alone does not end it, but what the error says does. */
  readonly kind: "recovered" | "hand" | "wrong";
  /** The kind of hand that it took: the code of the error, and the command. */
  readonly hand?: string;
  readonly findings: readonly string[];
  /** The first run: its error, what it sent beyond polls, and how long it took on the virtual clock. */
  readonly error?: string;
  readonly requests: number;
  readonly seconds: number;
  readonly places: readonly Place[];
}

export const nameOf = ({ scenario, at, fault }: Cell): string =>
  `${scenario.name} / ${at ? `${at.kind}#${at.nth}` : "-"} / ${fault?.name ?? "no fault"}`;

const MOST_REQUESTS = 20;
const GRACE_MS = 10_000;
const OPERATION_MS = 3_000;
/** In real time: whoever has not ended by then waits for something that never comes. */
const HANGS_AFTER_MS = 120_000;

/** Runs a cell from an empty workspace to its verdict; with `real`, over connections that really break. */
export async function runCell(cell: Cell, real?: "sockets"): Promise<Verdict> {
  const [clock, agent] = [virtualClock(), openAgent()];
  const emulator = await startEmulator({ clock, operationTime: OPERATION_MS });
  const witness = openWitness(emulator, clock, agent);
  const sockets = real && (await openSockets({ emulator, clock, agent }));
  const parts: WireParts = { emulator, clock, agent, witness, ...(sockets ? { sockets } : {}) };
  try {
    return await orHangs(judge(cell, parts), nameOf(cell));
  } finally {
    agent.destroy();
    await sockets?.close();
    await emulator.close();
  }
}

const orHangs = async (verdict: Promise<Verdict>, cell: string): Promise<Verdict> => {
  let timer: NodeJS.Timeout | undefined;
  const hung = new Promise<Verdict>((resolve) => {
    const findings = ["a call is never answered"];
    const seen = { requests: 0, seconds: 0, places: [] };
    timer = setTimeout(() => resolve({ cell, kind: "wrong", findings, ...seen }), HANGS_AFTER_MS);
  });
  return Promise.race([verdict, hung]).finally(() => clearTimeout(timer));
};

/** A run of the engine, with what it took. */
interface Measured extends Run {
  readonly findings: readonly string[];
  readonly requests: number;
  readonly seconds: number;
  readonly places: readonly Place[];
}

async function judge(cell: Cell, parts: WireParts): Promise<Verdict> {
  const { scenario, fault } = cell;
  const { clock, witness, emulator } = parts;
  const wire = openWire(parts);
  const lines: string[] = [];
  const say = ({ text }: { text: string }): void => void lines.push(text);
  const stack = openStack(() => startProvider(scenario.kind, { ...parts, transport: wire.transport, say }));
  await prepare(scenario, parts, stack, wire);
  const before = await lookBefore(scenario, witness);
  emulator.clearRequests();

  const measured: Measure = async (run, meeting) => {
    wire.begin(meeting);
    const [start, lost] = [clock.now(), lines.length];
    const ended = await run();
    const elapsed = clock.now() - start;
    const limit = ended.verbs.reduce((sum, verb) => sum + (DEADLINES[verb] ?? 0) + GRACE_MS, 0);
    const secrets = [emulator.accessToken, ...secretsOf(scenario)];
    const texts = [...lines.slice(lost), ended.error?.message ?? ""];
    const findings = [
      ...(wire.beyondPolls() > MOST_REQUESTS ? [`${wire.beyondPolls()} requests beyond polls`] : []),
      ...(elapsed > limit ? [`took ${Math.round(elapsed / 1000)} s of ${limit / 1000}`] : []),
      ...wrongStored(ended.stored, secrets),
      ...wrongTexts(texts, secrets),
    ];
    const took = { requests: wire.beyondPolls(), seconds: Math.round(elapsed / 1000), places: wire.places() };
    return { ...ended, findings, ...took };
  };
  const act = (): Promise<Run> => acting(stack, scenario);

  const meeting = fault && cell.at && !fault.between ? { fault, at: cell.at } : undefined;
  const first = await measured(scenario.run === "refresh" ? () => stack.refresh() : act, meeting);
  const outcome: Outcome = { scenario, witness, stack, before, outsider: fault?.outsider };
  const early = await wrongAfterFirst(first, outcome, parts);
  emulator.clearFaults();
  await fault?.between?.(parts);
  clock.advance(1_000);

  const second = await measured(scenario.run === "refresh" ? () => refreshed(stack, scenario) : act);
  const seen = {
    cell: nameOf(cell),
    findings: [...first.findings, ...early, ...second.findings],
    ...(first.error ? { error: first.error.message.split("\n").slice(0, 2).join(" ") } : {}),
    requests: first.requests,
    seconds: first.seconds,
    places: first.places,
  };
  return afterSecond(seen, second, outcome, measured);
}

type Measure = (run: () => Promise<Run>, meeting?: Parameters<Wire["begin"]>[0]) => Promise<Measured>;

/** Whether the second run has ended it, or a refresh before a third one does (after its maker, where it is adopted). */
async function afterSecond(
  seen: Omit<Verdict, "kind">,
  second: Measured,
  outcome: Outcome,
  measured: Measure,
): Promise<Verdict> {
  const { stack, scenario } = outcome;
  const wrong = (findings: readonly string[]): Verdict => ({ ...seen, findings, kind: "wrong" });
  const still = await ended(second, outcome);
  if (still.length === 0) {
    const all = [...seen.findings, ...(await idle(measured, stack, scenario))];
    return all.length > 0 ? wrong(all) : { ...seen, kind: "recovered" };
  }
  const again = second.error && !outcome.outsider ? scenario.deployedAgain : undefined;
  await again?.(outcome.witness);
  const third = await measured(() => refreshed(stack, scenario));
  const left = await ended(third, outcome);
  const all = [...seen.findings, ...third.findings, ...(left.length > 0 ? [...left, ...still] : [])];
  const hand = again
    ? "adopted: its maker deploys it again"
    : `${second.error ? codeOf(second.error) : "changed outside"}: pulumi refresh`;
  return all.length > 0 ? wrong(all) : { ...seen, kind: "hand", hand };
}

const secretsOf = ({ program, before }: Scenario): readonly string[] =>
  [program, before].flatMap((values) =>
    ["primaryKey", "secondaryKey"].flatMap((name) =>
      values?.[name] === undefined ? [] : [String(values[name])],
    ),
  );

const acting = (stack: Stack, { run, program }: Scenario): Promise<Run> =>
  run === "destroy" ? stack.destroy() : stack.up(program);

const refreshed = async (stack: Stack, scenario: Scenario): Promise<Run> => {
  const read = await stack.refresh();
  if (read.error) return read;
  const run = await acting(stack, scenario);
  return { ...run, verbs: [...read.verbs, ...run.verbs], stored: [...read.stored, ...run.stored] };
};

async function prepare(scenario: Scenario, parts: WireParts, stack: Stack, wire: Wire): Promise<void> {
  const { witness } = parts;
  if (scenario.kind === "model") await witness.registerModel(BYSTANDER, "the bystander's");
  else
    await witness.createService({
      name: BYSTANDER,
      computeType: "AKS",
      computeName: "aks-prod",
      environmentImageRequest: { modelIds: ["other:1"] },
      kvTags: { team: "ops" },
    });
  await scenario.found?.(witness);
  if (!scenario.before) return;
  wire.begin();
  const { error } = await stack.up(scenario.before);
  if (error) throw new Error(`the cell cannot begin: ${error.message}`);
}

/** What one run may never do, whatever it met. */
async function wrongAfterFirst(
  first: Measured,
  outcome: Outcome,
  { emulator }: WireParts,
): Promise<readonly string[]> {
  const { scenario, stack, witness, outsider } = outcome;
  const deleted = emulator
    .requests()
    .filter(({ method, path }) => method === "DELETE" && /\/(services|models)\//.test(path))
    .map(({ path }) => path.split("/").at(-1)!);
  const mayDelete = scenario.run === "destroy" || scenario.name.includes("replace");
  const stray = outsider ? [] : deleted.filter((name) => !mayDelete || name.startsWith(BYSTANDER));
  const findings = stray.map((name) => `deleted ${name}, which nobody asked for`);
  const found =
    scenario.kind === "service" ? await witness.services() : (await witness.models()).map((m) => m.document);
  const there = found.some((each) => each["name"] === NAME);
  const forgotten =
    scenario.run !== "up" && there && stack.state.resource === undefined && outsider === undefined;
  if (forgotten) findings.push(`${scenario.run} lost it: the state has forgotten what is there`);
  if (first.error || outsider || forgotten || scenario.run === "refresh") return findings;
  return [...findings, ...(await wrongAtEnd(outcome)).map((what) => `success was claimed, but ${what}`)];
}

const ended = async (run: Measured, outcome: Outcome): Promise<readonly string[]> =>
  run.error ? [run.error.message] : wrongAtEnd(outcome);

/** When all is as asked, one more run asks for nothing. */
async function idle(measured: Measure, stack: Stack, scenario: Scenario): Promise<readonly string[]> {
  const { verbs, error } = await measured(() => acting(stack, scenario));
  if (error) return [`one more run fails: ${error.message}`];
  return verbs.length > 0 ? [`one more run calls ${verbs.join(", ")}`] : [];
}

const codeOf = ({ message }: Error): string =>
  /^(?:Cannot .*?: )?([A-Z]\w+)[:.( ]/.exec(message)?.[1] ?? "no code";
