import { z } from 'zod';
import { parseBeijing } from '@shared/beijing-time';
import { fen } from '@shared/money';
import type { Payment } from '../ports';

/** Whom an answer or a notification is about. */
export interface MerchantAccount {
  appId: string;
  mchId: string;
}

export const CURRENCY = 'CNY';

export const orderNumber = z.string().regex(/^[0-9A-Za-z_\-|*]{6,32}$/);
export const transactionId = z.string().regex(/^[0-9A-Za-z]{1,32}$/);
/** Whole fen, at least one, and small enough to be counted exactly. */
export const amount = z.int().positive();

/** RFC 3339 as WeChat Pay writes it, in Beijing time: `2018-06-08T10:34:56+08:00`. */
const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+08:00$/)
  .transform((text, context) => {
    const read = parseBeijing(text.slice(0, -'+08:00'.length));
    if (read !== undefined) return read;
    context.addIssue('the calendar has no such time');
    return z.NEVER;
  });

/** What every trade carries, paid or not (查询订单). The states of payment codes are not among ours. */
export const trade = z.looseObject({
  appid: z.string(),
  mchid: z.string(),
  out_trade_no: orderNumber,
  trade_state: z.enum(['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED']),
});
export type Trade = z.output<typeof trade>;

/** What a trade carries besides, once it is paid (查询订单, 支付成功通知). */
const paidTrade = z.object({
  out_trade_no: orderNumber,
  transaction_id: transactionId,
  success_time: instant,
  payer: z.object({ openid: z.string().regex(/^[0-9A-Za-z_-]{1,128}$/) }).nullish(),
  amount: z.object({ total: amount, currency: z.literal(CURRENCY) }),
});

/** The payment of a paid trade; undefined where anything that proves it is missing or not possible. */
export function readPayment(paid: unknown): ({ orderNumber: string } & Payment) | undefined {
  const read = paidTrade.safeParse(paid);
  if (!read.success) return undefined;
  const { out_trade_no, transaction_id, success_time, payer, amount: paidAmount } = read.data;
  return {
    orderNumber: out_trade_no,
    amount: fen(paidAmount.total),
    transactionId: transaction_id,
    openid: payer?.openid ?? null,
    paidAt: success_time,
  };
}
