import { z } from 'zod';
import type { Deliveries } from '../deliveries';
import type { Notify } from '../notifications';
import type { World } from '../world';
import { markPaid, readPackage } from './orders';
import { isSigned, type PaymentSheetParameters } from './signing';

/** What the person does on the payment sheet. Where the sheet's signature is given, it is checked. */
export const cashierRequest = z.strictObject({
  package: z.string().max(200),
  action: z.enum(['pay', 'cancel']),
  timeStamp: z.string().max(32).optional(),
  nonceStr: z.string().max(64).optional(),
  signType: z.string().max(16).optional(),
  paySign: z.string().max(128).optional(),
});
export type CashierRequest = z.infer<typeof cashierRequest>;

/** What opens the payment sheet: the five parameters of `wx.requestPayment`. */
export const sheetParameters = z.object({
  timeStamp: z.string().max(32),
  nonceStr: z.string().max(64),
  package: z.string().max(200),
  signType: z.string().max(16),
  paySign: z.string().max(128),
});

export const FORGED = '支付验证签名失败';

/** Whether WeChat would open the sheet. */
export function isGenuine(world: World, parameters: PaymentSheetParameters): boolean {
  return isSigned(parameters, world.credentials.appId, world.credentials.payKey);
}

/** A signature that is only half given counts as given: its missing parts are empty. */
function isForged(world: World, asked: CashierRequest): boolean {
  const { timeStamp, nonceStr, signType, paySign } = asked;
  if ([timeStamp, nonceStr, signType, paySign].every((part) => part === undefined)) return false;
  return !isGenuine(world, {
    package: asked.package,
    timeStamp: timeStamp ?? '',
    nonceStr: nonceStr ?? '',
    signType: signType ?? '',
    paySign: paySign ?? '',
  });
}

export interface Cashier {
  /** Answers the `errMsg` of `wx.requestPayment`. */
  act(asked: CashierRequest): string;
}

export function createCashier(world: World, deliveries: Deliveries, notify: Notify): Cashier {
  return {
    act(asked) {
      if (isForged(world, asked)) return `requestPayment:fail ${FORGED}`;
      const found = readPackage(world, asked.package);
      if ('reason' in found) return `requestPayment:fail ${found.reason}`;
      if (asked.action === 'cancel') return 'requestPayment:fail cancel';
      const now = world.now();
      markPaid(found.order, now);
      notify(found.order, 'paid', now);
      deliveries.begin(found.order, now);
      return 'requestPayment:ok';
    },
  };
}
