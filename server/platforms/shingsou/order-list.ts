import { beijingDate, parseBeijing } from '@shared/beijing-time';
import { oddElements, oddField } from '../elements';
import { normalizeIccid } from '@shared/card-number';
import { PlatformUnavailable } from '../ports';
import type { DeliveryState, ListedOrder, PlacedOrder } from '../ports';
import type { AnswerOf, ShingsouClient, Warn } from './client';
import { operations } from './operations';
import { fetchAllPages } from './pagination';
import { amountOf, instantOf, queryRefused } from './field-readers';

type PlatformOrder = AnswerOf<'orders'>['items'][number];

const OPERATION = operations.orders.id;
const DAY_MS = 24 * 60 * 60 * 1000;

function invalidValue(what: string): PlatformUnavailable {
  return new PlatformUnavailable(`shingsou ${OPERATION}: invalid ${what}`);
}

/** @throws PlatformUnavailable if the state is unknown, or a delivery has no time */
function readDelivery(order: PlatformOrder): DeliveryState {
  switch (order.deliverState) {
    case 0:
    case 1:
      return { state: 'pending' };
    case 2:
      return { state: 'failed', reason: order.failReason ?? '平台没有说明原因' };
    case 3:
      if (order.deliveredAt === null) break;
      return { state: 'delivered', at: instantOf(order.deliveredAt) };
  }
  throw invalidValue(`delivery state ${String(order.deliverState)}`);
}

const knownPayStates: readonly number[] = [0, 1, 2, 3];
const PAID = 1;

/** @throws PlatformUnavailable if any field is invalid */
function readListedOrder(order: PlatformOrder): ListedOrder {
  if (normalizeIccid(order.iccid) === undefined) throw invalidValue('card number');
  if (!knownPayStates.includes(order.payState)) {
    throw invalidValue(`payment state ${String(order.payState)}`);
  }
  return {
    orderNumber: order.outTradeNo,
    packageId: order.productId,
    amount: amountOf(OPERATION, order.totalAmount),
    paid: order.payState === PAID,
    delivered: readDelivery(order).state === 'delivered',
  };
}

function keyOf({ orderNo }: PlatformOrder): string {
  return orderNo;
}

/**
 * An order that cannot be read may be ours, so the list does not prove that ours is absent.
 * @throws PlatformUnavailable unless every unreadable order has another number
 */
function assertNotAmongUnreadable(items: readonly PlatformOrder[], orderNumber: string): void {
  for (const odd of oddElements(items)) {
    const number = oddField(odd, 'outTradeNo');
    if (number === null || number === '' || number === orderNumber) {
      throw invalidValue(odd.fields.join(', '));
    }
  }
}

/** Queries the delivery of an order of ours. @throws PlatformUnavailable */
export async function queryDelivery(
  client: ShingsouClient,
  { orderNumber }: Pick<PlacedOrder, 'orderNumber'>,
): Promise<DeliveryState> {
  const page = { pageIndex: 1, pageSize: 100 };
  const result = await client.query('orders', { outTradeNo: orderNumber, ...page });
  const { platformTime = null } = result;
  if (result.outcome === 'refused') {
    if (result.name === 'NotFound') return { state: 'absent', platformTime };
    throw queryRefused(OPERATION, result);
  }
  const [order, ...others] = result.data.items.filter(
    ({ outTradeNo }) => outTradeNo === orderNumber,
  );
  if (others.length > 0) {
    throw new PlatformUnavailable(`shingsou ${OPERATION}: several orders with one number`);
  }
  assertNotAmongUnreadable(result.data.items, orderNumber);
  return order === undefined ? { state: 'absent', platformTime } : readDelivery(order);
}

function readListedOrders(orders: readonly PlatformOrder[], warn: Warn): ListedOrder[] {
  return orders.flatMap((order) => {
    try {
      return [readListedOrder(order)];
    } catch (error) {
      if (!(error instanceof PlatformUnavailable)) throw error;
      warn('omitted an order', { operation: OPERATION, reason: error.message });
      return [];
    }
  });
}

/**
 * The orders created on a Beijing calendar day (YYYY-MM-DD). An unreadable one is left out and reported, so
 * that one of ours becomes a difference of the day. @throws PlatformUnavailable
 */
export async function ordersOfDay(
  { client, warn }: { client: ShingsouClient; warn: Warn },
  day: string,
): Promise<ListedOrder[]> {
  const start = parseBeijing(day);
  if (start === undefined) throw new TypeError('not a calendar day');
  const between = {
    startTime: `${day} 00:00:00`,
    endTime: `${beijingDate(start + DAY_MS)} 00:00:00`,
  };
  const orders = await fetchAllPages(OPERATION, keyOf, async (page) => {
    const result = await client.query('orders', { ...between, ...page });
    if (result.outcome === 'refused') throw queryRefused(OPERATION, result);
    return result.data;
  });
  return readListedOrders(orders ?? [], warn);
}
