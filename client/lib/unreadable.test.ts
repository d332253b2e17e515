import type { Card } from '@shared/contract';
import { zhCn } from '../i18n/zh-cn';
import { isUnread, unreadableText } from './unreadable';

const now = Date.parse('2026-11-22T03:00:00Z');
const fetchedAt = '2026-11-22T02:24:00Z';

function marked(parts: Partial<Record<Card['unreadable'][number]['part'], string | null>>) {
  const unreadable = Object.entries(parts).map(([part, lastKnownAt]) => ({ part, lastKnownAt }));
  return { fetchedAt, unreadable: unreadable as Card['unreadable'] };
}

const all = (at: string | null) =>
  marked({ status: at, usage: at, packages: at, realName: at, expiry: at });

test.each([
  [marked({}), undefined],
  [marked({ packages: null }), '套餐暂时读不到，请稍后刷新'],
  [marked({ packages: null, usage: null }), '套餐、用量暂时读不到，请稍后刷新'],
  [marked({ status: fetchedAt }), '状态暂时读不到，显示的是上次的数据'],
  [
    marked({ packages: null, status: fetchedAt }),
    '套餐暂时读不到，请稍后刷新 · 状态暂时读不到，显示的是上次的数据',
  ],
  [all(fetchedAt), '暂时读不到最新信息，显示的是 10:24 的数据'],
  [all(null), '暂时读不到这张卡的信息，请稍后刷新。卡和套餐不受影响。'],
  [{ fetchedAt }, undefined],
])('of %j is said: %s', (card, text) => {
  expect(unreadableText(card, zhCn.card, now)).toBe(text);
});

test('a part is unread only if no older value is known', () => {
  const card = marked({ packages: null, status: fetchedAt });
  expect(isUnread(card, 'packages')).toBe(true);
  expect(isUnread(card, 'status')).toBe(false);
  expect(isUnread(card, 'usage')).toBe(false);
  expect(isUnread({ fetchedAt }, 'usage')).toBe(false);
});
