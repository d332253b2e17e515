import { PlatformUnavailable } from '../ports';
import type { Outcome } from '../ports';
import { formatMessage } from './client';
import type { RefusedResult, Warn } from './client';
import type { RefusalCode } from './error-codes';

/** The outcome of a refused call. A code without a reason of its own is `rejected`. */
export function toRefusedOutcome<Reason extends string>(
  { code, description }: RefusedResult,
  reasons: Readonly<Partial<Record<RefusalCode, Reason>>>,
): Outcome<never, Reason | 'rejected'> {
  const message = `${code}: ${description}`;
  return { outcome: 'refused', reason: reasons[code] ?? 'rejected', message };
}

/** The error of a refused query. */
export function queryRefused(operation: string, { code }: RefusedResult): PlatformUnavailable {
  return new PlatformUnavailable(formatMessage(operation, `refused with ${code}`));
}

/** Reports an answer that does not match its request. Returns the error message. */
export function reportMismatch(warn: Warn, operation: string, problem: string): string {
  warn('the answer does not match the request', { operation, problem });
  return formatMessage(operation, problem);
}
