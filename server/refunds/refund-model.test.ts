import type { Order } from '@shared/contract';
import fc from 'fast-check';
import type { ChannelSwitches } from '../faults/simulated/channel';
import { ApiError } from '../problem';
import type { Dialect } from '../store/store';
import { callOutcomes, type CallOutcome } from '../test/fickle-gateway';
import {
  createPaymentSimulation,
  openPaymentStore,
  type PaymentStore,
  type PaymentSimulation,
} from '../test/money-world';
import { dialects } from '../test/stores';

/**
 * Refunds against a model that only adds up: parts are promised, several at once and by two processes,
 * while the channel is short of balance, cannot reach the person, refuses, loses or delays what it is
 * asked and what it answers, and processes die at any call.
 */

interface Model {
  order: Order;
  /** What was taken of the order's payments and not promised back, in fen. */
  rest: number;
}
type Command = fc.AsyncCommand<Model, PaymentSimulation>;

function command(name: string, run: (model: Model, world: PaymentSimulation) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (model, world) => {
      await run(model, world);
      await expectOnePromiseEach(world);
    },
    toString: () => name,
  };
}

/** No promise exceeds its payment, and the channel was asked for nothing but what was promised. */
async function expectOnePromiseEach({ captures, refunds, channel, gateway }: PaymentSimulation) {
  const promises = await refunds();
  for (const { id, amount_fen: taken } of await captures()) {
    const parts = promises.filter(({ capture_id: captureId }) => captureId === id);
    const promised = parts.reduce((sum, { amount_fen: amount }) => sum + amount, 0);
    expect(promised).toBeLessThanOrEqual(taken);
  }
  const amounts = new Map(promises.map(({ number, amount_fen: amount }) => [number, amount]));
  expect(amounts.size).toBe(promises.length);
  for (const [number, asked] of gateway.requestedRefunds) expect([...asked]).toEqual([amounts.get(number)]);
  for (const { refundNumber, amount } of channel.refunds()) {
    expect(amount).toBe(amounts.get(refundNumber));
  }
}

/** Several people at once give back parts; each is done, or refused for want of a rest. */
const giveBack = (parts: readonly number[]) =>
  command(`giveBack(${parts.join()})`, async (model, world) => {
    const asked = await Promise.all(
      parts.map(async (amount) => {
        try {
          await world.refund(model.order.id, amount);
          return { amount, code: undefined };
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          return { amount, code: error.code };
        }
      }),
    );
    for (const { amount, code } of asked) if (code === undefined) model.rest -= amount;
    expect(model.rest).toBeGreaterThanOrEqual(0);
    const refused = asked.filter(({ code }) => code !== undefined);
    for (const { amount, code } of refused) {
      expect(code).toBe('refund.too_much');
      expect(amount).toBeGreaterThan(model.rest);
    }
  });

const work = (coming: readonly CallOutcome[]) =>
  command(`work(${coming.join()})`, async (_, world) => {
    world.gateway.nextOutcomes.push(...coming);
    await world.runDueJobs();
    world.gateway.nextOutcomes.length = 0;
  });

const pass = (seconds: number) =>
  command(`pass(${seconds} s)`, (_, world) => {
    world.advance(seconds * 1_000);
    return Promise.resolve();
  });

const turn = (switches: ChannelSwitches) =>
  command(`turn(${JSON.stringify(switches)})`, (_, world) => {
    Object.assign(world.channel.switches, switches);
    return Promise.resolve();
  });

const mend = () =>
  command('mend', (_, world) => {
    world.channel.mendRefunds();
    return Promise.resolve();
  });

const works = fc.array(fc.constantFrom(...callOutcomes), { maxLength: 4 }).map(work);
const parts = fc.array(fc.oneof(fc.integer({ min: 1, max: 1_800 }), fc.constant(600)), {
  minLength: 1,
  maxLength: 4,
});
const commands = [
  parts.map(giveBack),
  parts.map(giveBack),
  works,
  works,
  works,
  fc.constantFrom(1, 4, 61, 601).map(pass),
  fc.constantFrom(1, 4, 61, 601).map(pass),
  fc.record({ balanceShort: fc.boolean(), refundAbnormal: fc.boolean() }).map(turn),
  fc.constant(mend()),
];

/** An order that was paid once or twice, and delivered or given back whole. */
async function begin(world: PaymentSimulation, times: number): Promise<Order> {
  const order = await world.placeOrder();
  const prepayId = order.payment?.package.replace('prepay_id=', '') ?? '';
  for (let count = 0; count < times; count += 1) world.channel.pay(prepayId, { stubborn: true });
  for (const event of world.events) await world.notify(event);
  return order;
}

async function finishAllRefunds(world: PaymentSimulation): Promise<void> {
  Object.assign(world.channel.switches, { balanceShort: false, refundAbnormal: false });
  world.channel.mendRefunds();
  await world.runUntilIdle();
}

/** All that was promised has been given back, once; nothing else has. */
async function expectKept(world: PaymentSimulation): Promise<void> {
  const promises = await world.refunds();
  expect(promises.filter(({ state }) => state !== 'done')).toEqual([]);
  const given = world.channel
    .refunds()
    .map(({ refundNumber, amount, state }) => [refundNumber, amount, state]);
  expect(given.sort()).toEqual(
    promises.map(({ number, amount_fen: amount }) => [number, amount, 'done']).sort(),
  );
  expect(await world.openAlerts()).toEqual([]);
  expect(await world.findIntegrityFaults()).toEqual([]);
}

/** PostgreSQL is slower to tell, and alone has writers at once. */
const RUNS: Readonly<Record<Dialect, number>> = { sqlite: 10, postgres: 6 };

describe.each(dialects)('on %s', (dialect) => {
  let shared: PaymentStore;
  beforeAll(async () => {
    shared = await openPaymentStore(dialect);
  }, 60_000);
  afterAll(() => shared.close());

  test('parts of what was paid go back once each, and never more than was taken', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2 }),
        fc.commands(commands, { maxCommands: 25, size: '+1' }),
        async (times, run) => {
          const world = await createPaymentSimulation(shared);
          const order = await begin(world, times);
          await world.runUntilIdle();
          const model: Model = { order, rest: order.amountFen };
          await fc.asyncModelRun(() => ({ model, real: world }), run);
          await finishAllRefunds(world);
          await expectKept(world);
          const [{ state } = { state: undefined }] = await world.orders();
          expect([state, world.delivered(order.number)]).toEqual(['delivered', 1]);
        },
      ),
      { numRuns: RUNS[dialect], endOnFailure: true },
    );
  }, 60_000);

  test('an order that is given back whole is refunded when all of its refunds are done', async () => {
    const steps = commands.slice(2);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2 }),
        fc.commands(steps, { maxCommands: 20, size: '+1' }),
        async (times, run) => {
          const world = await createPaymentSimulation(shared);
          world.behaviour.fails = true;
          const order = await begin(world, times);
          await fc.asyncModelRun(() => ({ model: { order, rest: 0 }, real: world }), run);
          await finishAllRefunds(world);
          await expectKept(world);
          const [{ state } = { state: undefined }] = await world.orders();
          expect([state, world.delivered(order.number)]).toEqual(['refunded', 0]);
          const refunded = (await world.refunds()).reduce((sum, row) => sum + row.amount_fen, 0);
          expect(refunded).toBe(times * order.amountFen);
        },
      ),
      { numRuns: RUNS[dialect], endOnFailure: true },
    );
  }, 60_000);
});
