import { fen } from '@shared/money';
import type { PaymentOrder } from '../../ports';
import { APP_ID, MCH_ID, NOW } from './scripted-wechat-pay';
import { orderedStart } from '../../testing/ordered-start';

/** Complete, valid responses of WeChat Pay. All identifiers are made up. */

export const ORDER_NUMBER = 'LK20260301000001';
export const REFUND_NUMBER = 'LR20260301000001';
export const TRANSACTION_ID = '4200001234202603011234567890';
export const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';

export const QUERY = `/v3/pay/transactions/out-trade-no/${ORDER_NUMBER}`;
export const CLOSE = `${QUERY}/close`;
export const BY_TRANSACTION = `/v3/pay/transactions/id/${TRANSACTION_ID}`;
export const JSAPI = '/v3/pay/transactions/jsapi';
export const REFUND = '/v3/refund/domestic/refunds';
export const QUERY_REFUND = `${REFUND}/${REFUND_NUMBER}`;
export const CERTIFICATES = '/v3/certificates';

export const order: PaymentOrder = {
  orderNumber: ORDER_NUMBER,
  cardRef: '8986031234567890123A',
  packageId: 'p1',
  packageName: '2GB 月包',
  ...orderedStart('now'),
  amount: fen(1800),
  openid: OPENID,
  payBefore: NOW + 30 * 60 * 1000,
};

export const refundOrder = {
  orderNumber: ORDER_NUMBER,
  transactionId: TRANSACTION_ID,
  refundNumber: REFUND_NUMBER,
  paid: fen(1800),
  amount: fen(500),
  reason: '充值未成功',
};

export const unpaidTrade = {
  appid: APP_ID,
  mchid: MCH_ID,
  out_trade_no: ORDER_NUMBER,
  trade_type: 'JSAPI',
  trade_state: 'NOTPAY',
  trade_state_desc: '订单未支付',
};

export const paidTrade = {
  ...unpaidTrade,
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  transaction_id: TRANSACTION_ID,
  bank_type: 'OTHERS',
  success_time: '2026-03-01T08:00:00+08:00',
  payer: { openid: OPENID },
  amount: { total: 1800, payer_total: 1700, currency: 'CNY', payer_currency: 'CNY' },
};

export const payment = {
  amount: 1800,
  transactionId: TRANSACTION_ID,
  openid: OPENID,
  paidAt: Date.UTC(2026, 2, 1),
};

export const refund = {
  refund_id: '50000000382019052709732678859',
  out_refund_no: REFUND_NUMBER,
  transaction_id: TRANSACTION_ID,
  out_trade_no: ORDER_NUMBER,
  channel: 'ORIGINAL',
  user_received_account: '支付用户零钱',
  create_time: '2026-03-01T09:00:00+08:00',
  status: 'PROCESSING',
  amount: { total: 1800, refund: 500, payer_total: 1700, payer_refund: 480, currency: 'CNY' },
};

export const refundNotification = {
  mchid: MCH_ID,
  out_trade_no: ORDER_NUMBER,
  transaction_id: TRANSACTION_ID,
  out_refund_no: REFUND_NUMBER,
  refund_id: refund.refund_id,
  refund_status: 'SUCCESS',
  success_time: '2026-03-01T09:00:05+08:00',
  user_received_account: '支付用户零钱',
  amount: { total: 1800, refund: 500, payer_total: 1700, payer_refund: 480 },
};
