import { validateHeaderName, validateHeaderValue } from "node:http";
import type { ErrorDocument } from "./errors";
import { checkMembers, isObject, text, type Rule } from "./json";
import type { Outcome } from "../operations/operation";

/**
 * Trouble on demand. A rule takes the next `times` requests that match `method` and `path`, and does all of what it
 * names: waits `latency`, cuts the connection, answers `status`, or makes the operation that the request begins end
 * as `operation` says.
 */
export interface FaultRule {
  /** Any method when it is absent. */
  readonly method?: string;
  /** A regular expression for the decoded path, without the query. Any path when it is absent. */
  readonly path?: string;
  /** How many requests it takes; 1 when absent. */
  readonly times?: number;
  /** Milliseconds before the request is handled. */
  readonly latency?: number;
  /** Answer with this status instead of handling the request. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a text that is sent as it is (as HTML when it begins with `<`). An error document when absent. */
  readonly body?: unknown;
  /** Adds `Retry-After` with this many seconds. */
  readonly retryAfter?: number;
  /** How `Retry-After` is written; `seconds` when absent. */
  readonly retryAfterAs?: "seconds" | "date";
  /** Destroy the connection before the request is handled. */
  readonly cutBefore?: boolean;
  /** Handle the request, then destroy the connection instead of answering. */
  readonly cutAfter?: boolean;
  /** How the operation that the request begins ends. */
  readonly operation?: OperationFault;
}

export interface OperationFault {
  /** `crashLoop`: the operation succeeds, the service does not become Healthy. */
  readonly outcome: "failed" | "cancelled" | "timedOut" | "stuck" | "lost" | "unknownState" | "crashLoop";
  /** For unknownState: the word shown; `Paused` when absent. */
  readonly state?: string;
  /** The service's state afterwards: `Failed` for a failure, `Unhealthy` for a crash loop when absent. */
  readonly serviceState?: "Failed" | "Unhealthy" | "Unschedulable";
  readonly error?: ErrorDocument;
  /** The phase that fails; DeployService when absent. */
  readonly phase?: "BuildEnvironment" | "BuildImage" | "DeployService";
  /** Lines added to the operation's log. */
  readonly log?: readonly string[];
  /** The text that the service's container has logged. */
  readonly containerLog?: string;
}

const count: Rule = { expected: "a count", holds: (v) => Number.isSafeInteger(v) && (v as number) >= 0 };
const flag: Rule = { expected: "a boolean", holds: (v) => typeof v === "boolean" };
const object: Rule = { expected: "a object", holds: isObject };

const members: Readonly<Record<keyof FaultRule, Rule>> = {
  method: text,
  path: text,
  times: count,
  latency: count,
  status: count,
  headers: object,
  body: { expected: "anything", holds: () => true },
  retryAfter: count,
  retryAfterAs: text,
  cutBefore: flag,
  cutAfter: flag,
  operation: object,
};

const outcomes = ["failed", "cancelled", "timedOut", "stuck", "lost", "unknownState", "crashLoop"];

/** An answer that cannot be sent would be a cut connection, which another member asks for. */
function checkAnswer({ status = 200, headers = {}, body }: FaultRule): void {
  if (status < 200 || status > 999) throw new Error(`status: expected 200 to 999, found ${status}`);
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  JSON.stringify(body);
}

/** Reads a rule. Throws with what was expected where it is not one. */
export function parseFaultRule(value: unknown): FaultRule {
  if (!isObject(value)) throw new Error(`expected an object, found ${JSON.stringify(value)}`);
  checkMembers(value, members);
  const rule = value as FaultRule;
  new RegExp(rule.path ?? "");
  checkAnswer(rule);
  if (rule.operation !== undefined && !outcomes.includes(rule.operation.outcome))
    throw new Error(
      `operation.outcome: expected ${outcomes.join(", ")}, found ${JSON.stringify(rule.operation.outcome)}`,
    );
  return rule;
}

const crash: ErrorDocument = {
  code: "KubernetesDeploymentFailed",
  statusCode: 400,
  message: "Kubernetes Deployment failed",
  details: [
    {
      code: "CrashLoopBackOff",
      message:
        "Your container application crashed. This may be caused by errors in your scoring file's init() function.",
    },
  ],
};

const buildFailed: ErrorDocument = {
  code: "ImageBuildFailed",
  statusCode: 400,
  message: "The image build failed",
  details: [
    { code: "EnvironmentBuildFailed", message: "The build ended with exit code 1; see the operation's log." },
  ],
};

const crashLog = [
  "Traceback (most recent call last):",
  '  File "score.py", line 5, in init',
  "RuntimeError: the model could not be loaded",
].join("\n");

const isBuild = ({ phase }: OperationFault): boolean =>
  phase === "BuildImage" || phase === "BuildEnvironment";

/** What a failure tells that the rule leaves out. */
const told = (fault: OperationFault): Partial<Outcome> => ({
  error: fault.error ?? (isBuild(fault) ? buildFailed : crash),
  ...(isBuild(fault) ? {} : { containerLog: crashLog }),
  ...given(fault),
});

/** What the rule itself tells. */
const given = ({ error, log, containerLog, phase }: OperationFault): Partial<Outcome> => ({
  ...(error === undefined ? {} : { error }),
  ...(log === undefined ? {} : { log }),
  ...(containerLog === undefined ? {} : { containerLog }),
  ...(phase === undefined ? {} : { phase }),
});

/** How the operation ends that begins with a request that met this fault. */
export function outcomeOfFault(fault: OperationFault): Outcome {
  const { outcome, state = "Paused", serviceState } = fault;
  if (outcome === "unknownState") return { result: "unknown", state, ...given(fault) };
  if (outcome === "crashLoop")
    return { result: "succeeded", serviceState: serviceState ?? "Unhealthy", ...told(fault) };
  if (outcome === "failed")
    return { result: "failed", serviceState: serviceState ?? "Failed", ...told(fault) };
  const ends = outcome === "cancelled" || outcome === "timedOut";
  return {
    result: outcome,
    ...(ends && serviceState !== undefined ? { serviceState } : {}),
    ...given(fault),
  };
}
