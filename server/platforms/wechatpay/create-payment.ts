import { z } from 'zod';
import { beijingDateTime } from '@shared/beijing-time';
import type { PaymentParameters } from '@shared/contract';
import type { Outcome, PaymentOrder } from '../ports';
import type { WechatPayContext } from './context';
import { toRefusedOutcome } from './refused-outcome';
import { signPaymentRequest } from './signatures';
import { CURRENCY } from './trades';
import type { MerchantAccount } from './trades';
import { billableText } from './truncate';

/** JSAPI/小程序下单: at most 127 characters. The page does not say what it counts, so bytes are safe. */
const DESCRIPTION_BYTES = 127;
/** JSAPI/小程序下单, time_expire: at least one minute ahead. */
const MIN_PAYMENT_WINDOW_MS = 60 * 1000;

const prepayAnswer = z.object({ prepay_id: z.string().regex(/^[\x21-\x7e]{1,64}$/) });

const refusalReasons = { ORDERPAID: 'alreadyPaid', ORDER_CLOSED: 'closed' } as const;

/** The same order always has the same body: WeChat Pay refuses a known order number with other content. */
function orderBody(
  order: PaymentOrder,
  { appId, mchId }: MerchantAccount,
  notifyUrl: string,
): object {
  return {
    appid: appId,
    mchid: mchId,
    description: billableText(`流卡流量充值 ${order.packageName}`, DESCRIPTION_BYTES),
    out_trade_no: order.orderNumber,
    time_expire: `${beijingDateTime(order.payBefore).replace(' ', 'T')}+08:00`,
    notify_url: notifyUrl,
    amount: { total: order.amount, currency: CURRENCY },
    payer: { openid: order.openid },
  };
}

/** JSAPI/小程序下单: creates an order, and signs the parameters of its payment sheet. */
export async function createPayment(
  { client, account, merchant, notifyUrl, clock }: WechatPayContext,
  order: PaymentOrder,
): Promise<Outcome<PaymentParameters, 'alreadyPaid' | 'closed' | 'rejected'>> {
  if (order.payBefore - clock() < MIN_PAYMENT_WINDOW_MS) {
    const message = 'WeChat Pay takes no order with less than a minute to pay';
    return { outcome: 'refused', reason: 'closed', message };
  }
  const result = await client.call(
    {
      operation: 'jsapi',
      method: 'POST',
      path: '/v3/pay/transactions/jsapi',
      body: orderBody(order, account, notifyUrl),
    },
    prepayAnswer,
  );
  if (result.outcome === 'unknown') return result;
  if (result.outcome === 'refused') return toRefusedOutcome(result, refusalReasons);
  const prepayId = result.data.prepay_id;
  const request = { appId: account.appId, prepayId, privateKey: merchant.privateKey };
  return { outcome: 'done', value: signPaymentRequest(request, clock()) };
}
