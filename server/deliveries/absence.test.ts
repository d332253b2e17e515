import { pino } from 'pino';
import { createAbsenceLooks } from '../orders/absence-looks';
import type { OrderContext } from '../orders/order-context';
import { findOrder } from '../orders/order-queries';
import { ABSENCE_PROVEN_AFTER_MS } from '../orders/order-state';
import { transitionOrder } from '../orders/transition-order';
import { createCardPlatforms } from '../platforms/card-platforms';
import { createGateways } from '../platforms/payment-gateways';
import type { CardPlatform, PaymentGateway } from '../platforms/ports';
import type { DeliveryRow, OrderRow } from '../store/schema';
import { openTestStore } from '../testing/test-stores';
import { insertDelivery } from './delivery-queries';
import { syncDelivery } from './sync-delivery';
import { addCard, addPaidOrder } from './testing/paid-orders';

const NOW = Date.UTC(2026, 2, 15, 4);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One look at the list: what the clocks say at that moment. All in ms from the first look. */
interface Look {
  /** The wall clock of the process that looks. */
  wall: number;
  monotonic: number;
  /** The platform's clock; null if its answer carries no time. */
  platform: number | null;
  /** Which process looks. */
  process?: 0 | 1;
}

/** A look every minute for some minutes, with every clock right. */
function looks(minutes: number, change: (look: Look, minute: number) => Partial<Look>): Look[] {
  return Array.from({ length: minutes + 1 }, (_, minute) => {
    const at = minute * MINUTE;
    const look: Look = { wall: at, monotonic: at, platform: at };
    return { ...look, ...change(look, minute) };
  });
}
const noChange = () => ({});

describe('an order that is missing from the list of its platform', () => {
  const store = openTestStore('sqlite');

  async function addUnknownOrder(outcome: DeliveryRow['outcome']): Promise<OrderRow> {
    const paid = await addPaidOrder(store, await addCard(store, NOW), NOW);
    return store.transaction().execute(async (tx) => {
      const row = { order_id: paid.id, platform: 'desk', asked_at: NOW, running_key: null };
      await insertDelivery(tx, row);
      await tx
        .updateTable('deliveries')
        .set({ outcome, tries: 1 })
        .where('order_id', '=', paid.id)
        .execute();
      const delivering = (await transitionOrder(tx, paid, 'delivering', NOW))!;
      return (await transitionOrder(tx, delivering, 'deliveryUnknown', NOW))!;
    });
  }

  async function stateAfter(outcome: DeliveryRow['outcome'], all: Look[]): Promise<string> {
    let now: Look = { wall: 0, monotonic: 0, platform: 0 };
    const notExpected = () => Promise.reject(new Error('not expected by this test'));
    const platform: CardPlatform = {
      name: 'desk',
      idempotentOrders: false,
      find: notExpected,
      report: notExpected,
      packagesOnSale: notExpected,
      ordersOfDay: notExpected,
      orderPackage: notExpected,
      delivery: () => {
        const platformTime = now.platform === null ? null : NOW + now.platform;
        return Promise.resolve({ state: 'absent', platformTime });
      },
    };
    const contexts = [0, 1].map((): OrderContext => {
      const monotonicClock = () => now.monotonic;
      return {
        store,
        clock: () => NOW + now.wall,
        monotonicClock,
        absenceLooks: createAbsenceLooks(monotonicClock),
        log: pino({ level: 'silent' }),
        platforms: createCardPlatforms([platform]),
        gateways: createGateways({ name: 'wechatpay' } as PaymentGateway),
        onDelivered: () => Promise.resolve(),
      };
    });
    const { id } = await addUnknownOrder(outcome);
    for (const look of all) {
      now = look;
      const order = await findOrder(store, id);
      const context = contexts[look.process ?? 0];
      if (order?.state === 'deliveryUnknown' && context) await syncDelivery(context, order);
    }
    return (await findOrder(store, id))?.state ?? 'lost';
  }

  const minutes = Math.ceil(ABSENCE_PROVEN_AFTER_MS / MINUTE);

  test.each<[string, Look[]]>([
    ['for 21 minutes', looks(minutes, noChange)],
    ['for 21 minutes, under a wall clock that stands still', looks(minutes, () => ({ wall: 0 }))],
    [
      'for 21 minutes at a platform whose clock is hours off',
      looks(minutes, ({ platform }) => ({ platform: (platform ?? 0) - 5 * HOUR })),
    ],
    [
      'for 21 minutes at a platform without a clock',
      looks(minutes + 1, () => ({ platform: null })),
    ],
    [
      'for 21 minutes, looked for by two processes in turn',
      looks(minutes, (_, minute) => ({ process: minute % 2 === 0 ? 0 : 1 })),
    ],
  ])('was never ordered if it is missing %s', async (_, all) => {
    expect(await stateAfter('unknown', all)).toBe('deliveryFailed');
  });

  test.each<[string, Look[]]>([
    ['for 20 minutes', looks(minutes - 1, noChange)],
    [
      'for seconds, while our clock jumps by hours',
      looks(10, (_, minute) => ({
        wall: minute * HOUR,
        monotonic: minute * 1_000,
        platform: minute * 1_000,
      })),
    ],
    [
      'for seconds, while the clock of the platform jumps by hours',
      looks(1, (_, minute) => ({ platform: minute * 5 * HOUR })),
    ],
    [
      'for minutes at a platform whose servers disagree by hours',
      looks(19, ({ platform }, minute) => ({
        platform: (platform ?? 0) + (minute % 2) * 5 * HOUR,
      })),
    ],
    [
      'at two looks an hour apart',
      looks(1, (_, minute) => ({
        wall: minute * HOUR,
        monotonic: minute * HOUR,
        platform: minute * HOUR,
      })),
    ],
    [
      'for 12 minutes, looked for by two processes, without a clock of the platform',
      looks(24, (_, index) => {
        const at = Math.floor(index / 2) * MINUTE + (index % 2) * 30_000;
        return { wall: at, monotonic: at, platform: null, process: index % 2 === 0 ? 0 : 1 };
      }),
    ],
    [
      'while our clock jumps, without a clock of the platform',
      looks(60, (_, minute) => ({
        wall: minute * HOUR,
        monotonic: minute * 1_000,
        platform: null,
      })),
    ],
  ])('may have been ordered if it is missing %s', async (_, all) => {
    expect(await stateAfter('unknown', all)).toBe('deliveryUnknown');
  });

  test('waits for a person if the platform had accepted it, however long it is missing', async () => {
    expect(await stateAfter('accepted', looks(200, noChange))).toBe('deliveryUnknown');
  });
});
