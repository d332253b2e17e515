import { fen } from '@shared/money';
import { beijingDate } from '@shared/beijing-time';
import { startOfBillingMonth } from '@shared/billing-month';
import type {
  CardReport,
  PlatformCatalogue,
  DeliveryState,
  ListedOrder,
  Outcome,
  PackageOrder,
} from '../../../platforms/ports';

/** How a delivery behaves. */
export interface DeliveryBehaviour {
  /** From acceptance to the end, in ms. */
  takesMs: number;
  /** How long the provider's queries lag behind, in ms. */
  lagMs: number;
  fails: boolean;
  /** It stays pending until `resolveStuck`. */
  stuck: boolean;
  /** The merchant's balance with the provider is too low: the order is rejected. */
  rejects: boolean;
}

export interface ProviderOrder {
  order: PackageOrder;
  /** The platform's order number. */
  reference: string;
  acceptedAt: number;
  /** The first instant of the billing month in which the package starts. */
  month: number;
  /** When it becomes visible in queries. */
  listedAt: number;
  state: DeliveryState & { state: 'pending' | 'delivered' | 'failed' };
}

interface ProviderParts {
  now: () => number;
  later: (ms: number, action: () => void) => void;
  /** Whether a repeated order under the same number orders once. */
  idempotentOrders: boolean;
  behaviour: () => DeliveryBehaviour;
  /** The time that answers carry, in epoch ms; null for none. */
  platformTime: () => number | null;
}

type Effective = 'now' | 'nextMonth';

export const packageIds = ['small', 'large'] as const;

export const catalogue: PlatformCatalogue = {
  categories: [{ id: 'monthly', name: '月套餐' }],
  offers: [
    {
      id: 'small',
      categoryId: 'monthly',
      name: '2GB',
      kind: 'basic',
      dataMb: 2048,
      price: fen(1800),
      cost: null,
      months: 1,
      effective: ['now', 'nextMonth'],
    },
    {
      id: 'large',
      categoryId: 'monthly',
      name: '20GB',
      kind: 'basic',
      dataMb: 20_480,
      price: fen(5999),
      cost: null,
      months: 1,
      effective: ['now', 'nextMonth'],
    },
  ],
};

/**
 * The card platform: it delivers packages some time after they were ordered, or after it was paid. Its
 * ledger is the truth about deliveries.
 */
export function createCardProvider({
  now,
  later,
  idempotentOrders,
  behaviour,
  platformTime,
}: ProviderParts) {
  const orders: ProviderOrder[] = [];

  function finish(providerOrder: ProviderOrder, fails: boolean): void {
    if (providerOrder.state.state !== 'pending') return;
    providerOrder.state = fails
      ? { state: 'failed', reason: '运营商拒绝' }
      : { state: 'delivered', at: now() };
  }

  /** A relative start counts from the time at which the platform takes the order. */
  function accept(order: PackageOrder, effective: Effective): ProviderOrder {
    const { takesMs, lagMs, fails, stuck } = behaviour();
    const made: ProviderOrder = {
      reference: `provider-order-${String(orders.length + 1)}`,
      order,
      acceptedAt: now(),
      month: startOfBillingMonth(now(), order.settlementDay, effective === 'now' ? 0 : 1),
      listedAt: now() + lagMs,
      state: { state: 'pending' },
    };
    orders.push(made);
    if (!stuck) later(takesMs, () => finish(made, fails));
    return made;
  }

  function all(orderNumber: string): ProviderOrder[] {
    return orders.filter(({ order }) => order.orderNumber === orderNumber);
  }

  function orderPackage(
    order: PackageOrder,
    effective: Effective,
  ): Outcome<{ reference: string }, 'rejected'> {
    const [known] = idempotentOrders ? all(order.orderNumber) : [];
    if (known) return { outcome: 'done', value: { reference: known.reference } };
    if (behaviour().rejects) return { outcome: 'refused', reason: 'rejected', message: '余额不足' };
    return { outcome: 'done', value: { reference: accept(order, effective).reference } };
  }

  return {
    orderPackage,
    /** An order was paid at the channel whose platform delivers by itself. */
    orderPaid: accept,
    delivery: (orderNumber: string): DeliveryState => {
      const listed = all(orderNumber).find(({ listedAt }) => listedAt <= now());
      return listed?.state ?? { state: 'absent', platformTime: platformTime() };
    },
    ordersOfDay: (day: string): ListedOrder[] =>
      orders
        .filter(({ acceptedAt, listedAt }) => listedAt <= now() && beijingDate(acceptedAt) === day)
        .map(({ order: { orderNumber, packageId, amount }, state }) => ({
          orderNumber,
          packageId,
          amount,
          paid: true,
          delivered: state.state === 'delivered',
        })),
    report: (iccid: string): CardReport => ({
      ref: iccid,
      iccid,
      accessNumber: null,
      carrier: 'telecom',
      carrierCode: '1',
      realName: 'verified',
      usage: null,
      expiresAt: null,
      packages: [],
      raw: [],
    }),
    /** Finishes every pending order. @param fails decides which of them fail */
    resolveStuck: (fails: (orderNumber: string) => boolean) => {
      for (const made of orders) {
        if (made.state.state === 'pending') finish(made, fails(made.order.orderNumber));
      }
    },
    /** The whole ledger, including orders that queries do not show yet. */
    orders: (): readonly Readonly<ProviderOrder>[] => orders,
    deliveries: () => orders.filter(({ state }) => state.state === 'delivered'),
  };
}

export type CardProvider = ReturnType<typeof createCardProvider>;
