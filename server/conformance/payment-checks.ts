import { beijingDate } from '@shared/beijing-time';
import type { Fen } from '@shared/money';
import type {
  BillEntry,
  PaymentGateway,
  PaymentOrder,
  RawNotification,
  RefundOrder,
} from '../platforms/ports';
import type { Check, CheckRecorder } from './check';

/** What is known about a payment channel before the checks. */
export interface PaymentFacts {
  /** Epoch milliseconds. */
  clock: () => number;
  /** An order number and refund number that was never used. */
  unusedNumber: string;
  /** The number of an order paid through the channel; undefined if none is known. */
  paidNumber: string | undefined;
  /** An order to create and close without payment; undefined to create none. */
  order: PaymentOrder | undefined;
  /** A refund that may really be made; undefined to make none. */
  refund: RefundOrder | undefined;
  /** Waits for a time in milliseconds. */
  wait(milliseconds: number): Promise<void>;
}

export type PaymentCheck = Check<PaymentGateway, PaymentFacts>;

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_CLOCK_AHEAD_MS = 5 * 60 * 1000;

function isPositiveAmount(amount: Fen): boolean {
  return Number.isSafeInteger(amount) && amount > 0;
}

const unknownPaymentIsAbsent: PaymentCheck = {
  name: { 'zh-CN': '没有的订单号：不存在', en: 'An unused order number is absent' },
  method: 'queryPayment',
  writes: false,
  async run(payments, { unusedNumber }, recorder) {
    const { state } = await payments.queryPayment(unusedNumber);
    recorder.expect('state: absent', state === 'absent');
  },
};

const unknownRefundIsAbsent: PaymentCheck = {
  name: { 'zh-CN': '没有的退款号：不存在', en: 'An unused refund number is absent' },
  method: 'queryRefund',
  writes: false,
  async run(payments, { unusedNumber }, recorder) {
    recorder.expect('state: absent', (await payments.queryRefund(unusedNumber)) === 'absent');
  },
};

const givenPaymentIsKnown: PaymentCheck = {
  name: { 'zh-CN': '给定订单的支付情况', en: 'The payment of the given order' },
  method: 'queryPayment',
  writes: false,
  skipReason: (_payments, { paidNumber }) =>
    paidNumber === undefined ? 'no order number was given' : undefined,
  async run(payments, { paidNumber = '', clock }, recorder) {
    const found = await payments.queryPayment(paidNumber);
    if (found.state !== 'paid' && found.state !== 'refunded') {
      recorder.recordMissing(`a payment (the state is ${found.state})`);
      return;
    }
    const { transactionId, amount, openid, paidAt } = found;
    recorder.expect('amount: one fen or more', isPositiveAmount(amount));
    recorder.expect('transactionId: not empty', transactionId !== '');
    recorder.recordOptional('openid', openid);
    recorder.expect('paidAt: not in the future', paidAt <= clock() + MAX_CLOCK_AHEAD_MS);
    if (!payments.queryTransaction) return;
    const same = await payments.queryTransaction(transactionId);
    recorder.expect('queryTransaction: the same order', same?.orderNumber === paidNumber);
    recorder.expect('queryTransaction: the same amount', same?.amount === amount);
  },
};

function checkEntry(
  { kind, amount, refundNumber, ...entry }: BillEntry,
  recorder: CheckRecorder,
): void {
  recorder.expect('entries[].amount: one fen or more', isPositiveAmount(amount));
  recorder.expect('entries[].orderNumber: not empty', entry.orderNumber !== '');
  recorder.expect('entries[].transactionId: not empty', entry.transactionId !== '');
  recorder.expect(
    'entries[].refundNumber: only on refunds',
    (kind === 'refund') === (refundNumber !== null),
  );
}

const billIsAvailable: PaymentCheck = {
  name: { 'zh-CN': '前天和昨天的账单', en: 'The bills of the last two days' },
  method: 'downloadBill',
  writes: false,
  async run(payments, { clock }, recorder) {
    for (const days of [2, 1]) {
      const bill = await payments.downloadBill(beijingDate(clock() - days * DAY_MS));
      // Yesterday's bill is not ready before ten in the morning.
      recorder.recordOptional(
        days === 1 ? 'the bill of yesterday' : 'the bill of the day before',
        bill,
      );
      for (const entry of bill ?? []) checkEntry(entry, recorder);
    }
  },
};

/** Notifications anybody could send, without a valid signature of the channel. */
function forgedNotifications(clock: () => number, orderNumber: string): RawNotification[] {
  const notification = {
    id: 'forged',
    event_type: 'TRANSACTION.SUCCESS',
    resource_type: 'encrypt-resource',
  };
  const unsignedNotification = { event: 'paid', outTradeNo: orderNumber };
  const headers = {
    'wechatpay-serial': '7132D72A03E93CDDF8C03BBD1F37EEDF0123ABCD',
    'wechatpay-nonce': 'forged-by-the-conformance-suite0',
    'wechatpay-timestamp': String(Math.floor(clock() / 1000)),
    'wechatpay-signature': Buffer.alloc(256, 7).toString('base64'),
  };
  const bodies = [
    '',
    '{',
    '{}',
    '[]',
    JSON.stringify(notification),
    JSON.stringify(unsignedNotification),
  ];
  return bodies.flatMap((text) => [
    { headers: {}, body: Buffer.from(text) },
    { headers, body: Buffer.from(text) },
  ]);
}

const forgeryIsNotTrusted: PaymentCheck = {
  name: { 'zh-CN': '伪造的通知不作数', en: 'A forged notification proves nothing' },
  method: 'readNotification',
  writes: false,
  async run(payments, { clock, unusedNumber }, recorder) {
    for (const forged of forgedNotifications(clock, unusedNumber)) {
      const reading = await payments.readNotification(forged);
      const isProof = reading.outcome === 'taken' && reading.notification.signed;
      recorder.expect('no forged notification counts as signed', !isProof);
      if (forged.body.length < 3) {
        recorder.expect('a malformed notification is refused', reading.outcome === 'refused');
      }
    }
  },
};

export const paymentChecks: readonly PaymentCheck[] = [
  unknownPaymentIsAbsent,
  unknownRefundIsAbsent,
  givenPaymentIsKnown,
  billIsAvailable,
  forgeryIsNotTrusted,
];
