import type { Problem } from '@shared/contract';
import type { ErrorCode } from '@shared/error-codes';
import { isRecord } from '@client/lib/guards';

/** What can go wrong before or instead of an answer of the BFF. */
export type ClientErrorCode =
  | 'client.offline'
  | 'client.timeout'
  | 'client.unreadable'
  | 'client.login_failed'
  | 'client.signed_out'
  | 'client.open_in_wechat';

interface ApiErrorOptions {
  code: ErrorCode | ClientErrorCode;
  /** The HTTP status, or 0 where there was no answer. */
  status: number;
  title: string;
  detail: string;
  errors?: Problem['errors'];
  requestId?: string;
  /** Seconds until it makes sense to try again. */
  retryAfter?: number | undefined;
  /** The order this is about, where there is one. */
  orderId?: string | undefined;
}

/** The one error of calls to the BFF: a stable code, and a title and detail people can read. */
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

  /** Whether no answer came: what was asked may or may not have happened. */
  get hasNoResponse(): boolean {
    return this.code === 'client.offline' || this.code === 'client.timeout';
  }
}

/** Recognises the problem document (RFC 9457) that every error of the BFF is. */
export function isProblem(body: unknown): body is Problem {
  return (
    isRecord(body) &&
    typeof body.code === 'string' &&
    typeof body.title === 'string' &&
    typeof body.detail === 'string'
  );
}

/** Makes an error of a problem document. */
export function errorFromProblem(problem: Problem, status: number, retryAfter?: number): ApiError {
  return new ApiError({
    // The BFF and this client are released together; an unlisted code is still shown by its text.
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
