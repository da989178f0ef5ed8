import { checkMembers, isObject, text, typeName, type Rule } from "./json";
import type { Operation, Phase } from "../operations/operation";

/**
 * Stops one request that matches `method` and `path`, or the operation that it begins, until the gate is opened. So a
 * test decides what happens meanwhile, and no time does.
 */
export interface GateRule {
  /** Any method when it is absent. */
  readonly method?: string;
  /** A regular expression for the decoded path, without the query. Any path when it is absent. */
  readonly path?: string;
  /** `request` (when absent): it has arrived and is not handled yet. `operation`: it is answered, its operation waits. */
  readonly holds?: "request" | "operation";
  /** The phase that the operation waits in; its first when absent. */
  readonly phase?: Phase;
}

/** A gate in the hands of a test. */
export interface Gate {
  /** Resolves when what the gate stops has arrived. */
  readonly reached: Promise<void>;
  /** Lets it go on. A gate that nothing has reached stops nothing any more. */
  open(): void;
}

/** A gate as the control route lists it. */
export interface ListedGate extends GateRule {
  readonly id: string;
  readonly reached: boolean;
}

/** Stops the operation that a call begins. */
export interface OperationGate {
  readonly phase: Phase | undefined;
  /** Whether the operation waits; it does not when another one got to the gate first. */
  stops(operation: Operation): boolean;
}

/** What the gates do with a request. */
export interface Passage {
  /** False when the emulator closed while the request waited. */
  readonly goesOn: boolean;
  readonly operationGate?: OperationGate;
}

export interface Gates {
  add(rule: GateRule): Gate & { readonly id: string };
  pass(method: string, path: string): Promise<Passage>;
  /** The gates that are not open. */
  all(): readonly ListedGate[];
  /** Opens the gate with this id; false when there is none. */
  open(id: string): boolean;
  openAll(): void;
  /** The requests that still wait are never handled. */
  close(): void;
}

interface Standing {
  readonly id: string;
  readonly rule: GateRule;
  readonly pattern: RegExp;
  /** The request or operation that it stops has arrived; it stops no other. */
  reached: boolean;
  operation?: string;
  readonly arrive: () => void;
  readonly goOn: (handled: boolean) => void;
  readonly passed: Promise<boolean>;
}

/** @param release lets an operation go on */
export function makeGates(release: (operation: string) => void): Gates {
  const standing = new Map<string, Standing>();
  let made = 0;

  const open = (id: string): boolean => {
    const gate = standing.get(id);
    standing.delete(id);
    gate?.goOn(true);
    if (gate?.operation !== undefined) release(gate.operation);
    return gate !== undefined;
  };

  const add = (rule: GateRule): Gate & { readonly id: string } => {
    const id = String((made += 1));
    const [arrival, passage] = [signal<void>(), signal<boolean>()];
    standing.set(id, {
      id,
      rule,
      pattern: new RegExp(rule.path ?? ""),
      reached: false,
      arrive: () => arrival.resolve(),
      goOn: passage.resolve,
      passed: passage.promise,
    });
    return { id, reached: arrival.promise, open: () => void open(id) };
  };

  const reach = (gate: Standing): void => {
    gate.reached = true;
    gate.arrive();
  };

  /** A request that begins no operation does not use up a gate for one. */
  const operationGate = (gate: Standing): OperationGate => ({
    phase: gate.rule.phase,
    stops(operation) {
      if (gate.reached || !standing.has(gate.id)) return false;
      gate.operation = operation.id;
      reach(gate);
      return true;
    },
  });

  const pass = async (method: string, path: string): Promise<Passage> => {
    const gate = [...standing.values()].find(
      ({ rule, pattern, reached }) =>
        !reached && (rule.method ?? method).toUpperCase() === method && pattern.test(path),
    );
    if (gate === undefined) return { goesOn: true };
    if (gate.rule.holds === "operation") return { goesOn: true, operationGate: operationGate(gate) };
    reach(gate);
    return { goesOn: await gate.passed };
  };

  return {
    add,
    pass,
    open,
    openAll: () => [...standing.keys()].forEach(open),
    all: () => [...standing.values()].map(({ id, rule, reached }) => ({ id, ...rule, reached })),
    close: () => standing.forEach((gate) => gate.goOn(false)),
  };
}

/** A promise that is resolved from elsewhere. */
function signal<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const phases: readonly unknown[] = ["BuildEnvironment", "BuildImage", "DeployService"] satisfies Phase[];

const members: Readonly<Record<keyof GateRule, Rule>> = {
  method: text,
  path: text,
  holds: { expected: "request or operation", holds: (v) => v === "request" || v === "operation" },
  phase: { expected: phases.join(", "), holds: (v) => phases.includes(v) },
};

/** Reads a gate. Throws with what was expected where it is not one. */
export function parseGateRule(value: unknown): GateRule {
  if (!isObject(value)) throw new Error(`expected an object, found ${typeName(value)}`);
  checkMembers(value, members);
  const rule = value as GateRule;
  new RegExp(rule.path ?? "");
  if (rule.phase !== undefined && rule.holds !== "operation")
    throw new Error('phase: only an operation has one; add "holds": "operation"');
  return rule;
}
