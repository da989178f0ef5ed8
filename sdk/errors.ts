/** What can go wrong between a function and the service; each is explained in docs/troubleshooting.md. */
export type ServiceErrorCode =
  | "BadRequest"
  | "BadSettings"
  | "Conflict"
  | "ConnectionLost"
  | "CredentialRefused"
  | "DiscoveryFailed"
  | "Forbidden"
  | "ForeignAddress"
  | "GatewayPage"
  | "Interrupted"
  | "ModelFailed"
  | "NoAnswer"
  | "NoCredential"
  | "NotFound"
  | "NotJson"
  | "OperationFailed"
  | "OperationInProgress"
  | "OperationLost"
  | "OutcomeUnknown"
  | "Overloaded"
  | "ServerError"
  | "Throttled"
  | "TimedOut"
  | "TlsFailed"
  | "Unauthorized"
  | "UnexpectedAnswer"
  | "UnexpectedStatus"
  | "Unreachable"
  | "UploadRefused"
  | "WorkspaceNotFound";

/** Why a call was refused before, or in spite of, an answer of the service. */
export type CallErrorCode =
  | "BadAddress"
  | "BadArgument"
  | "BadConfiguration"
  | "BadInput"
  | "ClockSkew"
  | "EmptyInput"
  | "Immutable"
  | "NoContainers"
  | "NotDuringPreview";

/** What is known of a failure of the service. */
type ServiceFailure = Omit<ServiceError, "name">;

/** A failure of the service, the credential or the way to it. The message says what to do next. */
export class ServiceError extends Error {
  readonly code: ServiceErrorCode;
  /** Status of the HTTP response, where there was one. */
  readonly status?: number | undefined;
  /** The service's own name of the request, which Azure's support asks for. */
  readonly requestId?: string | undefined;
  /** The operation that the failure belongs to, where there is one. */
  readonly operationId?: string | undefined;
  /** The service's code and message with its inner errors, in one line. */
  readonly detail?: string | undefined;
  /** One sentence on what to do next. */
  readonly advice: string;
  /** True when the request may have taken effect all the same. */
  readonly ambiguous: boolean;

  /** @internal */
  constructor(failure: ServiceFailure) {
    super(failure.message);
    this.name = "ServiceError";
    this.code = failure.code;
    this.status = failure.status;
    this.requestId = failure.requestId;
    this.operationId = failure.operationId;
    this.detail = failure.detail;
    this.advice = failure.advice;
    this.ambiguous = failure.ambiguous;
    if (failure.stack !== undefined) this.stack = failure.stack;
  }
}

/** A call that cannot be made or answered as asked. The message says what was expected, what was found and what to do. */
export class CallError extends Error {
  readonly code: CallErrorCode;

  /** @internal */
  constructor(refusal: Omit<CallError, "name">) {
    super(refusal.message);
    this.name = "CallError";
    this.code = refusal.code;
    if (refusal.stack !== undefined) this.stack = refusal.stack;
  }
}

/** The provider is loaded by name, and so may be another copy than a bundle holds: its errors are told by their names. */
const ownError = (error: unknown): unknown => {
  const { name } = (error ?? {}) as { readonly name?: unknown };
  if (name === "ServiceError") return new ServiceError(error as ServiceFailure);
  if (name === "CallError") return new CallError(error as CallError);
  return error;
};

type Call = (...given: readonly unknown[]) => unknown;

const rethrow = (error: unknown): never => {
  throw ownError(error);
};

const catchable =
  (call: Call): Call =>
  (...given) => {
    try {
      const answer = call(...given);
      return answer instanceof Promise ? answer.catch(rethrow) : answer;
    } catch (error) {
      return rethrow(error);
    }
  };

/** The same functions, whose errors are of the classes that this package exports, so that a program can catch them. */
export const withOwnErrors = <Functions extends object>(functions: Functions): Functions =>
  Object.fromEntries(
    Object.entries(functions).map(([name, member]: [string, unknown]) => [
      name,
      typeof member === "function" ? catchable(member as Call) : member,
    ]),
  ) as Functions;
