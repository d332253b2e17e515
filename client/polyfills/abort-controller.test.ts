import { QueryClient } from '@tanstack/react-query';
import { AbortController } from './abort-controller';

test('notifies its listeners once, with the reason', () => {
  const controller = new AbortController();
  let notified = 0;
  controller.signal.addEventListener('abort', () => (notified += 1));
  controller.abort('reason');
  controller.abort('again');
  expect(notified).toBe(1);
  expect(controller.signal).toMatchObject({ aborted: true, reason: 'reason' });
});

test('does not notify a removed listener', () => {
  const controller = new AbortController();
  const listener = jest.fn();
  controller.signal.addEventListener('abort', listener);
  controller.signal.removeEventListener('abort', listener);
  controller.abort();
  expect(listener).not.toHaveBeenCalled();
});

test('is enough for TanStack Query to cancel a query', async () => {
  const native = globalThis.AbortController;
  Object.assign(globalThis, { AbortController });
  try {
    const client = new QueryClient();
    const result = client.query({
      queryKey: ['slow'],
      queryFn: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('stopped')));
        }),
    });
    await client.cancelQueries({ queryKey: ['slow'] });
    await expect(result).rejects.toBeDefined();
  } finally {
    Object.assign(globalThis, { AbortController: native });
  }
});
