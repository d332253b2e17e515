import type { LocalizedText } from '@shared/language';

/** The findings of a check. They name fields and rules, never a value of a person or card. */
export interface Findings {
  /** Fields and rules that match the port. */
  matched: string[];
  /** Fields that the port requires and the platform did not return. */
  missing: string[];
  /** Values the platform returned that our tables do not list. */
  new: string[];
  /** Optional fields that the platform did not return. */
  untold: string[];
}

/** A check of one requirement on an adapter. */
export interface Check<Subject, Facts> {
  name: LocalizedText;
  /** The port method it checks. */
  method: string;
  /** Whether it changes anything at the platform. If so, it runs only with the operator's consent. */
  writes: boolean;
  /** Why it cannot run here; undefined if it can. */
  skipReason?(subject: Subject, facts: Facts): string | undefined;
  /** @throws PlatformUnavailable if the platform gave no usable answer */
  run(subject: Subject, facts: Facts, recorder: CheckRecorder): Promise<void>;
}

/** Records the findings of a check. */
export interface CheckRecorder {
  /** Records a rule, and whether it holds. */
  expect(rule: string, holds: boolean): void;
  /** Records an optional value. Returns whether it is present. */
  recordOptional(field: string, value: unknown): boolean;
  recordMissing(field: string): void;
  recordUnknown(what: string): void;
}

export interface FindingsRecorder extends CheckRecorder {
  findings: Findings;
  /** Rules that did not hold. */
  failedRules: string[];
}

function addOnce(list: string[], text: string): void {
  if (!list.includes(text)) list.push(text);
}

/** A rule checked on several values is recorded once, and fails if it fails for any of them. */
export function createFindingsRecorder(): FindingsRecorder {
  const findings: Findings = { matched: [], missing: [], new: [], untold: [] };
  const failedRules: string[] = [];
  return {
    findings,
    failedRules,
    expect(rule, holds) {
      if (!holds) {
        addOnce(failedRules, rule);
        findings.matched = findings.matched.filter((one) => one !== rule);
      } else if (!failedRules.includes(rule)) {
        addOnce(findings.matched, rule);
      }
    },
    recordOptional(field, value) {
      const isPresent = value !== null && value !== undefined;
      addOnce(isPresent ? findings.matched : findings.untold, field);
      return isPresent;
    },
    recordMissing: (field) => addOnce(findings.missing, field),
    recordUnknown: (what) => addOnce(findings.new, what),
  };
}
