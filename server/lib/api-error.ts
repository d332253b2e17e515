import type { ErrorCode } from '@shared/error-codes';
import { errorKinds } from '@shared/error-codes';
import type { Language, LocalizedText } from '@shared/language';

/** What a refusal may say beyond its code. */
export interface ProblemDetails {
  /** Instead of the code's own advice, where more is known. */
  detail?: LocalizedText;
  errors?: { path: string; message: string }[];
  /** The order this is about. */
  orderId?: string;
  /** How many people hold the device this is about. */
  holders?: number;
  /** For refusals that end by themselves. */
  retryAfterSeconds?: number;
  /** The fault behind it, for the log alone. */
  cause?: unknown;
}

/** A request is refused: the one error class that becomes an HTTP answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly details: ProblemDetails;

  constructor(
    readonly code: ErrorCode,
    details: ProblemDetails = {},
  ) {
    super(code, { cause: details.cause });
    this.details = details;
  }

  get status(): number {
    return errorKinds[this.code].status;
  }
}

/** The RFC 9457 body of a refusal, in the reader's language. */
export function problemBody(
  { code, details }: ApiError,
  { language, requestId }: { language: Language; requestId: string },
) {
  const kind = errorKinds[code];
  return {
    type: `urn:liuka:problem:${code}`,
    title: kind.title[language],
    status: kind.status,
    detail: (details.detail ?? kind.detail)[language],
    code,
    requestId,
    ...(details.errors && { errors: details.errors }),
    ...(details.orderId !== undefined && { orderId: details.orderId }),
    ...(details.holders !== undefined && { holders: details.holders }),
  };
}
