import type { Language } from '@shared/language';
import { checks, subjects } from './finding';
import type { Finding } from './finding';

const marks: Readonly<Record<Finding['state'], string>> = { ok: '✓', bad: '✗', none: '–' };

/** One line: the mark, what it is about, and where something is wrong, what to do. */
export function printFinding(finding: Finding, language: Language): string {
  const { subject, check, state, detail, advice } = finding;
  const colon = language === 'en' ? ': ' : '：';
  const told = [detail, advice?.[language]].filter((text) => text !== undefined).join(' · ');
  const name = `${subjects[subject][language]} ${checks[check][language]}`;
  return `${marks[state]} ${name}${told === '' ? '' : `${colon}${told}`}`;
}

/** What all findings come to, in one line. */
export function printVerdict(findings: readonly Finding[], language: Language): string {
  const faults = findings.filter(({ state }) => state === 'bad').length;
  if (language === 'en') return faults === 0 ? 'All is well.' : `${faults} to be mended.`;
  return faults === 0 ? '一切正常。' : `有 ${faults} 处需要处理。`;
}
