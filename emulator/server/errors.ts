import { randomUUID } from "node:crypto";

/** One line of an error's `details`. */
export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
  /** What is behind it, to any depth. */
  readonly details?: readonly ErrorDetail[];
}

/** The error document of the model-management API. */
export interface ErrorDocument {
  readonly code: string;
  readonly statusCode: number;
  readonly message: string;
  readonly details: readonly ErrorDetail[];
  readonly correlation?: Readonly<Record<string, string>>;
}

/** Thrown by a handler; the server answers it as an error document with this status. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: readonly ErrorDetail[] = [],
  ) {
    super(message);
  }
}

const withDetail = (status: number, code: string) => (detail: string, message: string, target?: string) =>
  new ApiError(status, code, message, [
    { code: detail, message, ...(target === undefined ? {} : { target }) },
  ]);

/** 400; the first argument is the detail's code. */
export const badRequest = withDetail(400, "BadRequest");
/** 404; the first argument is the detail's code. */
export const notFound = withDetail(404, "NotFound");
/** 409; the first argument is the detail's code. */
export const conflict = withDetail(409, "Conflict");
/** 403, for a signed URL that is expired or not signed by this server. */
export const forbidden = withDetail(403, "Forbidden");

/** 401, as for a missing, wrong or expired bearer token. */
export const unauthorized = (message: string): ApiError => new ApiError(401, "Unauthorized", message);

/** The document of an error, in the shape of the model-management API. */
export const errorDocument = (error: ApiError): ErrorDocument => ({
  code: error.code,
  statusCode: error.status,
  message: error.message,
  details: error.details,
  correlation: { operation: randomUUID().replaceAll("-", ""), request: randomUUID().slice(0, 16) },
});

/** The document of an error, in the shape of Azure Resource Manager. */
export const armErrorDocument = (error: ApiError) => ({
  error: { code: error.details[0]?.code ?? error.code, message: error.message },
});
