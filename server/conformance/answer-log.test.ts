import { z } from 'zod';
import { elementsOf } from '../platforms/elements';
import { createAnswerLog, markdown, redactReport, redactor } from './index';
import type { AnswerReport } from './answer-log';

const schema = z.object({
  total: z.int(),
  remark: z.string().nullish(),
  items: z.array(z.object({ iccid: z.string(), mb: z.number() })),
});

function compare(...answers: unknown[]): AnswerReport {
  const log = createAnswerLog();
  for (const data of answers) log.observe({ operation: 'list', schema, data });
  const [report] = log.reports();
  if (!report) throw new Error('nothing was compared');
  return report;
}

test('a valid field is matched, and a missing optional field is unseen', () => {
  expect(compare({ total: 1, items: [{ iccid: 'x', mb: 1 }] })).toEqual({
    operation: 'list',
    answers: 1,
    missing: [],
    wrong: [],
    new: [],
    matched: ['items', 'items[].iccid', 'items[].mb', 'total'],
    unseen: ['remark'],
  });
});

test('a required field that is missing once is missing', () => {
  const complete = { total: 1, items: [{ iccid: 'x', mb: 1 }] };
  const report = compare(complete, { items: [{ iccid: 'x' }] });
  expect(report.missing).toEqual(['items[].mb', 'total']);
  expect(report.matched).toEqual(['items', 'items[].iccid']);
});

test('a field of a wrong type is reported with its type, not its value', () => {
  const report = compare({ total: '89860412345678901234', items: {} });
  expect(report.wrong).toEqual(['items: array, came object', 'total: number, came string']);
});

test('a field of a list’s elements is missing or wrong if no element is readable', () => {
  const rowSchema = z.object({ rows: elementsOf(z.object({ id: z.string(), mb: z.number() })) });
  const log = createAnswerLog();
  const odd = [{ id: 7, mb: 1 }, { id: 'b' }];
  const observe = (rows: unknown[]) =>
    log.observe({ operation: 'list', schema: rowSchema, data: { rows } });
  observe([{ id: 'a', mb: 1 }, ...odd]);
  expect(log.reports()[0]).toMatchObject({ missing: [], wrong: [] });
  observe(odd);
  const [report] = log.reports();
  expect(report!.missing).toEqual(['rows[].mb']);
  expect(JSON.stringify(report!.wrong)).toContain('rows[].id: string, came number');
});

test('an answer without a value has a wrong type', () => {
  expect(compare(null).wrong).toEqual(['the whole: object, came null']);
  expect(compare(undefined).wrong).toEqual(['the whole: object, came undefined']);
});

test('a field that the schema does not declare is new, at any depth', () => {
  const items = [{ iccid: 'x', mb: 1, owner: { name: '张三' } }];
  expect(compare({ total: 1, items, vip: true }).new).toEqual([
    'items[].owner (object)',
    'items[].owner.name (string)',
    'vip (boolean)',
  ]);
});

test('a field name that could be a value is not shown', () => {
  const data = { total: 0, items: [], 张三: 1, '89860412345678901234': { '13800000000': 2 } };
  const text = JSON.stringify(compare(data));
  expect(text).toContain('{…}.{…} (number)');
  for (const value of ['张三', '8986', '1380']) expect(text).not.toContain(value);
});

test('a piped schema declares the fields of both sides', () => {
  const list = z
    .union([z.array(z.unknown()), z.null()])
    .pipe(z.array(z.object({ id: z.string() })));
  const log = createAnswerLog();
  log.observe({ operation: 'php', schema: list, data: [{ id: 'a', more: 1 }] });
  expect(log.reports()[0]).toMatchObject({ matched: ['[].id'], new: ['[].more (number)'] });
});

test('a report shows neither the given numbers nor other long numbers', () => {
  const name = { 'zh-CN': '检查', en: 'A check' };
  const findings = { matched: [], missing: [], new: [], untold: [] };
  const check = { name, method: 'find', writes: false, ...findings, verdict: 'failed' } as const;
  const reason = 'example: refused 55012, card 8704 of 13800000000, LK-20261122-000001';
  const report = {
    platform: 'example',
    at: '2026-05-12 11:00:00',
    writes: false,
    answers: [],
    checks: [{ ...check, reason }],
  };
  const text = markdown(redactReport(report, redactor(['8704'])));
  expect(text).toContain('example: refused 55012, card … of …, …');
});
