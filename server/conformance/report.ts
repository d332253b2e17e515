import type { LocalizedText } from '@shared/language';
import type { AnswerReport } from './answer-log';
import type { CheckReport, CheckVerdict } from './run-checks';

/** The result of a run. It holds no personal data and can be published. */
export interface ConformanceReport {
  platform: string;
  /** Time of the run, in Beijing time. */
  at: string;
  /** Whether checks that change something were enabled. */
  writes: boolean;
  checks: CheckReport[];
  answers: AnswerReport[];
}

/** Whether nothing failed and no required field was missing. New fields are allowed. */
export function isConforming({ checks, answers }: ConformanceReport): boolean {
  return (
    checks.every(({ verdict }) => verdict === 'matched' || verdict === 'skipped') &&
    answers.every(({ missing, wrong }) => missing.length === 0 && wrong.length === 0)
  );
}

/** The report with `redact` applied to every text. */
export function redactReport(
  report: ConformanceReport,
  redact: (text: string) => string,
): ConformanceReport {
  const all = (texts: readonly string[]) => texts.map(redact);
  return {
    ...report,
    checks: report.checks.map((check) => ({
      ...check,
      matched: all(check.matched),
      missing: all(check.missing),
      new: all(check.new),
      untold: all(check.untold),
      ...(check.reason !== undefined && { reason: redact(check.reason) }),
    })),
    answers: report.answers.map((answer) => ({ ...answer, wrong: all(answer.wrong) })),
  };
}

const verdictMarks: Readonly<Record<CheckVerdict, string>> = {
  matched: '✓',
  missing: '✗',
  failed: '✗',
  skipped: '–',
};

const headings = {
  matched: { 'zh-CN': '相符', en: 'matched' },
  missing: { 'zh-CN': '缺少', en: 'missing' },
  wrong: { 'zh-CN': '形式不符', en: 'wrong type' },
  new: { 'zh-CN': '新增', en: 'new' },
  untold: { 'zh-CN': '平台未告知', en: 'not returned' },
  unseen: { 'zh-CN': '未出现（可缺省）', en: 'not seen, optional' },
  reason: { 'zh-CN': '原因', en: 'reason' },
} as const satisfies Record<string, LocalizedText>;

function bilingual(text: LocalizedText): string {
  return `${text['zh-CN']} (${text.en})`;
}

function findingLine(heading: LocalizedText, texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : [`  - ${bilingual(heading)}: ${texts.join('; ')}`];
}

function checkLines(check: CheckReport): string[] {
  const kind = check.writes ? ' · 有改动 (changes something)' : '';
  return [
    `- ${verdictMarks[check.verdict]} **${bilingual(check.name)}** \`${check.method}\`${kind}`,
    ...findingLine(headings.reason, check.reason === undefined ? [] : [check.reason]),
    ...findingLine(headings.matched, check.matched),
    ...findingLine(headings.missing, check.missing),
    ...findingLine(headings.new, check.new),
    ...findingLine(headings.untold, check.untold),
  ];
}

function paths(names: readonly string[]): string[] {
  return names.map((name) => `\`${name}\``);
}

function answerLines(answer: AnswerReport): string[] {
  const isGood = answer.missing.length === 0 && answer.wrong.length === 0;
  return [
    `- ${isGood ? '✓' : '✗'} **${answer.operation}** · ${answer.answers} 次应答 (answers)`,
    ...findingLine(headings.matched, paths(answer.matched)),
    ...findingLine(headings.missing, paths(answer.missing)),
    ...findingLine(headings.wrong, paths(answer.wrong)),
    ...findingLine(headings.new, paths(answer.new)),
    ...findingLine(headings.unseen, paths(answer.unseen)),
  ];
}

function summary(checks: readonly CheckReport[]): string {
  const count = (...verdicts: CheckVerdict[]) =>
    checks.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return [
    `✓ ${count('matched')} 相符 (matched)`,
    `✗ ${count('missing', 'failed')} 不符或缺少 (failed or missing)`,
    `– ${count('skipped')} 未执行 (not run)`,
  ].join(' · ');
}

/** The report as Markdown. */
export function toMarkdown(report: ConformanceReport): string {
  const { platform, at, writes, checks, answers } = report;
  const mode = writes ? '含有改动的检查 (with changes)' : '只读 (read-only)';
  const fields = answers.length === 0 ? [] : ['', '## 应答字段 (fields of the answers)', ''];
  return [
    `# 契约检查 (conformance): ${platform}`,
    '',
    `${at} · ${mode}`,
    '',
    summary(checks),
    '',
    '## 检查 (checks)',
    '',
    ...checks.flatMap(checkLines),
    ...fields,
    ...answers.flatMap(answerLines),
    '',
  ].join('\n');
}
