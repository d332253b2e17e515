import type { DehydratedState } from '@tanstack/react-query';
import { QueryClient } from '@tanstack/react-query';
import { persistQueryCache } from './persist-cache';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function memoryStorage() {
  let stored: DehydratedState | undefined;
  return {
    read: () => stored,
    write: (state: DehydratedState) => {
      stored = state;
    },
    clear: () => {
      stored = undefined;
    },
  };
}

test('cached queries are restored at the next launch, with the time of their data', () => {
  const stored = memoryStorage();
  const before = new QueryClient();
  persistQueryCache(before, stored);
  before.setQueryData(['card', 'c-1'], { id: 'c-1' }, { updatedAt: 1_000 });
  jest.advanceTimersByTime(5_000);

  const after = new QueryClient();
  persistQueryCache(after, stored);
  expect(after.getQueryData(['card', 'c-1'])).toEqual({ id: 'c-1' });
  expect(after.getQueryState(['card', 'c-1'])?.dataUpdatedAt).toBe(1_000);
});

test('entered numbers and queries of staff are not stored', () => {
  const stored = memoryStorage();
  const client = new QueryClient();
  persistQueryCache(client, stored);
  client.setQueryData(['typed-number', 'c-1'], '8986036122441783557');
  client.setQueryData(['staff-card', 'c-1'], {});
  client.setQueryData(['wallet'], []);
  jest.advanceTimersByTime(5_000);
  expect(stored.read()?.queries.map(({ queryKey }) => queryKey)).toEqual([['wallet']]);
});

test('only the newest queries are stored', () => {
  const stored = memoryStorage();
  const client = new QueryClient();
  persistQueryCache(client, stored);
  for (let at = 1; at <= 40; at += 1) {
    client.setQueryData(['card', String(at)], {}, { updatedAt: at });
  }
  jest.advanceTimersByTime(5_000);
  const ids = stored.read()?.queries.map(({ queryKey }) => queryKey[1]) ?? [];
  expect(ids[0]).toBe('40');
  expect(ids).not.toContain('1');
});
