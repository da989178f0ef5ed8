import { roles, type Measured } from "./processes";
import { kinds, verbs, type Kind, type Life, type Verb } from "./life";

/** What a figure may be at most. A ratio is one of processor time: that of a busy machine's clock would tell of the others. */
export interface Budget {
  readonly name: string;
  readonly figure: number;
  readonly limit: number;
  /** How much two runs of the same differ, as far as the figure depends on time. */
  readonly noise: number;
}

export const isMissed = ({ figure, limit, noise }: Budget): boolean => figure - noise > limit;

interface Timed {
  readonly ratios: Readonly<Record<Verb, number>>;
  /** The provider's own process in a first up, of the no-op's. */
  readonly provider: number;
}

/** Of 300 services and more. */
const MANY: Timed = {
  ratios: {
    ...{ "first up": 1.1, preview: 1.02, "unchanged up": 1.02 },
    // A refresh and a destroy run no program, so that requests stand beside nothing: two for each service, and four.
    ...{ update: 1.1, refresh: 1.7, destroy: 1.35 },
  },
  provider: 3.2,
};

/** Of fewer: what the provider's process takes to start, and to run anything for the first time, is most of its time. */
const FEW: Timed = {
  ratios: {
    ...{ "first up": 1.25, preview: 1.02, "unchanged up": 1.02 },
    // The rehearsal writes no state, so that the requests of a destroy stand beside less than under the CLI.
    ...{ update: 1.2, refresh: 1.5, destroy: 2.1 },
  },
  provider: 2.4,
};

const limitsOf = (services: number): Timed => (services >= 300 ? MANY : FEW);

/** Of each service; polls of operations and discovery left out. */
const REQUESTS: Readonly<Record<Verb, number>> = {
  "first up": 3,
  preview: 0,
  "unchanged up": 0,
  update: 4,
  refresh: 2,
  // Whose it is, the request, and that it is gone: a 404 counts only when it is confirmed.
  destroy: 4,
};

/** What a run asks once, whatever the number of services. */
const ONCE = 1;

const STATE = 0.3;
const GROWTH = 1.05;
/** The modules are one file; what is left is Node.js reading it, and its tables. */
export const LOAD = 0.8;

/** What does not depend on time: the same at every run. */
export function countedBudgets(lives: readonly Life[]): readonly Budget[] {
  const [ours, usual] = [bestOf(lives, "ours"), bestOf(lives, "usual")];
  if (!ours) return [];
  const requests = verbs.map((verb) => ({
    name: `requests of a service, ${verb}`,
    figure: ours.requests[verb],
    limit: REQUESTS[verb] + (REQUESTS[verb] > 0 ? ONCE / ours.services : 0),
    noise: 0,
  }));
  if (!usual) return requests;
  const figure = ours.stateBytes / usual.stateBytes;
  return [...requests, { name: "state, of the usual way's", figure, limit: STATE, noise: 0 }];
}

/** What the clock of the processor tells, beside a provider that only answers. */
export function timedBudgets(lives: readonly Life[]): readonly Budget[] {
  const counts = countsIn(lives);
  const [fewest, most] = [counts[0]!, counts.at(-1)!];
  const at = (kind: Kind, count: number): readonly Life[] =>
    lives.filter((life) => life.kind === kind && life.services === count);
  const ratios = verbs.map((verb) => {
    const [ours, same] = [at("ours", most), at("same", most)].map((runs) =>
      runs.map((life) => total(life.took[verb])),
    );
    const noise = Math.max(spread(ours!), spread(same!));
    return {
      name: `${verb}, of the no-op's`,
      figure: least(ours!) / least(same!),
      limit: limitsOf(most).ratios[verb],
      noise,
    };
  });
  const [own, floor] = (["ours", "same"] as const).map((kind) =>
    at(kind, most).map(({ took }) => took["first up"].used.provider.cpuMs),
  );
  const provider = {
    name: "provider in a first up, of the no-op's",
    figure: least(own!) / least(floor!),
    limit: limitsOf(most).provider,
    noise: Math.max(spread(own!), spread(floor!)),
  };
  if (fewest === most) return [...ratios, provider];
  const grown = (kind: Kind): number => {
    const [few, many] = [fewest, most].map((count) =>
      least(at(kind, count).map((life) => total(life.took["first up"]))),
    );
    return many! / few!;
  };
  const growth = {
    name: `growth of the first up from ${fewest} to ${most}, of the no-op's`,
    figure: grown("ours") / grown("same"),
    limit: GROWTH,
    noise: ratios[0]!.noise,
  };
  return [...ratios, provider, growth];
}

const total = ({ used }: Measured): number => roles.reduce((sum, role) => sum + used[role].cpuMs, 0);

const least = (values: readonly number[]): number => Math.min(...values);

const spread = (values: readonly number[]): number => (Math.max(...values) - least(values)) / least(values);

const countsIn = (lives: readonly Life[]): readonly number[] =>
  [...new Set(lives.map(({ services }) => services))].sort((a, b) => a - b);

const bestOf = (lives: readonly Life[], kind: Kind): Life | undefined =>
  lives.filter((life) => life.kind === kind).at(-1);

const shown = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));

export const budgetLine = (budget: Budget): string => {
  const noise = budget.noise > 0 ? `, noise ${shown(budget.noise)}` : "";
  return `${isMissed(budget) ? "MISSED" : "ok    "} ${budget.name}: ${shown(budget.figure)} (at most ${shown(budget.limit)}${noise})`;
};

/** The runs as a table: of each kind and operation the least processor time and the most memory. */
export function tableOf(lives: readonly Life[]): readonly string[] {
  const rows = countsIn(lives).flatMap((count) =>
    verbs.flatMap((verb) =>
      kinds.flatMap((kind) => {
        const runs = lives.filter((life) => life.kind === kind && life.services === count);
        return runs.length > 0 ? [rowOf(runs, verb)] : [];
      }),
    ),
  );
  const head = [
    "services",
    "operation",
    "kind",
    "wall s",
    ...roles.map((role) => `${role} s, MB`),
    "requests",
  ];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

function rowOf(runs: readonly Life[], verb: Verb): readonly string[] {
  const { kind, services, requests } = runs[0]!;
  const took = runs.map((life) => life.took[verb]);
  const used = roles.map((role) => {
    const [cpu, peak] = [
      least(took.map((one) => one.used[role].cpuMs)),
      least(took.map((one) => one.used[role].peakMb)),
    ];
    return peak === 0 ? "–" : `${(cpu / 1000).toFixed(2)}, ${peak.toFixed(0)}`;
  });
  const wall = (least(took.map(({ wallMs }) => wallMs)) / 1000).toFixed(1);
  return [String(services), verb, kind, wall, ...used, requests[verb].toFixed(2)];
}
