import { z } from 'zod';
import { parseBeijing } from '@shared/beijing-time';
import { fen } from '@shared/money';
import type { Payment } from '../ports';

/** The merchant and mini-program that an answer or a notification is about. */
export interface MerchantAccount {
  appId: string;
  mchId: string;
}

export const CURRENCY = 'CNY';

export const orderNumber = z.string().regex(/^[0-9A-Za-z_\-|*]{6,32}$/);
export const transactionId = z.string().regex(/^[0-9A-Za-z]{1,32}$/);
/** Whole fen, at least one, within the safe integers. */
export const amount = z.int().positive();

/** RFC 3339 as WeChat Pay writes it, in Beijing time: `2018-06-08T10:34:56+08:00`. */
const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+08:00$/)
  .transform((text, context) => {
    const read = parseBeijing(text.slice(0, -'+08:00'.length));
    if (read !== undefined) return read;
    context.addIssue('no such date or time');
    return z.NEVER;
  });

/** The fields of every trade, paid or not (查询订单). States of payment codes (付款码) cannot occur here. */
export const trade = z.looseObject({
  appid: z.string(),
  mchid: z.string(),
  out_trade_no: orderNumber,
  trade_state: z.enum(['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED']),
});
export type Trade = z.output<typeof trade>;

/** The further fields of a paid trade (查询订单, 支付成功通知). */
const paidTrade = z.object({
  out_trade_no: orderNumber,
  transaction_id: transactionId,
  success_time: instant,
  payer: z.object({ openid: z.string().regex(/^[0-9A-Za-z_-]{1,128}$/) }).nullish(),
  amount: z.object({ total: amount, currency: z.literal(CURRENCY) }),
});

/** The payment of a paid trade; undefined if a field is missing or invalid. */
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
