import type { Problem } from '@shared/contract';
import type { ErrorCode } from '@shared/error-codes';
import { isRecord } from '@client/lib/guards';

/** Errors that do not come from the BFF: nothing was sent, or no valid response arrived. */
export type ClientErrorCode =
  | 'client.offline'
  | 'client.timeout'
  | 'client.unreadable'
  | 'client.login_failed'
  | 'client.signed_out'
  | 'client.open_in_wechat';

interface ApiErrorOptions {
  code: ErrorCode | ClientErrorCode;
  /** The HTTP status, or 0 if there was no response. */
  status: number;
  title: string;
  detail: string;
  errors?: Problem['errors'];
  requestId?: string;
  /** Seconds to wait before a retry, from `Retry-After`. */
  retryAfter?: number | undefined;
  /** The order that the error is about, if any. */
  orderId?: string | undefined;
}

/** The error that calls to the BFF throw: a stable code, and a title and detail for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorOptions['code'];
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: Problem['errors'];
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;
  readonly orderId: string | undefined;

  constructor(parts: ApiErrorOptions) {
    super(`${parts.code}: ${parts.title}`);
    this.code = parts.code;
    this.status = parts.status;
    this.title = parts.title;
    this.detail = parts.detail;
    this.errors = parts.errors;
    this.requestId = parts.requestId;
    this.retryAfter = parts.retryAfter;
    this.orderId = parts.orderId;
  }

  /** Whether there was no response, so that the request may or may not have taken effect. */
  get hasNoResponse(): boolean {
    return this.code === 'client.offline' || this.code === 'client.timeout';
  }
}

/** Whether a response body is a problem document (RFC 9457), as all errors of the BFF are. */
export function isProblem(body: unknown): body is Problem {
  return (
    isRecord(body) &&
    typeof body.code === 'string' &&
    typeof body.title === 'string' &&
    typeof body.detail === 'string'
  );
}

/** Converts a problem document to an error. */
export function errorFromProblem(problem: Problem, status: number, retryAfter?: number): ApiError {
  return new ApiError({
    // The BFF may be newer than this client. An unlisted code is shown with the BFF's texts.
    code: problem.code as ErrorCode,
    status,
    title: problem.title,
    detail: problem.detail,
    errors: problem.errors,
    requestId: problem.requestId,
    retryAfter,
    orderId: problem.orderId,
  });
}
