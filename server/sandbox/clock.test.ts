import { createSandboxClock } from './clock';
import type { DueEvent } from './state';

const REAL_NOW = 1_800_000_000_000;

const refundEnds = (name: string, at: number): DueEvent => ({
  kind: 'refundEnds',
  at,
  outRefundNo: name,
});
const eventName = (event: DueEvent) => ('outRefundNo' in event ? event.outRefundNo : event.kind);

function setUp(run: (event: DueEvent) => void | Promise<void>, clock = () => REAL_NOW) {
  const state = { clockOffsetMs: 0, agenda: [] as DueEvent[] };
  const errors: unknown[] = [];
  const sandboxClock = createSandboxClock({
    state,
    clock,
    run,
    onError: (error) => errors.push(error),
  });
  sandboxClock.start();
  return { sandboxClock, state, faults: errors };
}

test('moving the clock runs due events in order, and no later ones', async () => {
  const ran: string[] = [];
  const { sandboxClock, state } = setUp((event) => void ran.push(eventName(event)));
  sandboxClock.schedule(refundEnds('second', REAL_NOW + 2000));
  sandboxClock.schedule(refundEnds('third', REAL_NOW + 3000));
  sandboxClock.schedule(refundEnds('first', REAL_NOW + 1000));
  await sandboxClock.moveTo(REAL_NOW + 2500);
  expect(ran).toEqual(['first', 'second']);
  expect(state.agenda.map(eventName)).toEqual(['third']);
  await sandboxClock.stop();
});

test('events of one instant keep the order they were scheduled in', async () => {
  const ran: string[] = [];
  const { sandboxClock } = setUp((event) => void ran.push(eventName(event)));
  for (const name of ['a', 'b', 'c']) sandboxClock.schedule(refundEnds(name, REAL_NOW + 1000));
  await sandboxClock.moveTo(REAL_NOW + 1000);
  expect(ran).toEqual(['a', 'b', 'c']);
  await sandboxClock.stop();
});

test('events that an event schedules run in order too, each after the one before', async () => {
  const ran: string[] = [];
  const { sandboxClock } = setUp(async (event) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    ran.push(eventName(event));
    if (eventName(event) === 'first') sandboxClock.schedule(refundEnds('between', event.at + 500));
  });
  sandboxClock.schedule(refundEnds('first', REAL_NOW + 1000));
  sandboxClock.schedule(refundEnds('last', REAL_NOW + 2000));
  await sandboxClock.moveTo(REAL_NOW + 5000);
  expect(ran).toEqual(['first', 'between', 'last']);
  await sandboxClock.stop();
});

test('without a move, a slow event does not delay the next', async () => {
  const ran: string[] = [];
  let release: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (release = resolve));
  const { sandboxClock } = setUp(async (event) => {
    if (eventName(event) === 'slow') await slow;
    ran.push(eventName(event));
  }, Date.now);
  sandboxClock.schedule(refundEnds('slow', Date.now() + 10));
  sandboxClock.schedule(refundEnds('quick', Date.now() + 20));
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(ran).toEqual(['quick']);
  release();
  await sandboxClock.stop();
  expect(ran).toEqual(['quick', 'slow']);
});

test('an event that fails is reported, and the others go on', async () => {
  const ran: string[] = [];
  const { sandboxClock, faults } = setUp((event) => {
    if (eventName(event) === 'bad') throw new Error('bad');
    ran.push(eventName(event));
  });
  sandboxClock.schedule(refundEnds('bad', REAL_NOW + 1000));
  sandboxClock.schedule(refundEnds('good', REAL_NOW + 2000));
  await sandboxClock.moveTo(REAL_NOW + 5000);
  expect(ran).toEqual(['good']);
  expect(faults).toEqual([new Error('bad')]);
  await sandboxClock.stop();
});

test('time goes on from where it was moved to', async () => {
  let real = REAL_NOW;
  const { sandboxClock } = setUp(
    () => undefined,
    () => real,
  );
  await sandboxClock.moveTo(REAL_NOW + 86_400_000);
  real += 1500;
  expect(sandboxClock.now()).toBe(REAL_NOW + 86_401_500);
  await sandboxClock.stop();
});

test('a stopped clock runs no events', async () => {
  const ran: string[] = [];
  const { sandboxClock } = setUp((event) => void ran.push(eventName(event)), Date.now);
  sandboxClock.schedule(refundEnds('late', Date.now() + 10));
  await sandboxClock.stop();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(ran).toEqual([]);
});
