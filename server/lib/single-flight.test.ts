import { createSingleFlight } from './single-flight';

function deferred() {
  let resolve: (value: string) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<string>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

test('callers of one key share the task in flight', async () => {
  const run = createSingleFlight<string>();
  const { promise, resolve } = deferred();
  const task = jest.fn(() => promise);
  const results = [run('a', task), run('a', task)];
  resolve('done');
  expect(await Promise.all(results)).toEqual(['done', 'done']);
  expect(task).toHaveBeenCalledTimes(1);
});

test('callers of different keys do not share a task', async () => {
  const run = createSingleFlight<string>();
  expect(
    await Promise.all([
      run('a', () => Promise.resolve('one')),
      run('b', () => Promise.resolve('two')),
    ]),
  ).toEqual(['one', 'two']);
});

test('a task that has ended is not remembered', async () => {
  const run = createSingleFlight<string>();
  expect(await run('a', () => Promise.resolve('one'))).toBe('one');
  expect(await run('a', () => Promise.resolve('two'))).toBe('two');
});

test('every caller gets the failure of the task, and the next caller starts a new one', async () => {
  const run = createSingleFlight<string>();
  const { promise, reject } = deferred();
  const results = Promise.allSettled([run('a', () => promise), run('a', () => promise)]);
  reject(new Error('no'));
  expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await run('a', () => Promise.resolve('again'))).toBe('again');
});
