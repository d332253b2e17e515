import type { LocalizedText } from '@shared/language';

/** What a check found out. The words name fields and rules, never a value that belongs to a person or card. */
export interface Findings {
  /** What is there and as the port wants it. */
  matched: string[];
  /** What the port cannot do without and the platform did not give. */
  missing: string[];
  /** What the platform gave that our tables do not know yet. */
  new: string[];
  /** What a platform may leave untold, and this one did. */
  untold: string[];
}

/** One thing an adapter has to do, tried on a platform. */
export interface Check<Subject, Facts> {
  name: LocalizedText;
  /** The method of the port it is about. */
  method: string;
  /** Whether it changes anything at the platform: such a check is run only when that was agreed to. */
  writes: boolean;
  /** Why it cannot be run here; undefined where it can. */
  skipReason?(subject: Subject, facts: Facts): string | undefined;
  /** @throws PlatformUnavailable where the platform gave no usable answer */
  run(subject: Subject, facts: Facts, recorder: CheckRecorder): Promise<void>;
}

/** Where a check writes down what it sees. */
export interface CheckRecorder {
  /** A rule that has to hold. */
  expect(rule: string, holds: boolean): void;
  /** A value that a platform need not tell. Answers whether it did. */
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

/** An empty note book. A rule that is tried on many things is written down once, and once broken stays so. */
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
