import { formatYuan } from '@shared/money';
import type { PlatformClock } from '../platform-clock';
import type { OrderedStart, PackageOrder } from '../ports';
import type { CallResult, ShingsouClient, Warn } from './client';
import { operations } from './operations';
import { unknownOutcome } from './field-readers';

const effectiveCodes = { now: 0, nextMonth: 1 } as const;

/** Who pays for an order (ASSUMED, see the operation table). */
const payTypes = { customer: undefined, balance: 1 } as const;

export interface RegistrationOptions {
  client: ShingsouClient;
  /** The platform's clock, which decides when a package starts. */
  platformClock: PlatformClock;
  /** Where 旭宇 sends its notifications about orders. */
  notifyUrl: string;
  warn: Warn;
}

interface Registration extends Omit<PackageOrder, keyof OrderedStart> {
  effective: keyof typeof effectiveCodes;
}

/**
 * Registers an order under our number, and returns 旭宇's own number. Idempotent: the same number with the
 * same content is the same order.
 */
export async function registerOrder(
  { client, notifyUrl, warn }: RegistrationOptions,
  order: Registration,
  paidBy: keyof typeof payTypes,
): Promise<CallResult<{ platformNumber: string }>> {
  const totalAmount = formatYuan(order.amount);
  const payType = payTypes[paidBy];
  const result = await client.call('createPayment', {
    outTradeNo: order.orderNumber,
    cardNo: order.cardRef,
    productId: order.packageId,
    effective: effectiveCodes[order.effective],
    totalAmount,
    notifyUrl,
    ...(payType !== undefined && { payType }),
  });
  if (result.outcome !== 'done') return result;
  const { orderNo, outTradeNo, totalAmount: registeredAmount } = result.data;
  if (outTradeNo === order.orderNumber && registeredAmount === totalAmount) {
    return { outcome: 'done', data: { platformNumber: orderNo } };
  }
  warn('the registered order does not match the request', {
    operation: operations.createPayment.id,
  });
  return unknownOutcome(
    operations.createPayment.id,
    'the registered order does not match the request',
  );
}
