import type { DehydratedState } from '@tanstack/react-query';
import { QueryClient } from '@tanstack/react-query';
import { keepCache } from './keep-cache';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function memory() {
  let kept: DehydratedState | undefined;
  return {
    read: () => kept,
    write: (state: DehydratedState) => {
      kept = state;
    },
    clear: () => {
      kept = undefined;
    },
  };
}

test('what was seen is there again at the next opening, with the time it was given', () => {
  const kept = memory();
  const before = new QueryClient();
  keepCache(before, kept);
  before.setQueryData(['card', 'c-1'], { id: 'c-1' }, { updatedAt: 1_000 });
  jest.advanceTimersByTime(5_000);

  const after = new QueryClient();
  keepCache(after, kept);
  expect(after.getQueryData(['card', 'c-1'])).toEqual({ id: 'c-1' });
  expect(after.getQueryState(['card', 'c-1'])?.dataUpdatedAt).toBe(1_000);
});

test('typed numbers and what staff looked up are not kept', () => {
  const kept = memory();
  const client = new QueryClient();
  keepCache(client, kept);
  client.setQueryData(['typed-number', 'c-1'], '8986036122441783557');
  client.setQueryData(['staff-card', 'c-1'], {});
  client.setQueryData(['wallet'], []);
  jest.advanceTimersByTime(5_000);
  expect(kept.read()?.queries.map(({ queryKey }) => queryKey)).toEqual([['wallet']]);
});

test('the oldest answers make room for newer ones', () => {
  const kept = memory();
  const client = new QueryClient();
  keepCache(client, kept);
  for (let at = 1; at <= 40; at += 1) {
    client.setQueryData(['card', String(at)], {}, { updatedAt: at });
  }
  jest.advanceTimersByTime(5_000);
  const ids = kept.read()?.queries.map(({ queryKey }) => queryKey[1]) ?? [];
  expect(ids[0]).toBe('40');
  expect(ids).not.toContain('1');
});
