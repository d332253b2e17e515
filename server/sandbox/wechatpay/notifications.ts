import { payNotificationId } from '../ids';
import { queueNotification, type NotificationFormat, type Tampering } from '../notifications';
import type { OutboundRequest } from '../outbound-http';
import type { Notification, Trade, TradeRefund, Transaction } from '../state';
import type { Simulator } from '../simulator';
import { encrypt } from './encryption';
import { platformKey, signatureHeaders, type SignatureClock } from './signature';
import { formatPayTime } from './time';
import { receivingAccount } from './refunds';
import { describeTransaction } from './trades';

/** Notifications of WeChat Pay's API v3 (支付成功回调通知, 退款结果回调通知). */

const STALE_AGE_MS = 10 * 60_000;

/**
 * The prefix of the signature of a probe, with which WeChat tests merchants' verification (微信支付, 验签, 签名探测流量).
 */
const PROBE_PREFIX = 'WECHATPAY/SIGNTEST/';

const notificationTypes = {
  paid: { type: 'TRANSACTION.SUCCESS', original: 'transaction', summary: '支付成功' },
  refunded: { type: 'REFUND.SUCCESS', original: 'refund', summary: '退款成功' },
  refundAbnormal: { type: 'REFUND.ABNORMAL', original: 'refund', summary: '退款异常' },
  refundClosed: { type: 'REFUND.CLOSED', original: 'refund', summary: '退款关闭' },
} as const;

type PayEvent = keyof typeof notificationTypes;

const isPayEvent = (event: string): event is PayEvent => Object.hasOwn(notificationTypes, event);

function bodyOf(simulator: Simulator, notification: Notification, content: string): string {
  const kind = notificationTypes[isPayEvent(notification.event) ? notification.event : 'paid'];
  return JSON.stringify({
    id: notification.id,
    create_time: formatPayTime(notification.createdAt),
    resource_type: 'encrypt-resource',
    event_type: kind.type,
    summary: kind.summary,
    resource: {
      original_type: kind.original,
      ...encrypt(simulator.credentials.apiV3Key, kind.original, content),
    },
  });
}

/** The same content with the amount of one fen. */
function forgedContent(content: string): string {
  return content.replace(/"(total|payer_total|refund|payer_refund)":\d+/g, '"$1":1');
}

/** Encrypts and signs an attempt now, with its deliberate fault if it has one. */
function encryptAndSign(
  simulator: Simulator,
  clock: SignatureClock,
  notification: Notification,
  tampering: Tampering,
): OutboundRequest {
  const content = notification.content ?? '{}';
  const body = bodyOf(
    simulator,
    notification,
    tampering === 'forgery' ? forgedContent(content) : content,
  );
  const stale = simulator.state.faults.staleNotifications && tampering === null;
  const at = clock.now() - (stale ? STALE_AGE_MS : 0);
  const { serial, key } = platformKey(simulator);
  const signer = { serial, key: tampering === 'forgery' ? simulator.payKeys().merchantKey : key };
  const headers = signatureHeaders(signer, body, at);
  if (tampering === 'probe') {
    headers['Wechatpay-Signature'] = `${PROBE_PREFIX}${headers['Wechatpay-Signature'] ?? ''}`;
  }
  return { headers, body };
}

/** WeChat Pay's notifications; the HTTP status alone acknowledges them. */
export function payNotificationFormat(
  simulator: Simulator,
  clock: SignatureClock,
): NotificationFormat {
  return {
    toRequest: (notification, tampering) =>
      encryptAndSign(simulator, clock, notification, tampering),
    isAcknowledgement: ({ status }) => status === 200 || status === 204,
  };
}

/** Notifies the merchant of a payment. */
export function notifyPayment(
  simulator: Simulator,
  trade: Trade,
  transaction: Transaction,
  at: number,
): void {
  queueNotification(simulator, at, {
    id: payNotificationId(),
    channel: 'wechatpay',
    event: 'paid',
    outTradeNo: trade.outTradeNo,
    orderNo: '',
    content: JSON.stringify(describeTransaction(simulator, trade, transaction, 'SUCCESS')),
    url: trade.notifyUrl,
  });
}

const refundEvents = {
  // Not notified: it is only the start.
  PROCESSING: 'refunded',
  SUCCESS: 'refunded',
  ABNORMAL: 'refundAbnormal',
  CLOSED: 'refundClosed',
} as const satisfies Record<TradeRefund['status'], PayEvent>;

/** Notifies the merchant of the result of a refund, if the request had a notify URL. */
export function notifyRefund(simulator: Simulator, refund: TradeRefund, at: number): void {
  if (refund.notifyUrl === null) return;
  const total = simulator.transactions.find(refund.transactionId)?.amountFen ?? 0;
  const arrived = refund.status === 'SUCCESS';
  queueNotification(simulator, at, {
    id: payNotificationId(),
    channel: 'wechatpay',
    event: refundEvents[refund.status],
    outTradeNo: refund.outTradeNo,
    orderNo: '',
    content: JSON.stringify({
      mchid: simulator.credentials.mchId,
      out_trade_no: refund.outTradeNo,
      transaction_id: refund.transactionId,
      out_refund_no: refund.outRefundNo,
      refund_id: refund.refundId,
      refund_status: refund.status,
      ...(arrived && { success_time: formatPayTime(at) }),
      user_received_account: receivingAccount(refund),
      amount: {
        total,
        refund: refund.amountFen,
        payer_total: total,
        payer_refund: refund.amountFen,
      },
    }),
    url: refund.notifyUrl,
  });
}
