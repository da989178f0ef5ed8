import { safeText } from "./safe-text";

/** Stable names of what can go wrong; programs and documentation refer to them. */
export type ErrorCode =
  | "BadRequest"
  | "Unauthorized"
  | "Forbidden"
  | "NotFound"
  | "Conflict"
  | "OperationInProgress"
  | "Throttled"
  | "ServerError"
  | "UnexpectedStatus"
  | "UnexpectedAnswer"
  | "NotJson"
  | "GatewayPage"
  | "Unreachable"
  | "ConnectionLost"
  | "TlsFailed"
  | "NoAnswer"
  | "TimedOut"
  | "Interrupted"
  | "OutcomeUnknown"
  | "WorkspaceNotFound"
  | "DiscoveryFailed"
  | "ForeignAddress"
  | "BadSettings"
  | "NoCredential"
  | "CredentialRefused"
  | "OperationLost"
  | "OperationFailed"
  | "UploadRefused"
  | "Overloaded"
  | "ModelFailed";

/** What each kind of failure leaves for the user to do, when the caller knows nothing better. */
const defaultAdvice: Readonly<Record<ErrorCode, string>> = Object.freeze({
  BadRequest: "Correct the setting that the service names, then run again.",
  Unauthorized: "Sign in again, or set AZUREML_ACCESS_TOKEN or the ARM_* variables.",
  Forbidden:
    "Give the identity a role on the workspace that allows this (for example AzureML Data Scientist).",
  NotFound: "Check the name, or run `pulumi refresh` if it was deleted outside Pulumi.",
  Conflict: "Choose another serviceName, or set `adopt: true` to take over the existing service.",
  OperationInProgress: "Wait until the running operation has ended, then run again.",
  Throttled: "Wait a little, then run again, with a lower --parallel if it happens often.",
  ServerError: "Run again; if it happens again, give the request id to Azure support.",
  UnexpectedStatus: "Run again; if it happens again, give the request id to Azure support.",
  UnexpectedAnswer: "Check that the address is an Azure ML workspace; if it is, report the request id.",
  NotJson: "Check that the address is an Azure ML workspace and that no gateway answers in its place.",
  GatewayPage:
    "A gateway, proxy or sign-in page answered instead of Azure ML: check the network path and NO_PROXY.",
  Unreachable:
    "Check the network, DNS, HTTPS_PROXY, the firewall and, for a private workspace, that this machine is in its network.",
  ConnectionLost: "Run again; the connection broke while the request was under way.",
  TlsFailed:
    "Check the address; where a company certificate authority signs traffic, set NODE_EXTRA_CA_CERTS to its PEM file.",
  NoAnswer: "Check the network and run again; the service took the request and did not answer in time.",
  TimedOut: "Run again to carry on, or raise the resource's customTimeouts.",
  Interrupted: "Run again to carry on.",
  OutcomeUnknown: "Look at the service first, then run again.",
  WorkspaceNotFound:
    "Check azureml:workspaceId (or subscriptionId, resourceGroupName and workspaceName) and that the identity can read it.",
  DiscoveryFailed:
    "Check the discovery URL; unset AZUREML_DISCOVERY_URL and azureml:discoveryUrl to ask ARM for it.",
  ForeignAddress:
    "The answer points away from the workspace's own hosts; nothing was sent there. Check the discovery URL.",
  BadSettings: "Correct the setting, then run again.",
  NoCredential: "Sign in.",
  CredentialRefused: "Renew the credential.",
  OperationLost: "Run `pulumi refresh` to see what became of it, then `pulumi up`.",
  UploadRefused:
    "Run again; if it happens again, allow this machine in the network rules of the workspace's storage account.",
  OperationFailed: "Read the logs, correct the cause, then run again.",
  Overloaded: "Send fewer requests at a time, or raise autoscaleMaxReplicas or replicaMaxConcurrentRequests.",
  ModelFailed: "Read the container log of the service: its scoring script refused or failed on this input.",
});

/** What is known of a failure beside its code. */
export interface Failure {
  /** What could not be done, as verb and resource: `create service "fraud"`. */
  readonly action: string;
  readonly code: ErrorCode;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly operationId?: string | undefined;
  /** The service's own code, message and inner errors in one line, or what was expected and found. */
  readonly detail?: string | undefined;
  /** One sentence on what to do next; default: by code. */
  readonly advice?: string | undefined;
  /** The request may or may not have taken effect. Default false. */
  readonly ambiguous?: boolean | undefined;
}

/** The service's words may hold what a terminal would obey. */
const safe = safeText([]);

const facts = (failure: Failure): string =>
  [
    failure.status === undefined ? undefined : `HTTP ${failure.status}`,
    failure.operationId ? `operation ${failure.operationId}` : undefined,
    failure.requestId ? `request ${failure.requestId}` : undefined,
  ]
    .filter((fact) => fact !== undefined)
    .join(", ");

function sentence(failure: Failure, advice: string): string {
  const known = facts(failure);
  const head = `Cannot ${failure.action}: ${failure.code}${known ? ` (${known})` : ""}.`;
  return [head, failure.detail, advice].filter(Boolean).join("\n");
}

/** A failure of the service, the credential or the network. No stack in what users see, no secret in any member. */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  readonly status?: number;
  readonly requestId?: string;
  /** The operation that the failure belongs to, where there is one. */
  readonly operationId?: string;
  /** The service's code and message with its inner errors, in one line. */
  readonly detail?: string;
  /** One sentence on what to do next. */
  readonly advice: string;
  /** True when the request may have taken effect all the same. */
  readonly ambiguous: boolean;

  constructor(failure: Failure) {
    const advice = failure.advice ?? defaultAdvice[failure.code];
    super(safe(sentence(failure, advice)));
    this.name = "ServiceError";
    this.code = failure.code;
    this.advice = advice;
    this.ambiguous = failure.ambiguous ?? false;
    if (failure.status !== undefined) this.status = failure.status;
    if (failure.requestId) this.requestId = failure.requestId;
    if (failure.operationId) this.operationId = failure.operationId;
    if (failure.detail) this.detail = safe(failure.detail);
    // Pulumi's dynamic host prints the stack of whatever is thrown; a user can do nothing with ours.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** The error for a request that must not be sent twice and whose outcome is not known. */
export function outcomeUnknown(
  error: ServiceError,
  action: string,
  possibility = "It may have taken effect all the same.",
): ServiceError {
  return new ServiceError({
    action,
    code: "OutcomeUnknown",
    status: error.status,
    requestId: error.requestId,
    detail: `${possibility} ${error.detail ?? ""}`.trim(),
    ambiguous: true,
  });
}
