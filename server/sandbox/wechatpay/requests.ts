import { z } from 'zod';
import { isLoopback } from '../outbound-http';

/** The request bodies of API v3, as their documents describe them. The operations check their meaning. */

const outTradeNo = z.string().regex(/^[0-9A-Za-z_\-|*]{6,32}$/);

const atMost = (characters: number) =>
  z.string().refine((text) => [...text].length <= characters, `more than ${characters} characters`);

/** https without parameters; the sandbox also accepts http to this machine. */
function isNotifyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search } = new URL(text);
  return search === '' && !text.includes('?') && (protocol === 'https:' || isLoopback(text));
}

const notifyUrl = z
  .string()
  .max(255)
  .refine(isNotifyUrl, 'not an https address without parameters');

const currency = z.literal('CNY').default('CNY');
const amountFen = z.int().min(1);

/** JSAPI/小程序下单. */
export const jsapiRequest = z.object({
  appid: z.string().min(1).max(32),
  mchid: z.string().min(1).max(32),
  description: atMost(127).min(1),
  out_trade_no: outTradeNo,
  time_expire: z.iso.datetime({ offset: true, precision: 0 }).optional(),
  attach: atMost(128).optional(),
  notify_url: notifyUrl,
  amount: z.object({ total: amountFen, currency }),
  payer: z.object({ openid: z.string().min(1).max(128) }),
});
export type JsapiRequest = z.output<typeof jsapiRequest>;

/** 关闭订单. */
export const closeRequest = z.object({ mchid: z.string().min(1).max(32) });

/** 申请退款. */
export const refundRequest = z
  .object({
    transaction_id: z.string().min(1).max(32).optional(),
    out_trade_no: outTradeNo.optional(),
    out_refund_no: z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/),
    reason: atMost(80).optional(),
    notify_url: notifyUrl.optional(),
    amount: z.object({ refund: amountFen, total: amountFen, currency: z.literal('CNY') }),
  })
  .refine(
    (request) => request.transaction_id !== undefined || request.out_trade_no !== undefined,
    'transaction_id or out_trade_no is needed',
  );
export type RefundRequest = z.output<typeof refundRequest>;

/** 发起异常退款. Card number and name are encrypted. */
export const abnormalRefundRequest = z.object({
  out_refund_no: z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/),
  type: z.enum(['USER_BANK_CARD', 'MERCHANT_BANK_CARD']),
  bank_type: z.string().min(1).max(16).optional(),
  bank_account: z.string().min(1).max(1024).optional(),
  real_name: z.string().min(1).max(1024).optional(),
});
export type AbnormalRefundRequest = z.output<typeof abnormalRefundRequest>;

/** 申请交易账单. */
export const tradeBillRequest = z.object({
  bill_date: z.iso.date(),
  bill_type: z.literal('ALL').default('ALL'),
  tar_type: z.literal('GZIP').optional(),
});
export type TradeBillRequest = z.output<typeof tradeBillRequest>;
