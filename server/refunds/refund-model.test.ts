import fc from 'fast-check';
import type { ChannelSwitches } from '../testing/faults/simulated/channel';
import type { Order } from '@shared/contract';
import { ApiError } from '../lib/api-error';
import type { Dialect } from '../store/store';
import {
  createPaymentSimulation,
  openPaymentStore,
  type PaymentSimulation,
} from '../testing/payment-simulation';
import { createSimulationCommands } from '../testing/payment-simulation-commands';
import { dialects } from '../testing/test-stores';
import { isFinalRefund, isPaidOut } from './refund-state';

/**
 * Model-based test of refunds: partial refunds are requested concurrently by two processes, while the
 * channel's balance is short, it cannot pay out, closes or refuses refunds, or loses and delays requests and responses, and
 * processes crash at any call. The model only keeps the sum that is left.
 */

interface Model {
  order: Order;
  /** What is left of the order's payments after its requested refunds, in fen. */
  refundable: number;
}
/** No capture is refunded beyond its amount, and the channel received only requested refunds. */
async function expectRefundsWithinCaptures({
  captures,
  refunds,
  channel,
  gateway,
}: PaymentSimulation) {
  const requestedRefunds = await refunds();
  for (const { id, amount_fen: captured } of await captures()) {
    const parts = requestedRefunds.filter(
      ({ capture_id: captureId, state }) => captureId === id && state !== 'closed',
    );
    const requestedFen = parts.reduce((sum, { amount_fen: amount }) => sum + amount, 0);
    expect(requestedFen).toBeLessThanOrEqual(captured);
  }
  const amounts = new Map(
    requestedRefunds.map(({ number, amount_fen: amount }) => [number, amount]),
  );
  expect(amounts.size).toBe(requestedRefunds.length);
  for (const [number, requestedAmounts] of gateway.requestedRefunds)
    expect([...requestedAmounts]).toEqual([amounts.get(number)]);
  for (const { refundNumber, amount } of channel.refunds()) {
    expect(amount).toBe(amounts.get(refundNumber));
  }
}

const { command, advanceTime, anyRunJobs } = createSimulationCommands<Model>(
  expectRefundsWithinCaptures,
);

/** Requests partial refunds concurrently; each is accepted, or refused because too little is left. */
const requestRefunds = (parts: readonly number[]) =>
  command(`requestRefunds(${parts.join()})`, async (model, fixture) => {
    const attempts = await Promise.all(
      parts.map(async (amount) => {
        try {
          await fixture.refund(model.order.id, amount);
          return { amount, code: undefined };
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          return { amount, code: error.code };
        }
      }),
    );
    for (const { amount, code } of attempts) if (code === undefined) model.refundable -= amount;
    expect(model.refundable).toBeGreaterThanOrEqual(0);
    const refused = attempts.filter(({ code }) => code !== undefined);
    for (const { amount, code } of refused) {
      expect(code).toBe('refund.too_much');
      expect(amount).toBeGreaterThan(model.refundable);
    }
  });

const setSwitches = (switches: ChannelSwitches) =>
  command(`setSwitches(${JSON.stringify(switches)})`, (_, fixture) => {
    Object.assign(fixture.channel.switches, switches);
    return Promise.resolve();
  });

const restoreChannel = () =>
  command('restoreChannel', (_, fixture) => {
    fixture.channel.resolveStuckRefunds();
    return Promise.resolve();
  });

const parts = fc.array(fc.oneof(fc.integer({ min: 1, max: 1_800 }), fc.constant(600)), {
  minLength: 1,
  maxLength: 4,
});
const commands = [
  parts.map(requestRefunds),
  parts.map(requestRefunds),
  anyRunJobs,
  anyRunJobs,
  anyRunJobs,
  fc.constantFrom(1, 4, 61, 601).map(advanceTime),
  fc.constantFrom(1, 4, 61, 601).map(advanceTime),
  fc
    .record({
      balanceShort: fc.boolean(),
      refundAbnormal: fc.boolean(),
      refundClosed: fc.boolean(),
    })
    .map(setSwitches),
  fc.constant(restoreChannel()),
];

/** Places an order, pays it so many times, and delivers the notifications. */
async function placeAndPay(fixture: PaymentSimulation, times: number): Promise<Order> {
  const order = await fixture.placeOrder();
  const prepayId = order.payment?.package.replace('prepay_id=', '') ?? '';
  for (let count = 0; count < times; count += 1)
    fixture.channel.pay(prepayId, { acceptsDuplicate: true });
  for (const event of fixture.events) await fixture.notify(event);
  return order;
}

async function finishAllRefunds(fixture: PaymentSimulation): Promise<void> {
  Object.assign(fixture.channel.switches, {
    balanceShort: false,
    refundAbnormal: false,
    refundClosed: false,
  });
  fixture.channel.resolveStuckRefunds();
  await fixture.runUntilIdle();
}

/** All requested refunds were paid once, and no others. */
async function expectAllRefunded(fixture: PaymentSimulation): Promise<void> {
  const requestedRefunds = await fixture.refunds();
  expect(requestedRefunds.filter((refund) => !isFinalRefund(refund))).toEqual([]);
  const actual = fixture.channel
    .refunds()
    .map(({ refundNumber, amount, state }) => [refundNumber, amount, state]);
  expect(actual.sort()).toEqual(
    requestedRefunds.map(({ number, amount_fen: amount, state }) => [number, amount, state]).sort(),
  );
  expect(await fixture.openAlerts()).toEqual([]);
  expect(await fixture.findIntegrityFaults()).toEqual([]);
}

/** PostgreSQL is slower, and only there are writes concurrent. */
const RUNS: Readonly<Record<Dialect, number>> = { sqlite: 10, postgres: 6 };

describe.each(dialects)('on %s', (dialect) => {
  const sharedStore = openPaymentStore(dialect);

  test('partial refunds are paid once each, and never exceed the payments', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2 }),
        fc.commands(commands, { maxCommands: 25, size: '+1' }),
        async (times, run) => {
          const fixture = await createPaymentSimulation(sharedStore);
          const order = await placeAndPay(fixture, times);
          await fixture.runUntilIdle();
          const model: Model = { order, refundable: order.amountFen };
          await fc.asyncModelRun(() => ({ model, real: fixture }), run);
          await finishAllRefunds(fixture);
          await expectAllRefunded(fixture);
          const [{ state } = { state: undefined }] = await fixture.orders();
          expect([state, fixture.delivered(order.number)]).toEqual(['delivered', 1]);
        },
      ),
      { numRuns: RUNS[dialect], endOnFailure: true },
    );
  }, 60_000);

  test('an order that is refunded in full is `refunded` when all of its refunds are done', async () => {
    const steps = commands.slice(2);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2 }),
        fc.commands(steps, { maxCommands: 20, size: '+1' }),
        async (times, run) => {
          const fixture = await createPaymentSimulation(sharedStore);
          fixture.behaviour.fails = true;
          const order = await placeAndPay(fixture, times);
          await fc.asyncModelRun(() => ({ model: { order, refundable: 0 }, real: fixture }), run);
          await finishAllRefunds(fixture);
          await expectAllRefunded(fixture);
          const [{ state } = { state: undefined }] = await fixture.orders();
          expect([state, fixture.delivered(order.number)]).toEqual(['refunded', 0]);
          const paidOut = (await fixture.refunds()).filter(isPaidOut);
          const refunded = paidOut.reduce((sum, row) => sum + row.amount_fen, 0);
          expect(refunded).toBe(times * order.amountFen);
        },
      ),
      { numRuns: RUNS[dialect], endOnFailure: true },
    );
  }, 60_000);
});
