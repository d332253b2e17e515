import { pino } from 'pino';
import { OutcomeUnknown } from '../orders/logged-call';
import { createAbsenceLooks } from '../orders/absence-looks';
import type { OrderContext } from '../orders/order-context';
import { findOrder } from '../orders/order-queries';
import { transitionOrder } from '../orders/transition-order';
import { createCardPlatforms } from '../platforms/card-platforms';
import { createGateways } from '../platforms/payment-gateways';
import type { CardPlatform, Outcome, PaymentGateway } from '../platforms/ports';
import { type OpenStore, openStore } from '../store/open-store';
import { createTestStore, dialects, type TestStore } from '../testing/test-stores';
import { insertDelivery } from './delivery-queries';
import { sendPackageOrder } from './order-package';
import { addCard, addPaidOrder } from './testing/paid-orders';

const NOW = Date.UTC(2026, 2, 15, 4);

type Answer = Outcome<{ reference: string | null }, 'rejected'>;
const rejectedOutcome: Answer = { outcome: 'refused', reason: 'rejected', message: '余额不足' };
const unknownOutcome: Answer = { outcome: 'unknown', message: 'no answer' };

/** A platform whose orders are idempotent; the test decides what it answers and when. */
function createTestPlatform(answerOrder: () => Promise<Answer>): CardPlatform {
  const notExpected = () => Promise.reject(new Error('not expected by this test'));
  return {
    name: 'desk',
    idempotentOrders: true,
    find: notExpected,
    report: notExpected,
    packagesOnSale: notExpected,
    delivery: notExpected,
    ordersOfDay: notExpected,
    orderPackage: answerOrder,
  };
}

describe.each(dialects)('a package that is ordered again under its number (%s)', (dialect) => {
  let testStore: TestStore;
  let opened: OpenStore;
  beforeAll(async () => {
    testStore = await createTestStore(dialect);
    opened = await openStore(testStore.databaseUrl, { warn: () => undefined });
  });
  afterAll(async () => {
    await opened.close();
    await testStore.remove();
  });

  async function setUp() {
    const { store } = opened;
    const answers: ((answer: Answer) => void)[] = [];
    const platform = createTestPlatform(() => new Promise((resolve) => answers.push(resolve)));
    const context: OrderContext = {
      store,
      clock: () => NOW,
      monotonicClock: () => NOW,
      absenceLooks: createAbsenceLooks(() => NOW),
      log: pino({ level: 'silent' }),
      platforms: createCardPlatforms([platform]),
      onDelivered: () => Promise.resolve(),
      gateways: createGateways({ name: 'wechatpay' } as PaymentGateway),
    };
    const paid = await addPaidOrder(store, await addCard(store, NOW), NOW);
    const order = await store.transaction().execute(async (tx) => {
      const row = { order_id: paid.id, platform: 'desk', asked_at: NOW, running_key: null };
      await insertDelivery(tx, row);
      return (await transitionOrder(tx, paid, 'delivering', NOW))!;
    });
    /** Orders the package, and waits until the platform gets the request or the call ends without one. */
    const send = async () => {
      const before = answers.length;
      const completion = sendPackageOrder(context, order, platform).catch((error: unknown) => {
        if (!(error instanceof OutcomeUnknown)) throw error;
      });
      for (let turn = 0; turn < 200 && answers.length === before; turn += 1) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (await Promise.race([completion.then(() => true), Promise.resolve(false)])) break;
      }
      return { isSent: answers.length > before, answer: answers[before], end: completion };
    };
    const state = async () => (await findOrder(store, order.id))?.state;
    return { send, state };
  }

  test('is not given up after a refusal while an earlier attempt may still be carried out', async () => {
    const { send, state } = await setUp();
    const first = await send();
    first.answer?.(unknownOutcome);
    await first.end;
    const second = await send();
    second.answer?.(rejectedOutcome);
    await second.end;
    expect(await state()).toBe('delivering');
  });

  test('is not given up after the first refusal while a second request is in progress', async () => {
    const { send, state } = await setUp();
    const [first, second] = [await send(), await send()];
    first.answer?.(rejectedOutcome);
    await first.end;
    expect(await state()).toBe('delivering');
    second.answer?.(rejectedOutcome);
    await second.end;
    expect(await state()).toBe('deliveryFailed');
  });

  test('is given up and never sent again once its only attempt was refused', async () => {
    const { send, state } = await setUp();
    const first = await send();
    first.answer?.(rejectedOutcome);
    await first.end;
    expect(await state()).toBe('deliveryFailed');
    const late = await send();
    await late.end;
    expect(late.isSent).toBe(false);
  });
});
