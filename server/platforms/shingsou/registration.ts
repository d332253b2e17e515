import { formatYuan } from '@shared/money';
import type { PackageOrder } from '../ports';
import type { CallResult, ShingsouClient, Warn } from './client';
import { operations } from './operations';
import { unknownOutcome } from './field-readers';

const effectiveCodes: Readonly<Record<PackageOrder['effective'], number>> = {
  now: 0,
  nextMonth: 1,
};

/** Who pays for an order (ASSUMED, see the operation table). */
const payTypes = { customer: undefined, balance: 1 } as const;

export interface RegistrationOptions {
  client: ShingsouClient;
  /** Where 旭宇 knocks when something became of an order. */
  notifyUrl: string;
  warn: Warn;
}

/**
 * Registers an order under our number; the same number with the same content is the same order. Answers
 * 旭宇's own number for it.
 */
export async function registerOrder(
  { client, notifyUrl, warn }: RegistrationOptions,
  order: PackageOrder,
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
  warn('order registered otherwise than asked', { operation: operations.createPayment.id });
  return unknownOutcome(
    operations.createPayment.id,
    'the order was registered otherwise than asked',
  );
}
