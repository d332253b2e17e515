import type { LocalizedText } from '@shared/language';
import { PlatformUnavailable } from '../platforms/ports';
import type { Check, Findings } from './check';
import { createFindingsRecorder } from './check';

/** Findings that are `new` or `untold` do not affect the verdict. */
export type CheckVerdict = 'matched' | 'missing' | 'failed' | 'skipped';

/** The result of a check. */
export interface CheckReport extends Findings {
  name: LocalizedText;
  method: string;
  writes: boolean;
  verdict: CheckVerdict;
  /** Why it failed or was skipped. */
  reason?: string;
}

const noFindings: Findings = { matched: [], missing: [], new: [], untold: [] };

/** Describes an error. Only these messages are known to contain no value. */
function describe(error: unknown): string {
  if (error instanceof PlatformUnavailable || error instanceof TypeError) return error.message;
  return error instanceof Error ? `an unexpected ${error.name}` : 'an unexpected fault';
}

async function runCheck<Subject, Facts>(
  check: Check<Subject, Facts>,
  subject: Subject,
  facts: Facts,
): Promise<CheckReport> {
  const { name, method, writes } = check;
  const description = { name, method, writes };
  const reason = check.skipReason?.(subject, facts);
  if (reason !== undefined) {
    return { ...description, ...noFindings, verdict: 'skipped', reason };
  }
  const recorder = createFindingsRecorder();
  const problems: string[] = [];
  try {
    await check.run(subject, facts, recorder);
  } catch (error) {
    problems.push(describe(error));
  }
  problems.unshift(...recorder.failedRules.map((rule) => `failed: ${rule}`));
  if (problems.length > 0) {
    return { ...description, ...recorder.findings, verdict: 'failed', reason: problems.join('; ') };
  }
  const verdict = recorder.findings.missing.length > 0 ? 'missing' : 'matched';
  return { ...description, ...recorder.findings, verdict };
}

const READ_ONLY = 'it changes something, and writes are not enabled';

/**
 * Runs checks one after the other, because platforms may have rate limits. A check that changes something is
 * skipped unless `writes` is set. An exception fails only the check that threw it.
 */
export async function runChecks<Subject, Facts>(
  checks: readonly Check<Subject, Facts>[],
  { subject, facts, writes }: { subject: Subject; facts: Facts; writes: boolean },
): Promise<CheckReport[]> {
  const reports: CheckReport[] = [];
  for (const check of checks) {
    const { name, method } = check;
    reports.push(
      check.writes && !writes
        ? { name, method, writes: true, ...noFindings, verdict: 'skipped', reason: READ_ONLY }
        : await runCheck(check, subject, facts),
    );
  }
  return reports;
}
